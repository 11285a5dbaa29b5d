import "server-only";
import type { Pool } from "pg";
import { readPool } from "@/lib/platform/read-pool";
import { type ListingRow, listRows } from "./listing-rows";

const LIMIT = 100;

/** What a seller offers now, the best evidenced first; drafts, paused, frozen and retired listings are not in it. */
export async function listListingsOfSeller(
  accountId: string,
  pool: Pool = readPool(),
): Promise<{ rows: ListingRow[]; total: number }> {
  const { rows } = await pool.query<{ searchId: number; total: number }>(
    `SELECT "searchId", count(*) OVER ()::int AS total FROM "Listing"
     WHERE "sellerId" = $1 AND "isShown"
     ORDER BY "evidenceGrade" DESC, "evaluatedRows" DESC, "searchId" LIMIT ${LIMIT}`,
    [accountId],
  );
  return {
    rows: await listRows(
      pool,
      rows.map((row) => row.searchId),
    ),
    total: rows[0]?.total ?? 0,
  };
}
