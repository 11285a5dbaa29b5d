import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { PartName } from "@/lib/catalogue/part";
import { rightsSchema } from "@/lib/catalogue/rights";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { type LicenceState, licenceState } from "./licence";
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
  const now = await currentTime();
  return Promise.all(
    rows.map(async (row) => {
      const side = row.licenseeId === accountId ? ("licensee" as const) : ("licensor" as const);
      const otherId = side === "licensee" ? row.licensorId : row.licenseeId;
      const [other, listing, version] = await Promise.all([
        db.account.findUniqueOrThrow({ where: { id: otherId }, select: { displayName: true } }),
        db.listing.findUniqueOrThrow({ where: { id: row.listingId }, select: { slug: true, title: true } }),
        db.modelVersion.findUniqueOrThrow({ where: { id: row.versionId }, select: { number: true } }),
      ]);
      const { id, dealId, part, startsAt, endsAt, revokedReason } = row;
      return {
        ...{ id, dealId, part, startsAt, endsAt, revokedReason, side, listing },
        otherName: other.displayName,
        versionNumber: version.number,
        rights: rightsText(rightsSchema.parse(row.rights)),
        state: licenceState(row, now),
      };
    }),
  );
}

/** The ODRL agreement of a licence, for its two sides; null for everybody else. */
export async function findLicenceOdrl(actor: Actor, licenceId: string): Promise<unknown> {
  const row = await db.licence.findUnique({ where: { id: licenceId } });
  const isSide = row && (row.licenseeId === actor.accountId || row.licensorId === actor.accountId);
  return isSide ? row.odrl : null;
}
