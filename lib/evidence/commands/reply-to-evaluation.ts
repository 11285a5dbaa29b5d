import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { lockOwnListing } from "@/lib/catalogue/records";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { replyBody } from "@/lib/statements/reply-body";
import { type ReplyFacts, replyStatement } from "@/lib/statements/reply-statement";
import { canonicalJson } from "@/lib/shared/jcs";
import type { AgreedBy } from "@/lib/statements/kinds/field";
import { signAsPlatform } from "./platform-key";
import { lockEvaluation } from "../records/evaluations";
import { type Statement, statementBytes } from "@/lib/statements/statement";
import { recordEnvelope } from "./record-envelope";
import { NO_SESSION } from "./sign-evaluation";

/**
 * The seller replies to evidence about their listing, once and for ever; the evidence stays as it is. The reply is signed
 * with the envelope their device's key made, else the platform signs that they said so in this session.
 *
 * Throws `not_found` for everybody else and for what nobody has signed, `answered_already` the second time,
 * `signed_something_else`, and what `recordEnvelope` throws.
 */
export async function replyToEvaluation(
  actor: Actor,
  { evaluationId, body: typed, envelope }: { evaluationId: string; body: string; envelope?: string },
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const row = await lockEvaluation(tx, evaluationId);
    if (row.listingId === null || row.envelopeSha256 === null) throw notFoundError("evaluation");
    await lockOwnListing(tx, actor, row.listingId);
    refuseUnless(row.role !== "seller", "own_evidence", "This is your own evidence.");
    const now = await currentTime(tx);
    const body = replyBody(typed);
    const isAnswered = (await tx.evaluationAnswer.count({ where: { evaluationId } })) > 0;
    refuseUnless(!isAnswered, "answered_already", "You have replied to this already; a reply stands.");
    const { accountId } = actor;
    const facts = await factsOfReply(tx, accountId, row.listingId, row.envelopeSha256, body, now);
    const envelopeSha256 = envelope
      ? await recordOwnReply(tx, accountId, facts, envelope)
      : await recordPlatformReply(tx, facts, { method: "session", session: actor.sessionId ?? NO_SESSION });
    await tx.evaluationAnswer.create({
      data: { evaluationId, authorId: accountId, body, envelopeSha256, createdAt: now },
    });
    await addTimelineEvent(tx, row.listingId, {
      kind: "answered",
      fromDate: now,
      text: `Seller answered the evaluation on ${row.dataSetName}`,
      originator: "seller",
      subjectId: evaluationId,
    });
  });
  return { message: "Your reply stands beside the evidence." };
}

/** What the statement of a reply says, from what is kept. */
async function factsOfReply(
  tx: Tx,
  sellerId: string,
  listingId: string,
  answers: string,
  body: string,
  at: Date,
): Promise<ReplyFacts> {
  const { subjects } = await tx.envelope.findUniqueOrThrow({
    where: { sha256: answers },
    select: { subjects: true },
  });
  return { sellerId, listingId, answers, subjects, body, at: at.toISOString() };
}

/** The platform signs a reply that an account gave in a session; the envelope's address. */
async function recordPlatformReply(tx: Tx, facts: ReplyFacts, agreedBy: AgreedBy): Promise<string> {
  const bytes = statementBytes(replyStatement(facts, agreedBy));
  const { sha256 } = await recordEnvelope(tx, await signAsPlatform(bytes, tx));
  return sha256;
}

async function recordOwnReply(
  tx: Tx,
  accountId: string,
  facts: ReplyFacts,
  envelope: string,
): Promise<string> {
  const { sha256, statement, signerId } = await recordEnvelope(tx, envelope);
  const at = statedAtOf(statement);
  refuseUnless(
    at !== null &&
      signerId === accountId &&
      canonicalJson(statement) === canonicalJson(replyStatement({ ...facts, at })),
    "signed_something_else",
    "The signature is about something else than what you wrote. Reload the page and send it again.",
  );
  return sha256;
}

function statedAtOf(statement: Statement): string | null {
  const { statedAt } = statement.predicate as { statedAt?: unknown };
  return typeof statedAt === "string" ? statedAt : null;
}
