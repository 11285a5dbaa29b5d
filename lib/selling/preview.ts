import type { DraftFileView, DraftView } from "./queries/drafts";
import type { ListingView, PartView } from "@/lib/catalogue/queries/find-listing";
import { leadingPart } from "@/lib/catalogue/listing";
import { limitationSchema } from "@/lib/catalogue/limitation";
import type { EnvelopeCell } from "@/lib/catalogue/standing";

type Facts = {
  draft: DraftView;
  seller: ListingView["seller"];
  cells: EnvelopeCell[];
  evaluatedRows: number;
  now: Date;
  /** Null where the description could not be read. */
  descriptionNodes: ListingView["descriptionNodes"];
};

/** A draft as its listing page would show it, as far as it is written. It exists for its seller alone. */
export function previewOf({
  draft,
  seller,
  cells,
  evaluatedRows,
  now,
  descriptionNodes,
}: Facts): ListingView {
  const { listing, fields } = draft;
  const parts = partViews(draft);
  const artifactKind = listing.artifact.kind;
  return {
    kind: "listing",
    id: draft.id,
    slug: "preview",
    title: listing.title,
    summary: listing.summary ?? "",
    description: listing.description ?? "",
    descriptionNodes,
    contact: listing.contact,
    state: "draft",
    isTakenDown: false,
    isOwn: true,
    isWatched: false,
    seller,
    task: listing.niche?.task || null,
    domain: listing.niche?.domain || null,
    languages: listing.niche?.languages ?? [],
    declaredLevel: Number(listing.niche?.declaredLevel) || null,
    licenceSpdx: listing.licenceSpdx ?? null,
    rights: fields.rights,
    fieldOfUse: fields.fieldOfUse.trim() || null,
    baseModels: listing.baseModels ?? [],
    version: {
      id: draft.id,
      number: 1,
      kind: artifactKind,
      modelDigest: null,
      createdAt: now,
    },
    currency: draft.currency,
    parts,
    leading: leadingPart(parts),
    limitations: (listing.limitations ?? []).map((limitation) => limitationSchema.parse(limitation)),
    dataOrigins: originsOf(listing),
    contributors: (listing.contributors ?? []).map(({ name, contribution = "", shareBasisPoints }) => ({
      name,
      contribution,
      shareBasisPoints,
      handle: null,
      status: "unconfirmed",
    })),
    timeline: (listing.events ?? []).map((event, index) => ({
      ...event,
      id: String(index),
      toDate: event.toDate ?? null,
      isAdverse: event.isAdverse ?? false,
      subjectId: null,
    })),
    evidenceGrade: cells.length > 0 ? "seller_signed" : "claimed",
    evidenceAt: cells.length > 0 ? now : null,
    evaluatedRows,
    envelope: cells,
    costPer1kCorrectMilli: null,
    publishedAt: now,
    sameFiles: [],
  };
}

function originsOf({ dataOrigins = [] }: DraftView["listing"]): ListingView["dataOrigins"] {
  return dataOrigins.map(({ source = "", licence = null, url = null, rowCount = null, ...rest }) => {
    return { ...rest, source, licence, url, rowCount };
  });
}

function partViews({ listing, files }: Pick<DraftView, "listing" | "files">): PartView[] {
  return listing.parts.map(({ part, pricing, priceMinor, termMonths }) => ({
    part,
    pricing,
    priceMinor,
    termMonths: termMonths ?? null,
    isOffered: true,
    files: files.filter((file: DraftFileView) => file.part === part).map(fileOf),
  }));
}

function fileOf({ path, sha256, sizeBytes }: DraftFileView): PartView["files"][number] {
  return { path, sha256, sizeBytes: BigInt(sizeBytes) };
}
