import "server-only";
import { getName, isActive } from "@/lib/accounts/queries/names";
import type { PartName } from "@/lib/catalogue/part";
import { getListingName } from "@/lib/catalogue/queries/listing-names";
import { findOfferedListing, listShares } from "@/lib/catalogue/queries/offered-parts";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { filesOfVersion } from "@/lib/catalogue/queries/version-files";
import { type Rights, rightsSchema } from "@/lib/catalogue/rights";
import type { Tx, db } from "@/lib/platform/db";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { VersionFile } from "@/prisma/generated/client";
import { type ContractTerms, sortedFiles } from "@/lib/terms/contract";
import { type FrozenShare } from "../deal";
import { freezeShares } from "../escrow";

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
  const [subject] = await listContractSubjects(tx, listingId, part);
  if (!subject) throw notFoundError("offer");
  return subject;
}

/** The same of every part, or of the one that is named, in a fixed number of queries; none when there is none. */
export async function listContractSubjects(
  tx: Tx | typeof db,
  listingId: string,
  part?: PartName,
): Promise<ContractSubject[]> {
  const listing = await findOfferedListing(tx, listingId);
  const offered = listing?.parts.filter((one) => part === undefined || one.part === part) ?? [];
  if (!listing || offered.length === 0) return [];
  refuseUnless(
    listing.isOpen && (await isActive(listing.sellerId, tx)),
    "listing_closed",
    "This listing takes no new deals at present.",
  );
  const version = await getVersion(listing.versionId, tx);
  const files = await filesOfVersion(tx, version.id, part);
  const shares = freezeShares(await listShares(tx, listing.id), listing.sellerId);
  return offered.map((one) => ({
    listing: { id: listing.id, slug: listing.slug, title: listing.title, sellerId: listing.sellerId },
    version: { id: version.id, number: version.number, modelDigest: version.modelDigest },
    part: one.part,
    pricing: one.pricing,
    listPriceMinor: one.pricing === "free" ? 0n : one.priceMinor,
    currency: listing.currency,
    termMonths: one.termMonths,
    rights: rightsSchema.parse(listing),
    files: contractFiles(files.filter((file) => file.part === one.part)),
    shares,
  }));
}

function contractFiles(files: readonly VersionFile[]): ContractTerms["files"] {
  return sortedFiles(
    files.map(({ path, sha256, sizeBytes }) => ({ path, sha256, sizeBytes: String(sizeBytes) })),
  );
}

/** A deal needs a price for the whole term; what is metered by calls is sold at the gateway. */
export function requireOneOff(subject: Pick<ContractSubject, "pricing">): void {
  if (subject.pricing === "per_1000_calls") {
    throw new DomainError("priced_by_calls", "This part is priced by calls and is not licensed as a whole.");
  }
}

/** The name an account shows; stands in contracts beside its id. */
export async function personOf(tx: Tx | typeof db, accountId: string) {
  return { accountId, name: (await getName(accountId, tx)).displayName };
}

/** What a running deal is about: its own version, whatever the listing shows by now. */
export async function getDealSubject(
  tx: Tx,
  deal: { listingId: string; versionId: string; part: PartName },
): Promise<Pick<ContractSubject, "listing" | "version" | "files">> {
  const listing = await getListingName(deal.listingId, tx);
  const { id, number, modelDigest } = await getVersion(deal.versionId, tx);
  const files = await filesOfVersion(tx, id, deal.part);
  return { listing, version: { id, number, modelDigest }, files: contractFiles(files) };
}
