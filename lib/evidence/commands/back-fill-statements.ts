import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction, type Tx } from "@/lib/platform/db";
import { lockListing } from "@/lib/catalogue/records";
import { stanceStatement, contributorOf } from "../claim";
import { contributorsStance, leadingEnvelope, listStandingClaims } from "../records/claims";
import type { ContributionPredicate } from "@/lib/statements/kinds/contribution";
import { signAsPlatform } from "./platform-key";
import { rowByRow } from "./row-by-row";
import { statementBytes } from "@/lib/statements/statement";
import { factsOfReply, keepPlatformReply } from "./reply-to-evaluation";
import { recordEnvelope } from "./record-envelope";
import { restateClaims } from "./restate-claims";

/** Listings and answers looked at in one turn; the next turn goes on. */
const PER_TURN = 200;

/**
 * Gives what was stated before there was a log a statement in which the platform says so: claims of listings, what
 * contributors said of them, and sellers' answers. How many were recorded. Each is decided under the lock of its
 * listing or evaluation, so that running it again, or twice at once, records nothing twice.
 */
export async function backFillStatements(): Promise<number> {
  const listings = await listUnclaimedListings();
  const claims = await rowByRow("evidence", listings, (id) => inTransaction((tx) => backFillListing(tx, id)));
  const answers = await rowByRow("evidence", await listUnsignedReplies(), (id) =>
    inTransaction((tx) => backFillReply(tx, id)),
  );
  return claims + answers;
}

/** Listings that state something and have no claim yet. One published since then has its claims from the start. */
async function listUnclaimedListings(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM "Listing" AS listing
    WHERE NOT EXISTS (SELECT 1 FROM "Claim" WHERE "listingId" = listing.id)
      AND ((task IS NOT NULL AND domain IS NOT NULL AND "declaredLevel" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "ListingLimitation" WHERE "listingId" = listing.id)
        OR EXISTS (SELECT 1 FROM "DataOrigin" WHERE "listingId" = listing.id)
        OR EXISTS (SELECT 1 FROM "ContributorShare" WHERE "listingId" = listing.id))
    ORDER BY "publishedAt", id LIMIT ${PER_TURN}`;
  return rows.map(({ id }) => id);
}

async function backFillListing(tx: Tx, listingId: string): Promise<number> {
  const listing = await lockListing(tx, listingId);
  if ((await tx.claim.count({ where: { listingId } })) > 0) return 0;
  const stated = await restateClaims(tx, listingId, { method: "recorded" });
  const answered = await tx.contributorShare.findMany({
    where: { listingId, accountId: { not: listing.sellerId }, status: { not: "unconfirmed" } },
  });
  for (const { accountId, contribution, shareBasisPoints, status } of answered) {
    if (accountId !== null && status !== "unconfirmed")
      await recordOldStance(tx, listingId, { accountId, contribution, shareBasisPoints, stance: status });
  }
  return stated + answered.length;
}

type OldStance = {
  accountId: string;
  contribution: string;
  shareBasisPoints: number;
  stance: "confirmed" | "rejected";
};

async function recordOldStance(tx: Tx, listingId: string, old: OldStance): Promise<void> {
  const claim = (await listStandingClaims(tx, listingId)).find((standing) => {
    const { contribution, shareBasisPoints } = standing.content as ContributionPredicate;
    const isSame = contribution === old.contribution && shareBasisPoints === old.shareBasisPoints;
    return contributorOf(standing) === old.accountId && isSame && !contributorsStance(standing);
  });
  const stated = claim && leadingEnvelope(claim);
  if (!claim || !stated) return;
  const answer = { stance: old.stance, answers: stated.envelopeSha256, at: claim.statedAt };
  const statement = stanceStatement(claim, answer, {
    method: "recorded",
    statedAt: claim.statedAt.toISOString(),
  });
  const { sha256 } = await recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
  await tx.claimEnvelope.create({
    data: {
      envelopeSha256: sha256,
      claimId: claim.id,
      stance: old.stance,
      method: "recorded",
      accountId: old.accountId,
      createdAt: await currentTime(tx),
    },
  });
}

async function listUnsignedReplies(): Promise<string[]> {
  const rows = await db.evaluationAnswer.findMany({
    where: { envelope: null, evaluation: { envelopeSha256: { not: null }, listingId: { not: null } } },
    orderBy: { createdAt: "asc" },
    take: PER_TURN,
    select: { evaluationId: true },
  });
  return rows.map(({ evaluationId }) => evaluationId);
}

async function backFillReply(tx: Tx, evaluationId: string): Promise<number> {
  await tx.$queryRaw`SELECT 1 FROM "Evaluation" WHERE id = ${evaluationId} FOR UPDATE`;
  const { evaluation, envelope, ...answer } = await tx.evaluationAnswer.findUniqueOrThrow({
    where: { evaluationId },
    include: { evaluation: true, envelope: true },
  });
  if (envelope || evaluation.listingId === null || evaluation.envelopeSha256 === null) return 0;
  const { authorId, body, createdAt } = answer;
  const { listingId, envelopeSha256 } = evaluation;
  const facts = await factsOfReply(tx, authorId, listingId, envelopeSha256, body, createdAt);
  await keepPlatformReply(tx, evaluationId, facts, {
    method: "recorded",
    statedAt: createdAt.toISOString(),
  });
  return 1;
}
