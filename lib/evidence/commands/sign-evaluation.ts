import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { getListing } from "@/lib/catalogue/queries/listings";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import {
  type BroughtEvaluation,
  type EvaluationSubject,
  type StatedSubject,
  broughtOf,
  broughtStatement,
} from "../evaluation-to-sign";
import { canonicalJson } from "@/lib/shared/jcs";
import { withdrawnEnvelopeOf } from "@/lib/statements/kinds";
import { revocationKind } from "@/lib/statements/kinds/revocation";
import { statementOf } from "../logged-entry";
import { measuredText } from "@/lib/measurement/measured-text";
import { relationOf } from "../independence";
import { findModelTies } from "../queries/model-ties";
import { signAsPlatform } from "./platform-key";
import { type EvaluationRecord, lockEvaluation } from "../records/evaluations";
import { statementBytes } from "@/lib/statements/statement";
import { recordEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";
import { stateRole } from "./state-role";

/** Who has no browser session: seeds and tests. The envelope says so instead of naming one. */
export const NO_SESSION = "none";

/**
 * Its maker signs an evaluation: with the envelope their device's key made, which must hold exactly the statement that
 * follows from what is kept; without one the platform signs that the account agreed in this session, the weaker form.
 * An evaluation of a listing counts from now on; one of a draft does once the draft is published. `findSubject` says
 * what it is about.
 *
 * Signing again what is published changes nothing; a draft whose files have changed is signed anew. Throws `not_found`
 * for everybody else, `withdrawn_already`, `sign_later`, `signed_something_else`, and what `recordEnvelope` throws.
 */
export async function signEvaluationAbout(
  findSubject: (tx: Tx, row: EvaluationRecord) => Promise<EvaluationSubject>,
  actor: Actor,
  { evaluationId, envelope }: { evaluationId: string; envelope?: string },
): Promise<{ message: string }> {
  const message = await inTransaction(async (tx) => {
    await requireVerified(actor, tx);
    const row = await lockEvaluation(tx, evaluationId);
    if (row.evaluatorId !== actor.accountId) throw notFoundError("evaluation");
    if (row.envelopeSha256 !== null && row.listingId !== null) return "This is signed already.";
    const withdrawal = await tx.evaluationWithdrawal.findUnique({ where: { evaluationId } });
    refuseUnless(
      !withdrawal,
      "withdrawn_already",
      "You have withdrawn this. Add the file anew to sign it again.",
    );
    const subject = await findSubject(tx, row);
    refuseUnless(subject.state === "ready", "sign_later", subject.state === "not_yet" ? subject.reason : "");
    const { binding } = row;
    refuseUnless(
      binding.kind !== "reran_here" || subject.fileDigests.has(binding.file),
      "other_files",
      "The answers were re-run with a file that is no longer among these. Remove this and add the file of rows anew.",
    );
    if (row.role === "third_party" && row.listingId !== null)
      await requireStillIndependent(tx, row, row.listingId);
    const brought = broughtOf(row);
    if (row.role === "seller") {
      // A draft makes nobody a seller: it may hold files that somebody else sells.
      const role = row.listingId === null ? "drafter" : "seller";
      const own = { accountId: actor.accountId, role, sells: subject.sha256 } as const;
      await stateRole(tx, own, true, recordEnvelope);
    }
    const envelopeSha256 = envelope
      ? await recordOwnSignature(tx, actor, brought, subject, envelope)
      : await recordAgreement(tx, actor, brought, subject);
    await tx.evaluation.update({
      where: { id: evaluationId },
      data: { envelopeSha256, ...(row.listingId === null ? { modelDigest: subject.modelDigest } : {}) },
    });
    if (row.listingId !== null) await publishSigned(tx, row, row.listingId);
    return envelope
      ? "Signed with this device’s key."
      : "Recorded: Offcut signs that you agreed while signed in, because no key signed here.";
  });
  return { message };
}

/** Whoever was linked to the model after the rows were counted would sign something untrue. */
async function requireStillIndependent(tx: Tx, row: EvaluationRecord, listingId: string): Promise<void> {
  const { evaluatorId, relation, role } = row;
  const ties = await findModelTies(
    tx,
    await getListing(listingId, tx),
    evaluatorId === null ? [] : [evaluatorId],
  );
  refuseUnless(
    relationOf(role, evaluatorId, ties) === relation,
    "not_independent",
    "You now sell this listing or share in one of its seller’s, so this run is not an independent one.",
  );
}

async function recordOwnSignature(
  tx: Tx,
  actor: Actor,
  brought: BroughtEvaluation,
  subject: StatedSubject,
  envelope: string,
): Promise<string> {
  const recorded = await recordEnvelope(tx, envelope);
  const asked = broughtStatement(brought, subject);
  refuseUnless(
    recorded.signerId === actor.accountId && canonicalJson(recorded.statement) === canonicalJson(asked),
    "signed_something_else",
    "The signature is about something else than what is shown. Reload the page and sign again.",
  );
  await refuseTakenBack(tx, recorded.sha256);
  return recorded.sha256;
}

/** An envelope that was handed in and taken back before it came here would stand for what its signer left. */
async function refuseTakenBack(tx: Tx, sha256: string): Promise<void> {
  const naming = await tx.envelope.findMany({
    where: { predicateType: revocationKind.predicateType, subjects: { has: sha256 } },
  });
  const isTakenBack = naming.some(({ body }) => {
    const statement = statementOf(body)?.statement;
    return statement !== undefined && withdrawnEnvelopeOf(statement) === sha256;
  });
  refuseUnless(!isTakenBack, "withdrawn_already", "You have taken this signature back. Sign anew.");
}

async function recordAgreement(
  tx: Tx,
  actor: Actor,
  brought: BroughtEvaluation,
  subject: StatedSubject,
): Promise<string> {
  const session = actor.sessionId ?? NO_SESSION;
  const statement = broughtStatement(brought, subject, { method: "session", session });
  const recorded = await recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
  return recorded.sha256;
}

function verbOf({ role, grade }: EvaluationRecord): string {
  if (role === "seller") return "Measured by the seller";
  return grade === "third_party"
    ? "Measured independently"
    : "Reported by an evaluator, not tied to the files,";
}

/** What is signed appears on its listing: in the timeline and in the standing. */
export async function publishSigned(tx: Tx, row: EvaluationRecord, listingId: string): Promise<void> {
  const isSellers = row.role === "seller";
  await addTimelineEvent(tx, listingId, {
    kind: "evaluated",
    fromDate: row.finishedAt,
    text: `${verbOf(row)} on ${measuredText(row.dataSetName, row.summary)}`,
    originator: isSellers ? "seller" : "evaluator",
    isAdverse: !row.summary.hasNiche,
    subjectId: row.id,
  });
  await refreshStanding(tx, listingId);
}
