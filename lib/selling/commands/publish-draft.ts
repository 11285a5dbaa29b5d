import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { getName } from "@/lib/accounts/queries/names";
import { readDraftFields } from "@/lib/catalogue/draft-fields";
import type { ListingInput } from "@/lib/catalogue/listing";
import type { MarkedText } from "@/lib/catalogue/marked-text";
import { readDescription } from "@/lib/catalogue/queries/read-description";
import { getListing } from "@/lib/catalogue/queries/listings";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { ListingDraft } from "@/prisma/generated/client";
import { NO_SESSION } from "@/lib/evidence/commands/sign-evaluation";
import { restateClaims } from "@/lib/evidence/commands/restate-claims";
import { type DraftFacts, listingOfDraft } from "../draft-check";
import { carryEvaluations } from "./carry-evaluations";
import { runOfDraft, weightsOf } from "./draft-bundle";
import { draftFacts } from "./draft-facts";
import { findModelOfDraft } from "./find-model";
import { type Published, publishListing } from "@/lib/catalogue/commands/publish-listing";
import { reviseListing } from "@/lib/catalogue/commands/revise-listing";

export type PublishedDraft = Published & { isRevision: boolean };

/**
 * Publishes a draft as a new listing, or as the next version of the listing it revises. Its
 * evaluations and their standing go with it, and every claim of the listing is recorded as a statement that the seller
 * agreed to in this session, all or nothing. Published twice, also at the same moment, it is published once and the
 * second call answers with the same listing.
 *
 * Throws `description_refused`, `draft_incomplete` naming every field in the way, `address_unconfirmed`, `no_niche` for a niche that the
 * evaluations deny, `unknown_classes` for rows that another model must have answered, and `not_found` for a stranger.
 */
export async function publishDraft(actor: Actor, { draftId }: { draftId: string }): Promise<PublishedDraft> {
  const words = await wordsOf(actor, draftId);
  const model = await findModelOfDraft(actor, draftId);
  return inTransaction(async (tx) => {
    await requireVerified(actor, tx);
    const draft = await lockDraftToPublish(tx, actor, draftId);
    if (draft.publishedAt && draft.listingId) return findPublished(tx, draft.listingId);
    refuseUnless(!draft.closedAt, "draft_discarded", "This draft was thrown away. Bring it back first.");
    const facts = await draftFacts(tx, draft);
    const isRevision = draft.listingId !== null;
    const published = await publishFacts(tx, actor, draft, facts, words);
    await tx.listingDraft.update({
      where: { id: draftId },
      data: { listingId: published.listingId, ...(await closedNow(tx)) },
    });
    await carryEvaluations(tx, { ...published, draftId, fields: facts.fields, model });
    await restateClaims(tx, published.listingId, {
      method: "session",
      session: actor.sessionId ?? NO_SESSION,
    });
    return { ...published, isRevision };
  });
}

/** Read before the draft is locked. Should it change until then, a clock reads what was published. */
async function wordsOf(actor: Actor, draftId: string): Promise<MarkedText | null> {
  const draft = await db.listingDraft.findUnique({ where: { id: draftId, ownerId: actor.accountId } });
  if (!draft || draft.publishedAt) return null;
  return readDescription(actor.accountId, readDraftFields(draft.fields).description);
}

async function publishFacts(
  tx: Tx,
  actor: Actor,
  draft: ListingDraft,
  facts: DraftFacts,
  words: MarkedText | null,
): Promise<Published> {
  const listing = { ...listingOfDraft(facts), words, run: await confirmedRun(tx, draft, facts) };
  if (draft.listingId) return reviseListing(tx, actor, draft.listingId, listing);
  const { isDemo } = await getName(actor.accountId, tx);
  return publishListing(tx, { ...listing, sellerId: actor.accountId, isDemo });
}

/** How the files are run, where their seller has seen them run so. */
async function confirmedRun(
  tx: Tx,
  draft: ListingDraft,
  { files }: DraftFacts,
): Promise<ListingInput["run"]> {
  const { contract, now, isConfirmed } = runOfDraft(draft, await weightsOf(files, tx));
  return contract && now && isConfirmed ? { contract, sha256: now.contractSha256 } : null;
}

async function lockDraftToPublish(tx: Tx, actor: Actor, draftId: string): Promise<ListingDraft> {
  await tx.$queryRaw`SELECT 1 FROM "ListingDraft" WHERE id = ${draftId} FOR UPDATE`;
  const draft = await tx.listingDraft.findUnique({ where: { id: draftId } });
  if (!draft || draft.ownerId !== actor.accountId) throw notFoundError("draft");
  return draft;
}

async function closedNow(tx: Tx): Promise<{ closedAt: Date; publishedAt: Date }> {
  const now = await currentTime(tx);
  return { closedAt: now, publishedAt: now };
}

async function findPublished(tx: Tx, listingId: string): Promise<PublishedDraft> {
  const { slug, versionId } = await getListing(listingId, tx);
  return { listingId, slug, versionId, isRevision: false };
}
