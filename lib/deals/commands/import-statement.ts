import "server-only";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { type StatementCredit, readBankStatement } from "@/lib/ledger/bank-statement";
import { db } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { DomainError } from "@/lib/shared/domain-error";
import { decimalString, fractionDigits } from "@/lib/shared/money";
import type { ImportStatementInput } from "../schemas";
import { confirmTransfer } from "./fund-deal";

type Outcome = "confirmed" | "second" | "known" | { line: number; refusal: string };

/**
 * Confirms every transfer of a bank's CSV statement that names a deal's reference, as if the administrator had confirmed
 * each by hand: the same amount exactly, the same second person above the limit. The same file again changes nothing.
 * Answers what became of the lines, and names those that were not taken.
 */
export async function importStatement(
  actor: Actor,
  { file }: ImportStatementInput,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  const { currency } = await readInstallation();
  const { credits, withoutReference, outgoing } = readBankStatement(await file.text(), currency);
  const outcomes: Outcome[] = [];
  for (const [at, credit] of credits.entries()) {
    const isSecond = credits.findIndex(({ reference }) => reference === credit.reference) < at;
    const refusal = `${credit.reference} was paid more than once here. Send one transfer back.`;
    outcomes.push(isSecond ? { line: credit.line, refusal } : await confirmCredit(actor, credit, currency));
  }
  const count = (kind: Outcome) => outcomes.filter((one) => one === kind).length;
  const refused = outcomes.flatMap((one) => (typeof one === "string" ? [] : [one]));
  return {
    message: [
      `${count("confirmed")} confirmed, ${count("second")} wait for a second administrator, ${count("known")} were confirmed before.`,
      ...refused.map(({ line, refusal }) => `Line ${line} was not taken: ${refusal}`),
      `${withoutReference} with another text and ${outgoing} outgoing were passed over.`,
    ].join(" "),
  };
}

async function confirmCredit(
  actor: Actor,
  { line, reference, amountMinor }: StatementCredit,
  currency: string,
): Promise<Outcome> {
  if (amountMinor === null) return { line, refusal: "its amount cannot be read in this currency." };
  const deal = await db.deal.findUnique({ where: { paymentReference: reference } });
  if (!deal) return { line, refusal: `no deal has the reference ${reference}.` };
  const isWaiting = deal.fulfilment === "UNFUNDED" || deal.fulfilment === "LAPSED";
  if (!isWaiting && deal.priceMinor === amountMinor) return "known";
  try {
    const amount = decimalString(amountMinor, fractionDigits(currency));
    const { isHeld } = await confirmTransfer(actor, { reference, amount });
    return isHeld ? "confirmed" : "second";
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code === "already_confirmed" ? "second" : { line, refusal: error.message };
  }
}
