import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { type OwnListing, listEverythingListed } from "@/lib/catalogue/queries/own-listings";
import { getListing, listingsById } from "@/lib/catalogue/queries/listings";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { draftFacts, factsOfDrafts } from "../commands/draft-facts";
import { type DraftFields, readDraftFields } from "@/lib/catalogue/draft-fields";
import { type NotMapped, notMappedSchema } from "@/lib/shared/cursor";
import { type DraftProblem, checkDraft } from "../draft-check";
import type { ListingInput } from "@/lib/catalogue/listing";
import type { PartName } from "@/lib/catalogue/part";

export type DraftFileView = {
  id: string;
  storedFileId: string;
  path: string;
  part: PartName;
  format: string;
  sha256: string;
  sizeBytes: number;
};

export type DraftView = {
  id: string;
  revision: number;
  fields: DraftFields;
  card: string;
  /** The prose of the card about its limits; empty for a card that was not read since it was typed. */
  cardLimits: string;
  notMapped: NotMapped[];
  savedAt: Date;
  currency: string;
  files: DraftFileView[];
  problems: DraftProblem[];
  /** What it would be published as, as far as it is written. */
  listing: ListingInput;
  /** The listing it revises. */
  revises: { id: string; slug: string; title: string } | null;
};

/** An open draft of the actor's own with everything its page shows; null for everybody else. */
export async function findDraft(actor: Actor, draftId: string): Promise<DraftView | null> {
  const draft = await db.listingDraft.findFirst({
    where: { id: draftId, ownerId: actor.accountId, closedAt: null },
    include: { files: { orderBy: { path: "asc" } } },
  });
  if (!draft) return null;
  const facts = await draftFacts(db, draft);
  const { listing, problems } = checkDraft(facts);
  const revised = draft.listingId ? await getListing(draft.listingId) : null;
  const stored = await storedFilesById(draft.files.map(({ storedFileId }) => storedFileId));
  return {
    id: draft.id,
    revision: draft.revision,
    fields: facts.fields,
    card: draft.card,
    cardLimits: draft.cardLimits,
    notMapped: notMappedSchema.parse(draft.notMapped),
    savedAt: draft.savedAt,
    currency: facts.currency,
    files: draft.files.flatMap(({ id, path, part, storedFileId }) => {
      const file = stored.get(storedFileId);
      if (!file) return [];
      const { format, sha256, sizeBytes } = file;
      return { id, path, part, storedFileId, format, sha256, sizeBytes: Number(sizeBytes) };
    }),
    problems,
    listing,
    revises: revised && { id: revised.id, slug: revised.slug, title: revised.title },
  };
}

export type DraftRow = {
  id: string;
  title: string;
  savedAt: Date;
  left: number;
  revisesTitle: string | null;
};

/** The actor's open drafts, latest first, with how many answers each still needs. */
export async function listDrafts(actor: Actor): Promise<DraftRow[]> {
  const drafts = await db.listingDraft.findMany({
    where: { ownerId: actor.accountId, closedAt: null },
    orderBy: [{ savedAt: "desc" }, { id: "asc" }],
  });
  const revised = await listingsById(drafts.flatMap(({ listingId }) => listingId ?? []));
  const factsOf = await factsOfDrafts(db, drafts);
  return drafts.map((draft) => {
    const { listing, problems } = checkDraft(factsOf(draft));
    return {
      id: draft.id,
      title: listing.title,
      savedAt: draft.savedAt,
      left: problems.length,
      revisesTitle: revised.get(draft.listingId ?? "")?.title ?? null,
    };
  });
}

/** A draft of the actor's own that was thrown away and can still be brought back. */
export async function findDiscardedDraft(
  actor: Actor,
  draftId: string,
): Promise<{ id: string; title: string } | null> {
  const draft = await db.listingDraft.findFirst({
    where: { id: draftId, ownerId: actor.accountId, closedAt: { not: null }, publishedAt: null },
  });
  if (!draft) return null;
  const title = readDraftFields(draft.fields).title.trim();
  return { id: draft.id, title: title || "Untitled draft" };
}

export type OwnListingRow = OwnListing & { openDraftId: string | null };

/** Everything the actor has listed, whatever its state, latest change first, with the draft that revises it. */
export async function listOwnListings(actor: Actor): Promise<OwnListingRow[]> {
  const listings = await listEverythingListed(actor);
  const drafts = await db.listingDraft.findMany({
    where: { ownerId: actor.accountId, closedAt: null, listingId: { in: listings.map(({ id }) => id) } },
    select: { id: true, listingId: true },
  });
  const openDrafts = new Map(drafts.map(({ id, listingId }) => [listingId, id]));
  return listings.map((listing) => ({ ...listing, openDraftId: openDrafts.get(listing.id) ?? null }));
}
