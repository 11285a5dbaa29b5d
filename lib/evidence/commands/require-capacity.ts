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
import { listStatedSellers, sellerKey } from "../records/stated-roles";
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
  const other = capacity.named === undefined ? undefined : await findNamed(tx, capacity.named);
  refuseUnless(
    capacity.named === undefined || other,
    "answered_unknown",
    "What is answered is not kept here.",
  );
  const { accountId } = speaker;
  const subjects = capacity.as === "contributor" ? [] : subjectsOf(statement, capacity, other?.statement);
  const stated = await listStatedSellers(
    tx,
    subjects.map((sells) => ({ accountId, sells })),
  );
  const isStated = (sells: string) => stated.has(sellerKey({ accountId, sells }));
  const sold = await listSoldFiles(
    tx,
    accountId,
    subjects.filter((subject) => !isStated(subject)),
  );
  const isEvaluator = capacity.as === "evaluator" && (await holdEvaluator(tx, accountId));
  const fault = capacityFault(
    { statement, keyId },
    { capacity, speaker, other },
    { sells: (_, subject) => isStated(subject) || sold.has(subject), isEvaluator: () => isEvaluator },
  );
  if (fault !== null) throw new DomainError(fault, speakerMessages[fault]);
  if (isEvaluator) await stateRole(tx, { accountId, role: "evaluator", sells: null }, true, record);
  if (capacity.as === "seller")
    for (const sells of sold) await stateRole(tx, { accountId, role: "seller", sells }, true, record);
}

async function findNamed(
  tx: Tx,
  sha256: string,
): Promise<{ statement: Statement; keyId: string } | undefined> {
  const row = await tx.envelope.findUnique({ where: { sha256 }, select: { body: true, keyId: true } });
  const statement = row && statementOf(row.body)?.statement;
  return statement ? { statement, keyId: row.keyId } : undefined;
}
