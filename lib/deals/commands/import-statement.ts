import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { Credit } from "@/lib/ledger/bank/movement";
import { onlyPaymentReference } from "@/lib/ledger/bank/reference";
import { recordLeftOver } from "@/lib/ledger/commands/left-over-lines";
import { beginImport, endImport } from "@/lib/ledger/commands/statements";
import { db } from "@/lib/platform/db";
import type { ImportStatementInput } from "../schemas";
import { type LineOutcome, receiveLine } from "./receive-transfer";

/**
 * Records every booked credit of a statement that the actor looked through, and confirms what pays a deal exactly, as if
 * they had confirmed each by hand: the same second person above the limit. The same file again, or one that overlaps,
 * changes nothing but that a second administrator has seen it too. An import that was interrupted is simply confirmed
 * again.
 */
export async function importStatement(
  actor: Actor,
  { draftId, layout }: ImportStatementInput,
): Promise<{ message: string }> {
  const { statementId, statement } = await beginImport(actor, draftId, layout);
  const { forDeals, leftOver } = await byDeal(statement.credits);
  const recorded = await recordLeftOver(statementId, leftOver, actor.accountId);
  const outcomes: LineOutcome[] = [];
  for (const credit of [...forDeals, ...recorded.waiting])
    outcomes.push(await receiveLine(actor, statementId, credit));
  const count = (kind: LineOutcome["kind"]) => outcomes.filter((one) => one.kind === kind).length;
  const [waits, known] = [count("waits") + recorded.recordedWaiting, count("known") + recorded.known];
  const own = count("own");
  const message = [
    `${count("held")} confirmed, ${waits} wait for a second administrator, ${known} were known before.`,
    `${count("unmatched") + recorded.received} pay no deal and are under “Received, not matched”.`,
    ...(own > 0 ? [`${own} are for deals of your own: somebody else must confirm them.`] : []),
    `${statement.passed.length} other lines were passed over.`,
  ].join(" ");
  await endImport(draftId, message);
  return { message };
}

/** Lines that name a deal are confirmed one by one under its lock; there are many others, and nothing to decide. */
async function byDeal(credits: readonly Credit[]): Promise<{ forDeals: Credit[]; leftOver: Credit[] }> {
  const references = credits.map(({ text }) => onlyPaymentReference(text));
  const deals = await db.deal.findMany({
    where: { paymentReference: { in: references.filter((one) => one !== null) } },
    select: { paymentReference: true },
  });
  const known = new Set<string | null>(deals.map(({ paymentReference }) => paymentReference));
  const isForDeal = (at: number) => known.has(references[at] ?? null);
  return {
    forDeals: credits.filter((_, at) => isForDeal(at)),
    leftOver: credits.filter((_, at) => !isForDeal(at)),
  };
}
