import "server-only";
import { demoSellerOrigin } from "@/lib/platform/egress";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { Prisma } from "@/prisma/generated/client";
import { checkListing, freeSlug, type ListingInput, type ListingTerms, slugOf } from "../listing";
import type { MarkedText } from "../marked-text";
import { reindexListing } from "./reindex-listing";
import { readArtifact, storeVersion } from "./store-version";

export type PublishInput = ListingInput & {
  /** The description as it was read before; without, or of other words, a clock reads it later. */
  words?: MarkedText | null;
  /** Whose listing it is; the caller has made sure that this is who asks. */
  sellerId: string;
  isDemo?: boolean;
};

export type Published = { listingId: string; slug: string; versionId: string };

/**
 * Puts a model on the market: model → immutable version 1 with its files → listing, indexed for search, all in the
 * caller's transaction. The slug follows from the title and is unique.
 *
 * Throws `listing_invalid` when a rule of `checkListing` is broken, `not_found` when a file is not the seller's, and
 * `limit_reached` for a seller with 1,000 listings that are not retired.
 */
export async function publishListing(tx: Tx, input: PublishInput): Promise<Published> {
  const { sellerId, isDemo = false, words = null, ...rest } = input;
  const terms = checkListing(rest, demoSellerOrigin());
  await lockRoom(tx, sellerId, "listings");
  const listed = await tx.listing.count({ where: { sellerId, status: { not: "retired" } } });
  requireRoom(listed, limits.listings, `You have ${limits.listings} listings. Retire one first.`);
  const now = await currentTime(tx);
  const facts = await readArtifact(tx, sellerId, terms);
  const model = await tx.model.create({ data: { ownerId: sellerId, name: terms.title, createdAt: now } });
  const versionId = await storeVersion(tx, model.id, 1, facts, terms.card, now);
  const slug = await reserveSlug(tx, terms.title);
  const { currency } = await readInstallation(tx);
  const listing = await tx.listing.create({
    data: {
      ...listingColumns(terms, words),
      slug,
      sellerId,
      modelId: model.id,
      versionId,
      currency,
      isDemo,
      publishedAt: now,
      updatedAt: now,
    },
    select: { id: true },
  });
  await writeDetails(tx, listing.id, terms);
  await tx.timelineEvent.createMany({
    data: [
      ...terms.events.map((event) => ({ ...event, listingId: listing.id, createdAt: now })),
      {
        listingId: listing.id,
        kind: "listed",
        fromDate: now,
        text: "Listed for sale as version 1",
        originator: "platform",
        createdAt: now,
      },
    ],
  });
  await reindexListing(tx, listing.id);
  return { listingId: listing.id, slug, versionId };
}

/** The columns of a listing that its seller's terms decide. */
export function listingColumns(terms: ListingTerms, words: MarkedText | null) {
  const { niche, rights } = terms;
  const read = words?.source === terms.description ? words : null;
  return {
    title: terms.title,
    summary: terms.summary,
    description: terms.description,
    descriptionNodes: read?.nodes ?? Prisma.DbNull,
    descriptionVersion: read?.version ?? 0,
    contact: terms.contact,
    task: niche?.task ?? null,
    domain: niche?.domain ?? null,
    languages: niche?.languages ?? [],
    declaredLevel: niche?.declaredLevel ?? null,
    licenceSpdx: terms.licenceSpdx,
    useCommercially: rights.useCommercially,
    modify: rights.modify,
    redistribute: rights.redistribute,
    sublicense: rights.sublicense,
    fieldOfUse: rights.fieldOfUse,
    baseModels: terms.baseModels,
  };
}

/**
 * Writes parts, limitations, data origins and contributors anew. What a contributor said of their share stays as long
 * as account, share and contribution do.
 */
export async function writeDetails(tx: Tx, listingId: string, terms: ListingTerms): Promise<void> {
  const answered = await listSharesWithStance(tx, listingId);
  await tx.listingPart.deleteMany({ where: { listingId } });
  await tx.listingLimitation.deleteMany({ where: { listingId } });
  await tx.dataOrigin.deleteMany({ where: { listingId } });
  await tx.contributorShare.deleteMany({ where: { listingId } });
  const own = <T extends object>(rows: readonly T[]) => rows.map((row) => ({ ...row, listingId }));
  await tx.listingPart.createMany({ data: own(terms.parts) });
  await tx.listingLimitation.createMany({
    data: own(terms.limitations).map((row) => ({ ...row, measures: row.measures ?? Prisma.DbNull })),
  });
  await tx.dataOrigin.createMany({ data: own(terms.dataOrigins) });
  await tx.contributorShare.createMany({
    data: own(terms.contributors).map((share) => ({
      ...share,
      status: answered.get(shareKey(share)) ?? share.status,
    })),
  });
}

async function listSharesWithStance(tx: Tx, listingId: string) {
  const rows = await tx.contributorShare.findMany({
    where: { listingId, accountId: { not: null }, status: { not: "unconfirmed" } },
  });
  return new Map(rows.map((share) => [shareKey(share), share.status]));
}

function shareKey(share: {
  accountId: string | null;
  contribution: string;
  shareBasisPoints: number;
}): string {
  const { accountId, contribution, shareBasisPoints } = share;
  return JSON.stringify([accountId, contribution, shareBasisPoints]);
}

/** Two listings of the same title published at once wait for each other here. */
async function reserveSlug(tx: Tx, title: string): Promise<string> {
  const slug = slugOf(title);
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`slug:${slug}`}, 0))`;
  const taken = await tx.listing.findMany({
    where: { slug: { startsWith: slug } },
    select: { slug: true },
  });
  return freeSlug(slug, new Set(taken.map((row) => row.slug)));
}
