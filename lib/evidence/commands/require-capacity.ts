import "server-only";
import { holdEvaluator } from "@/lib/accounts/records/signers";
import { listSoldFiles } from "@/lib/catalogue/queries/sold-files";
import type { Tx } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { kindOf, speakerOf } from "@/lib/statements/kinds";
import { capacityFault, subjectsOf } from "@/lib/statements/register";
import { speakerMessages } from "@/lib/statements/speaker-fault";
import type { Statement } from "@/lib/statements/statement";
import { statementOf } from "../logged-entry";
import { listStatedOffers, offerKey } from "../records/stated-roles";
import { stateRole } from "./state-role";

/**
 * Refuses a statement by somebody who is not what it says of them, for any of its subjects, and states in the log what
 * they are before what they say: the same rule as `Register`, decided by the database. What takes something back is
 * judged where that is looked up.
 *
 * Throws the code of a `SpeakerFault`, and `answered_unknown` where what it answers is not kept here.
 */
export async function requireCapacity(
  tx: Tx,
  { statement, keyId }: { statement: Statement; keyId: string },
  record: Parameters<typeof stateRole>[3],
): Promise<void> {
  const capacity = kindOf(statement.predicateType)?.capacityOf(statement) ?? null;
  const speaker = speakerOf(statement);
  if (capacity === null || capacity.as === "withdrawer" || speaker?.by !== "account") return;
  const other = await findNamed(tx, capacity.named, "What is answered is not kept here.");
  const replaced = await findReplaced(tx, capacity.replaces);
  const { accountId } = speaker;
  const subjects = capacity.as === "contributor" ? [] : subjectsOf(statement, capacity, other?.statement);
  const stated = await listStatedOffers(
    tx,
    subjects.map((sells) => ({ accountId, sells })),
  );
  const isStated = (role: "seller" | "drafter", sells: string) =>
    stated.has(offerKey({ accountId, sells }, role));
  const unstated = subjects.filter((subject) => !isStated("seller", subject));
  const sold = await listSoldFiles(tx, accountId, unstated);
  const isEvaluator = capacity.as === "evaluator" && (await holdEvaluator(tx, accountId));
  const fault = capacityFault(
    { statement, keyId },
    { capacity, speaker, other, replaced },
    (_, role, subject) =>
      role === "evaluator" || subject === null
        ? isEvaluator
        : isStated(role, subject) || (role === "seller" && sold.has(subject)),
  );
  if (fault !== null) throw new DomainError(fault, speakerMessages[fault]);
  if (isEvaluator) await stateRole(tx, { accountId, role: "evaluator", sells: null }, true, record);
  if (capacity.as === "seller" || capacity.as === "drafter")
    for (const sells of sold) await stateRole(tx, { accountId, role: "seller", sells }, true, record);
}

type Kept = { statement: Statement; keyId: string };

async function findNamed(tx: Tx, sha256: string | undefined, message: string): Promise<Kept | undefined> {
  if (sha256 === undefined) return undefined;
  const row = await tx.envelope.findUnique({ where: { sha256 }, select: { body: true, keyId: true } });
  const statement = row && statementOf(row.body)?.statement;
  refuseUnless(statement, "answered_unknown", message);
  return { statement, keyId: row.keyId };
}

/** What was erased by law is nobody's any more, and does not keep its seller from stating it anew. */
async function findReplaced(tx: Tx, sha256: string | undefined): Promise<Kept | undefined> {
  const erased = sha256 === undefined ? null : await tx.erasedEnvelope.findUnique({ where: { sha256 } });
  return erased ? undefined : findNamed(tx, sha256, "What is replaced is not kept here.");
}
