import "server-only";
import type { PartName } from "@/lib/catalogue/part";
import { type Rights, rightsSchema } from "@/lib/catalogue/rights";
import type { Tx, db } from "@/lib/platform/db";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { Prisma } from "@/prisma/generated/client";
import { type ContractTerms, sortedFiles } from "@/lib/terms/contract";
import { type FrozenShare } from "../deal";
import { freezeShares } from "../escrow";

/** One order for the same shares everywhere, so that a rounding remainder always goes to the same person. */
export const shareOrder: Prisma.ContributorShareOrderByWithRelationInput[] = [
  { shareBasisPoints: "desc" },
  { name: "asc" },
  { id: "asc" },
];

/** What a deal about one part of a listing is about, as it stands now. */
export type ContractSubject = {
  listing: { id: string; slug: string; title: string; sellerId: string };
  version: { id: string; number: number; modelDigest: string | null };
  part: PartName;
  pricing: "one_off" | "per_1000_calls" | "free";
  listPriceMinor: bigint;
  currency: string;
  termMonths: number | null;
  rights: Rights;
  files: ContractTerms["files"];
  shares: FrozenShare[];
};

/**
 * Reads the part of a listing that is open for new deals. Throws `not_found` when there is none, `listing_closed`
 * when it is paused, retired, frozen or its seller suspended, and `shares_invalid` when its shares exceed the whole.
 */
export async function getContractSubject(
  tx: Tx | typeof db,
  listingId: string,
  part: PartName,
): Promise<ContractSubject> {
  const listing = await tx.listing.findUnique({
    where: { id: listingId },
    include: { parts: { where: { part, isOffered: true } }, contributors: { orderBy: shareOrder } },
  });
  const offered = listing?.parts[0];
  if (!listing || !offered || listing.takenDownAt || listing.status === "draft") throw notFoundError("offer");
  const seller = await tx.account.findUnique({ where: { id: listing.sellerId }, select: { status: true } });
  refuseUnless(
    listing.status === "open" && !listing.frozenAt && seller?.status === "active",
    "listing_closed",
    "This listing takes no new deals at present.",
  );
  const version = await tx.modelVersion.findUniqueOrThrow({
    where: { id: listing.versionId },
    include: { files: { where: { part } } },
  });
  return {
    listing: { id: listing.id, slug: listing.slug, title: listing.title, sellerId: listing.sellerId },
    version: { id: version.id, number: version.number, modelDigest: version.modelDigest },
    part,
    pricing: offered.pricing,
    listPriceMinor: offered.pricing === "free" ? 0n : offered.priceMinor,
    currency: listing.currency,
    termMonths: offered.termMonths,
    rights: rightsSchema.parse(listing),
    files: sortedFiles(
      version.files.map((file) => ({
        path: file.path,
        sha256: file.sha256,
        sizeBytes: String(file.sizeBytes),
      })),
    ),
    shares: freezeShares(listing.contributors, listing.sellerId),
  };
}

/** A deal needs a price for the whole term; what is metered by calls is sold at the gateway. */
export function requireOneOff(subject: Pick<ContractSubject, "pricing">): void {
  if (subject.pricing === "per_1000_calls") {
    throw new DomainError("priced_by_calls", "This part is priced by calls and is not licensed as a whole.");
  }
}

/** The name an account shows; stands in contracts beside its id. */
export async function personOf(tx: Tx | typeof db, accountId: string) {
  const account = await tx.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { displayName: true },
  });
  return { accountId, name: account.displayName };
}

/** What a running deal is about: its own version, whatever the listing shows by now. */
export async function getDealSubject(
  tx: Tx,
  deal: { listingId: string; versionId: string; part: PartName },
): Promise<Pick<ContractSubject, "listing" | "version" | "files">> {
  const listing = await tx.listing.findUniqueOrThrow({
    where: { id: deal.listingId },
    select: { id: true, slug: true, title: true, sellerId: true },
  });
  const version = await tx.modelVersion.findUniqueOrThrow({
    where: { id: deal.versionId },
    include: { files: { where: { part: deal.part } } },
  });
  const files = version.files.map(({ path, sha256, sizeBytes }) => ({
    path,
    sha256,
    sizeBytes: String(sizeBytes),
  }));
  return {
    listing,
    version: { id: version.id, number: version.number, modelDigest: version.modelDigest },
    files: sortedFiles(files),
  };
}
