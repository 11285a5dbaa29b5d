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

/** Pairs of an account and what it sells, of those given, that stand in the log. One query for any number. */
export async function listStatedSellers(
  tx: Tx | typeof db,
  pairs: readonly { accountId: string; sells: string }[],
): Promise<Set<string>> {
  if (pairs.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ accountId: string; sells: string }[]>`
    SELECT DISTINCT ON (stated."accountId", stated.sells) stated."accountId", stated.sells
    FROM unnest(${pairs.map(({ accountId }) => accountId)}::text[], ${pairs.map(({ sells }) => sells)}::text[])
      AS wanted(account, sells)
    JOIN "StatedRole" AS stated ON stated."accountId" = wanted.account AND stated.role = 'seller'
      AND stated.sells = wanted.sells AND stated."untilAt" IS NULL`;
  return new Set(rows.map(sellerKey));
}

export function sellerKey({ accountId, sells }: { accountId: string; sells: string }): string {
  return `${accountId} ${sells}`;
}
