import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { draftFacts } from "../commands/draft-facts";
import { type DraftFields, readDraftFields } from "@/lib/catalogue/draft-fields";
import { type NotMapped, notMappedSchema } from "@/lib/shared/cursor";
import { type DraftProblem, checkDraft } from "../draft-check";
import type { ListingInput } from "@/lib/catalogue/listing";
import type { PartName } from "@/lib/catalogue/part";
import { type EnvelopeCell, type EvidenceGradeName, envelopeCellSchema } from "@/lib/catalogue/standing";

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
    include: { files: { include: { storedFile: true }, orderBy: { path: "asc" } } },
  });
  if (!draft) return null;
  const facts = await draftFacts(db, draft);
  const { listing, problems } = checkDraft(facts);
  const revises = draft.listingId
    ? await db.listing.findUnique({
        where: { id: draft.listingId },
        select: { id: true, slug: true, title: true },
      })
    : null;
  return {
    id: draft.id,
    revision: draft.revision,
    fields: facts.fields,
    card: draft.card,
    notMapped: notMappedSchema.parse(draft.notMapped),
    savedAt: draft.savedAt,
    currency: facts.currency,
    files: draft.files.map(({ id, path, part, storedFileId, storedFile }) => ({
      id,
      path,
      part,
      storedFileId,
      format: storedFile.format,
      sha256: storedFile.sha256,
      sizeBytes: Number(storedFile.sizeBytes),
    })),
    problems,
    listing,
    revises,
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
  const listings = await db.listing.findMany({
    where: { id: { in: drafts.flatMap(({ listingId }) => listingId ?? []) } },
    select: { id: true, title: true },
  });
  const titles = new Map(listings.map(({ id, title }) => [id, title]));
  return Promise.all(
    drafts.map(async (draft) => {
      const { listing, problems } = checkDraft(await draftFacts(db, draft));
      return {
        id: draft.id,
        title: listing.title,
        savedAt: draft.savedAt,
        left: problems.length,
        revisesTitle: (draft.listingId && titles.get(draft.listingId)) ?? null,
      };
    }),
  );
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

export type OwnListingRow = {
  id: string;
  slug: string;
  title: string;
  task: string | null;
  domain: string | null;
  languages: string[];
  status: "draft" | "open" | "paused" | "retired";
  isFrozen: boolean;
  isTakenDown: boolean;
  evidenceGrade: EvidenceGradeName;
  envelope: EnvelopeCell[];
  priceMinor: bigint | null;
  currency: string;
  versionNumber: number;
  updatedAt: Date;
  openDraftId: string | null;
};

/** Everything the actor has listed, whatever its state, latest change first. */
export async function listOwnListings(actor: Actor): Promise<OwnListingRow[]> {
  const rows = await db.listing.findMany({
    where: { sellerId: actor.accountId },
    orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
  });
  const [versions, drafts] = await Promise.all([
    db.modelVersion.findMany({
      where: { id: { in: rows.map(({ versionId }) => versionId) } },
      select: { id: true, number: true },
    }),
    db.listingDraft.findMany({
      where: { ownerId: actor.accountId, closedAt: null, listingId: { in: rows.map(({ id }) => id) } },
      select: { id: true, listingId: true },
    }),
  ]);
  const numbers = new Map(versions.map(({ id, number }) => [id, number]));
  const openDrafts = new Map(drafts.map(({ id, listingId }) => [listingId, id]));
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    title: row.title,
    task: row.task,
    domain: row.domain,
    languages: row.languages,
    status: row.status,
    isFrozen: row.frozenAt !== null,
    isTakenDown: row.takenDownAt !== null,
    evidenceGrade: row.evidenceGrade,
    envelope: envelopeCellSchema.array().catch([]).parse(row.envelope),
    priceMinor: row.priceMinor,
    currency: row.currency,
    versionNumber: numbers.get(row.versionId) ?? 1,
    updatedAt: row.updatedAt,
    openDraftId: openDrafts.get(row.id) ?? null,
  }));
}
