import "server-only";
import type { Tx } from "@/lib/platform/db";
import {
  type ContributorShare,
  type DataOrigin,
  type ListingLimitation,
  type ListingPart,
  Prisma,
} from "@/prisma/generated/client";
import { type Limitation, limitationSchema, sortLimitations } from "../limitation";
import { type Measures, measuresSchema } from "../limitation-link";

/** The parts of a listing, offered or not. */
export async function listParts(tx: Pick<Tx, "listingPart">, listingId: string): Promise<ListingPart[]> {
  return tx.listingPart.findMany({ where: { listingId } });
}

export type ListingDetails = {
  parts: ListingPart[];
  limitations: ListingLimitation[];
  dataOrigins: DataOrigin[];
  contributors: ContributorShare[];
};

/** Everything a listing lists beside its own row. Throws when it does not exist. */
export async function getListingDetails(tx: Pick<Tx, "listing">, listingId: string): Promise<ListingDetails> {
  return tx.listing.findUniqueOrThrow({
    where: { id: listingId },
    select: { parts: true, limitations: true, dataOrigins: true, contributors: true },
  });
}

export type StatedDetails = {
  limitations: Limitation[];
  dataOrigins: (Omit<DataOrigin, "use"> & { use: "training" | "evaluation" })[];
  contributors: ContributorShare[];
};

/** What a listing states of its limitations, data and contributors, in an order that stays the same. */
export async function readStatedDetails(tx: Tx, listingId: string): Promise<StatedDetails> {
  const where = { listingId };
  const [limitations, dataOrigins, contributors] = [
    await tx.listingLimitation.findMany({ where }),
    await tx.dataOrigin.findMany({ where, orderBy: [{ name: "asc" }, { id: "asc" }] }),
    await tx.contributorShare.findMany({ where, orderBy: [{ name: "asc" }, { id: "asc" }] }),
  ];
  return {
    limitations: sortLimitations(limitations.map((row) => limitationSchema.parse(row))),
    dataOrigins: dataOrigins.map(({ use, ...row }) => ({
      ...row,
      use: use === "evaluation" ? "evaluation" : "training",
    })),
    contributors,
  };
}

/** The limitations of a listing that name what they are measured by. */
export async function listMeasurable(
  tx: Pick<Tx, "listingLimitation">,
  listingId: string,
): Promise<{ id: string; measures: Measures }[]> {
  const rows = await tx.listingLimitation.findMany({
    where: { listingId, measures: { not: Prisma.DbNull } },
  });
  return rows.map(({ id, measures }) => ({ id, measures: measuresSchema.parse(measures) }));
}
