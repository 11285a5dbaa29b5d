import "server-only";
import type { MarkedNode } from "../marked-text";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { type AccountName, namesById } from "@/lib/accounts/queries/names";
import { db } from "@/lib/platform/db";
import { pick } from "@/lib/shared/pick";
import type {
  ContributionStatus,
  DataOrigin,
  Listing,
  ModelVersion,
  Prisma,
} from "@/prisma/generated/client";
import { comparedSlugs } from "../comparison";
import { type ListedLimitation, listedLimitationSchema, sortLimitations } from "../limitation";
import { leadingPart, type ListingStatusName, originators } from "../listing";
import type { PartName, PricingName } from "../part";
import { type RightChoice, type RightName, rightNames } from "../rights";
import { type ListedCost, readCost } from "../listed-standing";
import { type EnvelopeCell, envelopeCellSchema } from "../standing";
import type { TimelineEntry } from "../timeline";
import { listSameFiles, type SameFile } from "./same-files";

export type PartView = {
  part: PartName;
  pricing: PricingName;
  priceMinor: bigint;
  termMonths: number | null;
  isOffered: boolean;
  files: { path: string; sha256: string; sizeBytes: bigint }[];
};

export type ListingState = ListingStatusName | "frozen";

/** The columns that everybody who sees a listing reads as they are. */
const plain = [
  ...(["id", "slug", "title", "summary", "description", "contact", "task", "domain", "languages"] as const),
  ...(["licenceSpdx", "fieldOfUse", "baseModels", "currency"] as const),
  ...(["evidenceGrade", "evidenceAt", "evaluatedRows", "publishedAt"] as const),
];

/** Everything the listing page shows, for who asks. */
export type ListingView = Pick<Listing, (typeof plain)[number]> & {
  kind: "listing";
  state: ListingState;
  isTakenDown: boolean;
  isOwn: boolean;
  isWatched: boolean;
  seller: { accountId: string; handle: string; displayName: string };
  declaredLevel: number | null;
  /** The level that the envelope is drawn at; null while there is none. */
  judgedLevel: number | null;
  rights: Record<RightName, RightChoice>;
  version: Pick<ModelVersion, "id" | "number" | "kind" | "modelDigest" | "runContractSha256" | "createdAt">;
  parts: PartView[];
  leading: PartView | null;
  limitations: ListedLimitation[];
  dataOrigins: Pick<DataOrigin, "name" | "source" | "licence" | "url" | "use" | "rowCount">[];
  contributors: {
    name: string;
    handle: string | null;
    contribution: string;
    shareBasisPoints: number;
    status: ContributionStatus;
  }[];
  descriptionNodes: MarkedNode[] | null;
  timeline: TimelineEntry[];
  envelope: EnvelopeCell[];
  cost: ListedCost;
  sameFiles: SameFile[];
};

/** All the public learns of a listing that a moderator took down. */
export type TakenDownView = { kind: "taken_down"; title: string; takenDownAt: Date };

const relations = {
  parts: true,
  limitations: true,
  dataOrigins: { orderBy: [{ use: "desc" }, { name: "asc" }] },
  contributors: { orderBy: [{ shareBasisPoints: "desc" }, { name: "asc" }] },
  events: true,
} satisfies Prisma.ListingInclude;

type Row = Prisma.ListingGetPayload<{ include: typeof relations }>;

/**
 * The listing at an address, for anybody. A draft exists for its seller alone; of one taken down only its title is
 * left, except for its seller and moderators. Null for everything else.
 */
export async function findListing(
  actor: Actor | null,
  slug: string,
): Promise<ListingView | TakenDownView | null> {
  const row = await db.listing.findUnique({ where: { slug }, include: relations });
  if (!row) return null;
  const isOwn = actor?.accountId === row.sellerId;
  if (row.status === "draft" && !isOwn) return null;
  const maySeeAll =
    isOwn || (actor !== null && (hasRole(actor, "moderator") || hasRole(actor, "administrator")));
  if (row.takenDownAt && !maySeeAll)
    return { kind: "taken_down", title: row.title, takenDownAt: row.takenDownAt };
  return viewOf(row, actor, isOwn);
}

async function viewOf(row: Row, actor: Actor | null, isOwn: boolean): Promise<ListingView> {
  const [names, version, watched, sameFiles] = await Promise.all([
    namesById([row.sellerId, ...row.contributors.flatMap((share) => share.accountId ?? [])]),
    findVersion(row),
    actor ? db.watchedListing.count({ where: { accountId: actor.accountId, listingId: row.id } }) : 0,
    listSameFiles(row.id),
  ]);
  const { files, ...versionView } = version;
  const parts = row.parts.map((part): PartView => ({
    part: part.part,
    pricing: part.pricing,
    priceMinor: part.priceMinor,
    termMonths: part.termMonths,
    isOffered: part.isOffered,
    files: files.filter((file) => file.part === part.part),
  }));
  return {
    kind: "listing",
    ...pick(row, plain),
    ...readColumns(row),
    state: row.frozenAt ? "frozen" : row.status,
    isTakenDown: row.takenDownAt !== null,
    isOwn,
    isWatched: watched > 0,
    seller: sellerView(row.sellerId, names.get(row.sellerId)),
    version: versionView,
    parts,
    leading: leadingPart(parts),
    limitations: sortLimitations(row.limitations.map((one) => listedLimitationSchema.parse(one))),
    dataOrigins: row.dataOrigins,
    contributors: row.contributors.map(({ accountId, ...share }) => ({
      ...share,
      handle: accountId ? (names.get(accountId)?.handle ?? null) : null,
    })),
    timeline: row.events.map((event) => ({
      ...event,
      originator: originators.find((name) => name === event.originator) ?? "seller",
    })),
    sameFiles,
  };
}

function readColumns(row: Omit<Listing, "searchText">) {
  return {
    declaredLevel: row.declaredLevel === null ? null : Number(row.declaredLevel),
    judgedLevel: row.judgedLevel === null ? null : Number(row.judgedLevel),
    rights: pick(row, rightNames),
    // Checked when it was written.
    descriptionNodes: row.descriptionNodes as MarkedNode[] | null,
    envelope: envelopeCellSchema.array().parse(row.envelope),
    cost: readCost(row),
  };
}

function sellerView(accountId: string, name: AccountName | undefined) {
  return { accountId, handle: name?.handle ?? "", displayName: name?.displayName ?? "a seller" };
}

async function findVersion({ versionId }: { versionId: string }) {
  const version = await db.modelVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: { files: { orderBy: { path: "asc" } } },
  });
  const files = version.files.map((file) => pick(file, ["part", "path", "sha256", "sizeBytes"]));
  return {
    ...pick(version, ["id", "number", "kind", "modelDigest", "runContractSha256", "createdAt"]),
    files,
  };
}

/** The listings of these addresses that the actor may see, in the order asked for, at most four. */
export async function listCompared(actor: Actor | null, asked: readonly string[]): Promise<ListingView[]> {
  const found = await Promise.all(comparedSlugs(asked).map((slug) => findListing(actor, slug)));
  return found.filter((listing): listing is ListingView => listing?.kind === "listing");
}
