import "server-only";
import { readPool } from "@/lib/platform/read-pool";
import { toHex } from "@/lib/shared/encoding";

/** Where an envelope stands: an entry that a published checkpoint covers, or on its way there. */
export type LogPlace = { leafHash: string; index: bigint } | { leafHash: string; index: null };

type Row = { envelopeSha256: string; leafHash: Buffer; index: string | null };

/** The places of these envelopes in the log, by their address; one that was never handed in is left out. */
export async function findLogPlaces(envelopeSha256s: readonly string[]): Promise<Map<string, LogPlace>> {
  if (envelopeSha256s.length === 0) return new Map();
  const { rows } = await readPool().query<Row>(
    `SELECT "envelopeSha256", "leafHash", NULL AS index FROM "LogPending" WHERE "envelopeSha256" = ANY($1)
     UNION ALL
     SELECT "envelopeSha256", "leafHash",
       CASE WHEN index < (SELECT max(size) FROM "LogPublished") THEN index END
     FROM "LogLeaf" WHERE "envelopeSha256" = ANY($1)
     ORDER BY index DESC NULLS FIRST`,
    [envelopeSha256s],
  );
  return new Map(
    rows.map(({ envelopeSha256, leafHash, index }): [string, LogPlace] => [
      envelopeSha256,
      { leafHash: toHex(leafHash), index: index === null ? null : BigInt(index) },
    ]),
  );
}
