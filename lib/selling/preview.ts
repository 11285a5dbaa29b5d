import type { DraftFileView, DraftView } from "./queries/drafts";
import type { ListingView, PartView } from "@/lib/catalogue/queries/find-listing";
import { leadingPart } from "@/lib/catalogue/listing";
import { type Limitation, limitationSchema, sortLimitations } from "@/lib/catalogue/limitation";
import type { LimitFigure } from "@/lib/catalogue/limitation-link";
import { costOf, figureOf, listedCost } from "@/lib/evidence/evidence-standing";
import { type Cost, unknownCost } from "@/lib/measurement/cost";
import { type EvaluationSummary, envelopeCells } from "@/lib/measurement/evaluation";
import { DEFAULT_VOLUME } from "@/lib/measurement/volume";

/** `cost` with its parts; on the listing stands its figure alone. */
export type Preview = { listing: ListingView; cost: Cost };

type Facts = {
  draft: DraftView;
  seller: ListingView["seller"];
  /** The newest evaluation at the level declared now; null where nothing was counted. */
  summary: EvaluationSummary | null;
  dataSetName: string;
  rateMinorPerHour: bigint;
  now: Date;
  /** Null where the description could not be read. */
  descriptionNodes: ListingView["descriptionNodes"];
};

/** A draft as its listing page would show it, as far as it is written. It exists for its seller alone. */
export function previewOf({ draft, seller, summary, now, descriptionNodes, ...run }: Facts): Preview {
  const cells = summary ? envelopeCells(summary) : [];
  const { listing: stated, fields } = draft;
  const parts = partViews(draft);
  const artifactKind = stated.artifact.kind;
  const listing: Omit<ListingView, "cost"> = {
    kind: "listing",
    id: draft.id,
    slug: "preview",
    title: stated.title,
    summary: stated.summary ?? "",
    description: stated.description ?? "",
    descriptionNodes,
    contact: stated.contact,
    state: "draft",
    isTakenDown: false,
    isOwn: true,
    isWatched: false,
    seller,
    task: stated.niche?.task || null,
    domain: stated.niche?.domain || null,
    languages: stated.niche?.languages ?? [],
    declaredLevel: Number(stated.niche?.declaredLevel) || null,
    judgedLevel: summary?.level ?? null,
    licenceSpdx: stated.licenceSpdx ?? null,
    rights: fields.rights,
    fieldOfUse: fields.fieldOfUse.trim() || null,
    baseModels: stated.baseModels ?? [],
    version: {
      id: draft.id,
      number: 1,
      kind: artifactKind,
      modelDigest: null,
      runContractSha256: null,
      createdAt: now,
    },
    currency: draft.currency,
    parts,
    leading: leadingPart(parts),
    limitations: sortLimitations((stated.limitations ?? []).map((one) => limitationSchema.parse(one))).map(
      (limitation) => {
        return { ...limitation, figure: summary && figureIn(limitation, summary, run.dataSetName, now) };
      },
    ),
    dataOrigins: originsOf(stated),
    contributors: contributorsOf(stated),
    timeline: (stated.events ?? []).map((event, index) => ({
      ...event,
      id: String(index),
      toDate: event.toDate ?? null,
      isAdverse: event.isAdverse ?? false,
      subjectId: null,
    })),
    evidenceGrade: cells.length > 0 ? "seller_signed" : "claimed",
    evidenceAt: cells.length > 0 ? now : null,
    evaluatedRows: summary?.overall.n ?? 0,
    envelope: cells,
    publishedAt: now,
    sameFiles: [],
  };
  const terms = { rateMinorPerHour: run.rateMinorPerHour, volume: DEFAULT_VOLUME };
  const cost = summary
    ? costOf({ summary, msPer1000: null }, listing.leading, terms)
    : unknownCost("no_evidence");
  return { listing: { ...listing, cost: listedCost(cost) }, cost };
}

function figureIn(
  { measures }: Limitation,
  summary: EvaluationSummary,
  dataSetName: string,
  finishedAt: Date,
): LimitFigure | null {
  const grade = "seller_signed" as const;
  return (
    measures && figureOf(measures, { summary, grade, leading: { id: "preview", dataSetName, finishedAt } })
  );
}

function contributorsOf({ contributors = [] }: DraftView["listing"]): ListingView["contributors"] {
  return contributors.map(({ name, contribution = "", shareBasisPoints }) => {
    return { name, contribution, shareBasisPoints, handle: null, status: "unconfirmed" };
  });
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
