import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { beginImport, endImport } from "@/lib/ledger/commands/statements";
import type { ImportStatementInput } from "../schemas";
import { type LineOutcome, receiveLine } from "./receive-transfer";

/**
 * Records every booked credit of a statement that the actor looked through, and confirms what pays a deal exactly, as if
 * they had confirmed each by hand: the same second person above the limit. The same file again, or one that overlaps,
 * changes nothing but that a second administrator has seen it too. Each line is a step of its own: an import that was
 * interrupted is simply confirmed again.
 */
export async function importStatement(
  actor: Actor,
  { draftId, layout }: ImportStatementInput,
): Promise<{ message: string }> {
  const { statementId, statement } = await beginImport(actor, draftId, layout);
  const outcomes: LineOutcome[] = [];
  for (const credit of statement.credits) outcomes.push(await receiveLine(actor, statementId, credit));
  await endImport(draftId);
  const count = (kind: LineOutcome["kind"]) => outcomes.filter((one) => one.kind === kind).length;
  const own = count("own");
  return {
    message: [
      `${count("held")} confirmed, ${count("waits")} wait for a second administrator, ${count("known")} were known before.`,
      `${count("unmatched")} pay no deal and are under “Received, not matched”.`,
      own > 0 ? `${own} are for deals of your own: somebody else must confirm them.` : "",
      `${statement.passed.length} other lines were passed over.`,
    ]
      .filter(Boolean)
      .join(" "),
  };
}
