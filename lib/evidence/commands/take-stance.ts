import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { answerShare } from "@/lib/catalogue/commands/contributor-shares";
import { lockListing } from "@/lib/catalogue/records";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { type ContributionStance, stanceStatement, contributorOf } from "../claim";
import {
  type ClaimRecord,
  claimRecordOf,
  contributorsStance,
  leadingEnvelope,
  statedEnvelopes,
} from "../records/claims";
import { canonicalJson } from "@/lib/shared/jcs";
import type { ContributionPredicate } from "@/lib/statements/kinds/contribution";
import { signAsPlatform } from "./platform-key";
import { type Statement, statementBytes } from "@/lib/statements/statement";
import { type RecordedEnvelope, recordEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";
import { NO_SESSION } from "./sign-evaluation";

/**
 * The contributor that a claim names says whether it is so: with the envelope their device's key made, else the
 * platform signs that they said so in this session. Both answers stand in the log, and the last one counts; a rejection
 * stands in the listing's history.
 *
 * Throws `not_found` for everybody else and for claims that no longer stand, `answered_already` for the same answer
 * again, `signed_something_else`, and what `recordEnvelope` throws.
 */
export async function takeStance(
  actor: Actor,
  { claimId, stance, envelope }: { claimId: string; stance: ContributionStance; envelope?: string },
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    await requireVerified(actor, tx);
    const claim = await lockNamingClaim(tx, actor, claimId);
    refuseUnless(
      contributorsStance(claim)?.stance !== stance,
      "answered_already",
      `You have ${stance} this already.`,
    );
    const given = claim.envelopes.filter(({ accountId }) => accountId === actor.accountId).length;
    const most = limits.stancesOnClaim;
    requireRoom(given, most, `You have answered this ${most} times; the last answer stands.`);
    const recorded = envelope
      ? await recordOwnStance(tx, actor, claim, stance, envelope)
      : await recordAgreedStance(tx, actor, claim, stance);
    const { count } = await tx.claimEnvelope.createMany({
      data: [
        {
          envelopeSha256: recorded.sha256,
          claimId,
          stance,
          method: envelope ? "device_key" : "session",
          accountId: actor.accountId,
          createdAt: await currentTime(tx),
        },
      ],
      skipDuplicates: true,
    });
    // The first form sent again, after the answer was changed in between.
    refuseUnless(
      count === 1,
      "answered_already",
      "This answer was given before. Reload the page and sign anew.",
    );
    await showStance(tx, actor, claim, stance);
    // Who takes no share is independent of the seller.
    await refreshStanding(tx, claim.listingId);
  });
  return {
    message: stance === "confirmed" ? "Confirmed." : "Rejected: the listing says so from now on.",
  };
}

/** Locks the listing, then reads the claim: an answer and a revision cannot pass each other. */
async function lockNamingClaim(tx: Tx, actor: Actor, claimId: string): Promise<ClaimRecord> {
  const found = await tx.claim.findUnique({ where: { id: claimId }, select: { listingId: true } });
  if (!found) throw notFoundError("claim");
  const listing = await lockListing(tx, found.listingId);
  const claim = claimRecordOf(
    await tx.claim.findUniqueOrThrow({ where: { id: claimId }, include: { envelopes: true } }),
  );
  const isNamed = contributorOf(claim) === actor.accountId && listing.sellerId !== actor.accountId;
  if (!isNamed || claim.endedAt !== null || !leadingEnvelope(claim)) throw notFoundError("claim");
  return claim;
}

async function recordOwnStance(
  tx: Tx,
  actor: Actor,
  claim: ClaimRecord,
  stance: ContributionStance,
  text: string,
): Promise<RecordedEnvelope> {
  const recorded = await recordEnvelope(tx, text);
  refuseUnless(
    recorded.signerId === actor.accountId && isStanceOn(claim, recorded.statement, stance),
    "signed_something_else",
    "The signature is about something else than what is shown. Reload the page and sign again.",
  );
  return recorded;
}

/** Whether it is the answer to one of the statements of this claim, whenever it says it was given. */
function isStanceOn(claim: ClaimRecord, statement: Statement, stance: ContributionStance): boolean {
  const { answers = "", statedAt } = statement.predicate as Partial<ContributionPredicate>;
  const at = new Date(statedAt ?? "");
  if (Number.isNaN(at.getTime())) return false;
  const isOfClaim = statedEnvelopes(claim).some(({ envelopeSha256 }) => envelopeSha256 === answers);
  return (
    isOfClaim && canonicalJson(statement) === canonicalJson(stanceStatement(claim, { stance, answers, at }))
  );
}

async function recordAgreedStance(
  tx: Tx,
  actor: Actor,
  claim: ClaimRecord,
  stance: ContributionStance,
): Promise<RecordedEnvelope> {
  const answers = leadingEnvelope(claim)?.envelopeSha256 ?? "";
  const agreedBy = { method: "session" as const, session: actor.sessionId ?? NO_SESSION };
  const statement = stanceStatement(claim, { stance, answers, at: await currentTime(tx) }, agreedBy);
  return recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
}

async function showStance(
  tx: Tx,
  actor: Actor,
  claim: ClaimRecord,
  stance: ContributionStance,
): Promise<void> {
  const { contribution, shareBasisPoints } = claim.content as ContributionPredicate;
  const share = { listingId: claim.listingId, accountId: actor.accountId, contribution, shareBasisPoints };
  await answerShare(tx, share, stance);
  await addTimelineEvent(tx, claim.listingId, {
    kind: stance === "confirmed" ? "contribution_confirmed" : "contribution_rejected",
    fromDate: await currentTime(tx),
    text:
      stance === "confirmed"
        ? "A contributor confirmed what the listing says of them"
        : "A contributor says that what the listing says of them is wrong",
    originator: "contributor",
    isAdverse: stance === "rejected",
    subjectId: claim.id,
  });
}
