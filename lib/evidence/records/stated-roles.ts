import "server-only";
import type { Tx, db } from "@/lib/platform/db";
import type { StatedRole } from "@/prisma/generated/client";

/** What the log says last of an account in a role; null where it says nothing. */
export async function findStatedRole(
  tx: Tx,
  place: Pick<StatedRole, "accountId" | "role" | "sells">,
): Promise<StatedRole | null> {
  return tx.statedRole.findFirst({ where: place, orderBy: { id: "desc" } });
}

/** What an account offers: the digest of what it sells, or has in a draft. */
export type Offer = Pick<StatedRole, "accountId" | "sells">;

/** Who sells or drafts what, of the pairs given, as it stands in the log: `offerKey` of each. One query for any number. */
export async function listStatedOffers(tx: Tx | typeof db, pairs: readonly Offer[]): Promise<Set<string>> {
  if (pairs.length === 0) return new Set();
  const rows = await tx.$queryRaw<(Offer & { role: OfferRole })[]>`
    SELECT DISTINCT stated."accountId", stated.role, stated.sells
    FROM unnest(${pairs.map(({ accountId }) => accountId)}::text[], ${pairs.map(({ sells }) => sells)}::text[])
      AS wanted(account, sells)
    JOIN "StatedRole" AS stated ON stated."accountId" = wanted.account AND stated.role <> 'evaluator'
      AND stated.sells = wanted.sells AND stated."untilAt" IS NULL`;
  return new Set(rows.map((row) => offerKey(row, row.role)));
}

type OfferRole = Exclude<StatedRole["role"], "evaluator">;

export function offerKey({ accountId, sells }: Offer, role: OfferRole): string {
  return `${accountId} ${role} ${sells}`;
}
