import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { canonicalJson } from "@/lib/shared/jcs";
import type { RevocationPredicate } from "@/lib/statements/kinds/revocation";
import { signAsPlatform } from "./platform-key";
import { lockEvaluation } from "../records/evaluations";
import { type Statement, statementBytes } from "@/lib/statements/statement";
import { type WithdrawalFacts, withdrawalStatement } from "@/lib/statements/withdrawal-statement";
import { applyWithdrawal } from "./apply-withdrawal";
import { type RecordedEnvelope, recordEnvelope } from "./record-envelope";
import { NO_SESSION } from "./sign-evaluation";

/**
 * Whoever signed an evaluation no longer stands by it. It stays to be seen, with the reason beside it, and its listing
 * is judged without it. Signed with the envelope their device's key made, else the platform signs that they said so in
 * this session.
 *
 * Throws `not_found` for everybody else, the listing's seller among them, and for what is not public;
 * `withdrawn_already` the second time, `signed_something_else`, and what `recordEnvelope` throws.
 */
export async function withdrawEvaluation(
  actor: Actor,
  { evaluationId, reason, envelope }: { evaluationId: string; reason: string; envelope?: string },
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const row = await lockEvaluation(tx, evaluationId);
    const { envelopeSha256: withdraws } = row;
    if (row.evaluatorId !== actor.accountId || row.listingId === null || withdraws === null)
      throw notFoundError("evaluation");
    const earlier = await tx.evaluationWithdrawal.findUnique({ where: { evaluationId } });
    refuseUnless(!earlier, "withdrawn_already", "You have withdrawn this already; a withdrawal stands.");
    const { subjects } = await tx.envelope.findUniqueOrThrow({ where: { sha256: withdraws } });
    const at = (await currentTime(tx)).toISOString();
    const facts = { accountId: actor.accountId, withdraws, subjects, reason, at };
    const recorded = envelope
      ? await recordOwnWithdrawal(tx, actor, facts, envelope)
      : await recordAgreement(tx, actor, facts);
    await applyWithdrawal(tx, recorded);
  });
  return { message: "Withdrawn. It stays to be seen, with your reason, and no longer counts." };
}

async function recordOwnWithdrawal(
  tx: Tx,
  actor: Actor,
  facts: WithdrawalFacts,
  envelope: string,
): Promise<RecordedEnvelope> {
  const recorded = await recordEnvelope(tx, envelope);
  const at = saidAtOf(recorded.statement);
  refuseUnless(
    at !== null &&
      recorded.signerId === actor.accountId &&
      canonicalJson(recorded.statement) === canonicalJson(withdrawalStatement({ ...facts, at })),
    "signed_something_else",
    "The signature is about something else than what you wrote. Reload the page and send it again.",
  );
  return recorded;
}

async function recordAgreement(tx: Tx, actor: Actor, facts: WithdrawalFacts): Promise<RecordedEnvelope> {
  const session = actor.sessionId ?? NO_SESSION;
  const statement = withdrawalStatement(facts, { method: "session", session });
  return recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
}

function saidAtOf(statement: Statement): string | null {
  const { at } = statement.predicate as Partial<RevocationPredicate>;
  return typeof at === "string" ? at : null;
}
