import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { DomainError } from "@/lib/shared/domain-error";
import { Prisma } from "@/prisma/generated/client";
import { db } from "./db";
import { type AskedFor, type RequestInHand, type SentFields, SentBeforeError, withRequest } from "./request";

/** How long the second send of a form waits for the answer of the first, before it is told only that it was done. */
const ANSWER_WITHIN_MS = 3000;
const ASK_EVERY_MS = 50;
const KEPT_HOURS = 24;

type Refused = { code: DomainError["code"]; message: string; fields: Record<string, string> };
type Outcome = { value: unknown } | { refused: Refused };

/**
 * Does what was asked for once for each account and key. Sent again, also at the same moment, it does nothing and answers
 * what was answered first; `doneBefore` where the process died between the commit and the answer. A refusal that undid
 * everything leaves no receipt, so the same key may be sent again, corrected. Throws `request_reused` for a key that
 * stands with another command or other fields, naming them, and what `work` throws.
 */
export async function once<T>(asked: AskedFor, work: () => Promise<T>, doneBefore: T): Promise<T> {
  const earlier = asked.isStreamed ? null : await findAnswer(asked, doneBefore);
  if (earlier) return earlier.value;
  const request: RequestInHand = { ...asked, receipt: "none", mails: 0 };
  try {
    const value = await withRequest(request, work);
    await noteOutcome(request, { value: value ?? null });
    return value;
  } catch (error) {
    const isRefusal = error instanceof DomainError;
    if (request.receipt === "taken") {
      if (isRefusal) await noteOutcome(request, { refused: refusalOf(error) });
      throw error;
    }
    if (!isRefusal && !(error instanceof SentBeforeError)) throw error;
    // What it carried is not known, so neither is whether it is what was taken before.
    if (isRefusal && request.isStreamed && !request.fields.content)
      throw (await findReceipt(request)) ? sentBefore() : error;
    // What the first send did may be why this one was refused.
    const first = await findAnswer(request, doneBefore);
    if (first) return first.value;
    throw error;
  }
}

/** Deletes receipts older than 24 hours, except where money moved, and counts of mails of past days. */
export async function forgetReceipts(): Promise<void> {
  await db.$executeRaw`
    DELETE FROM "CommandReceipt"
    WHERE NOT "isMoney" AND at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})`;
  await db.$executeRaw`DELETE FROM "CausedMails" WHERE hour < clock_timestamp() - interval '2 days'`;
}

async function findAnswer<T>(asked: AskedFor, doneBefore: T): Promise<{ value: T } | null> {
  if (asked.key === null) return null;
  const giveUpAt = performance.now() + ANSWER_WITHIN_MS;
  for (;;) {
    const receipt = await findReceipt(asked);
    if (!receipt) return null;
    refuseOther(receipt, asked);
    const outcome = receipt.outcome as Outcome | null;
    if (outcome && "refused" in outcome) {
      const { code, message, fields } = outcome.refused;
      throw new DomainError(code, message, fields);
    }
    if (outcome) return { value: outcome.value as T };
    if (performance.now() >= giveUpAt) return { value: doneBefore };
    await pause(ASK_EVERY_MS);
  }
}

async function findReceipt({ accountId, key }: AskedFor) {
  return key === null ? null : db.commandReceipt.findUnique({ where: { accountId_key: { accountId, key } } });
}

export function sentBefore(): DomainError {
  return new DomainError(
    "sent_before",
    "This was taken before, when it was sent the first time. Reload the page.",
  );
}

async function noteOutcome({ accountId, key, receipt }: RequestInHand, outcome: Outcome): Promise<void> {
  if (key === null || receipt !== "taken") return;
  await db.commandReceipt.updateMany({
    where: { accountId, key, outcome: { equals: Prisma.DbNull } },
    data: { outcome: outcome as Prisma.InputJsonObject },
  });
}

function refusalOf({ code, message, fields }: DomainError): Refused {
  return { code, message, fields };
}

function refuseOther(receipt: { command: string; fields: Prisma.JsonValue }, asked: AskedFor): void {
  if (receipt.command !== asked.command) {
    throw new DomainError(
      "request_reused",
      "The key of this request was used before, for something else. That stands, and nothing was changed now.",
    );
  }
  const kept = receipt.fields as SentFields;
  const names = [...new Set([...Object.keys(kept), ...Object.keys(asked.fields)])];
  const differing = names.filter((name) => kept[name]?.digest !== asked.fields[name]?.digest);
  if (differing.length === 0) return;
  throw new DomainError(
    "request_reused",
    `This was sent before, and differs now in ${differing.join(", ")}. What was sent first stands, and nothing was changed now. Send it again to do it as well.`,
    Object.fromEntries(differing.map((name) => [name, differenceOf(kept, asked.fields, name)])),
  );
}

function differenceOf(kept: SentFields, sent: SentFields, name: string): string {
  const first = shownOf(kept, name);
  const now = shownOf(sent, name);
  if (first === null || now === null) return "This differs from what was sent first.";
  return `Sent first: ${first}. Sent now: ${now}.`;
}

/** Null where it is not told. */
function shownOf(fields: SentFields, name: string): string | null {
  const field = fields[name];
  if (!field) return "nothing";
  return field.shown === null ? null : `“${field.shown}”`;
}
