import "server-only";
import type { Rights } from "@/lib/catalogue/rights";
import type { PartName } from "@/lib/catalogue/part";
import type { Tx } from "@/lib/platform/db";
import { decimalString, fractionDigits } from "@/lib/shared/money";
import type { Prisma } from "@/prisma/generated/client";
import { termEnd } from "./licence";
import { odrlAgreement } from "@/lib/terms/odrl";

export type LicenceGrant = {
  dealId: string;
  licensorId: string;
  licenseeId: string;
  listingId: string;
  versionId: string;
  part: PartName;
  rights: Rights;
  termMonths: number | null;
  priceMinor: bigint;
  currency: string;
  startsAt: Date;
};

/** Grants the licence of a deal in the caller's transaction, once: a second call changes nothing. */
export async function grantLicence(tx: Tx, grant: LicenceGrant): Promise<void> {
  const { termMonths, priceMinor, currency, ...facts } = grant;
  const endsAt = termEnd(grant.startsAt, termMonths);
  const price = { amount: decimalString(priceMinor, fractionDigits(currency)), currency };
  const odrl = odrlAgreement({ ...facts, endsAt, price });
  await tx.licence.createMany({
    data: [{ ...facts, endsAt, odrl: odrl as unknown as Prisma.InputJsonObject, createdAt: grant.startsAt }],
    skipDuplicates: true,
  });
}

/** Ends the licence of a deal for a reason that both sides read; nothing happens when there is none active. */
export async function revokeLicence(tx: Tx, dealId: string, reason: string, now: Date): Promise<void> {
  await tx.licence.updateMany({
    where: { dealId, status: "active" },
    data: { status: "revoked", revokedAt: now, revokedReason: reason },
  });
}
