import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import type { PartName } from "@/lib/catalogue/part";
import { listingNamesById, versionNumbersById } from "@/lib/catalogue/queries/listing-names";
import { rightsSchema } from "@/lib/catalogue/rights";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db } from "@/lib/platform/db";
import { type LicenceFacts, type LicenceState, licenceState } from "./licence";
import { rightsText } from "@/lib/terms/rights-text";

export type LicenceView = {
  id: string;
  dealId: string;
  side: "licensee" | "licensor";
  otherName: string;
  listing: { slug: string; title: string };
  versionNumber: number;
  part: PartName;
  rights: string;
  state: LicenceState;
  startsAt: Date;
  endsAt: Date | null;
  revokedReason: string | null;
};

const MAX_ROWS = 300;

/** The licences an account holds and has granted, newest first. Nobody else's. */
export async function listLicences(actor: Actor): Promise<LicenceView[]> {
  const { accountId } = actor;
  const rows = await db.licence.findMany({
    where: { OR: [{ licenseeId: accountId }, { licensorId: accountId }] },
    orderBy: { startsAt: "desc" },
    take: MAX_ROWS,
  });
  const [now, names, listings, versionNumbers] = await Promise.all([
    currentTime(),
    namesById(rows.flatMap((row) => [row.licenseeId, row.licensorId])),
    listingNamesById(rows.map((row) => row.listingId)),
    versionNumbersById(rows.map((row) => row.versionId)),
  ]);
  return rows.map((row) => {
    const side = row.licenseeId === accountId ? ("licensee" as const) : ("licensor" as const);
    const other = names.get(side === "licensee" ? row.licensorId : row.licenseeId);
    const listing = listings.get(row.listingId);
    const versionNumber = versionNumbers.get(row.versionId);
    if (!other || !listing || versionNumber === undefined)
      throw new Error(`Licence ${row.id} is of nothing.`);
    const { id, dealId, part, startsAt, endsAt, revokedReason } = row;
    return {
      ...{ id, dealId, part, startsAt, endsAt, revokedReason, side, listing, versionNumber },
      otherName: other.displayName,
      rights: rightsText(rightsSchema.parse(row.rights)),
      state: licenceState(row, now),
    };
  });
}

export type GrantedLicence = LicenceFacts & { id: string };

/** What a deal granted; null before it did. The caller has made sure that whoever asks is a party of it. */
export async function findLicenceOfDeal(
  tx: Pick<Tx, "licence">,
  dealId: string,
): Promise<GrantedLicence | null> {
  return tx.licence.findUnique({
    where: { dealId },
    select: { id: true, status: true, startsAt: true, endsAt: true },
  });
}

/** The ODRL agreement of a licence, for its two sides; null for everybody else. */
export async function findLicenceOdrl(actor: Actor, licenceId: string): Promise<unknown> {
  const row = await db.licence.findUnique({ where: { id: licenceId } });
  const isSide = row && (row.licenseeId === actor.accountId || row.licensorId === actor.accountId);
  return isSide ? row.odrl : null;
}
