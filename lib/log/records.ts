import "server-only";
import pg from "pg";
import type { Gathered } from "./process/cosigning";
import type { TileRow } from "./right-edge";
import type { LoadTiles, TilePlace } from "./tile-rows";

/** The log's tables as the sequencer reads and writes them: one connection, under its own role. */

export const SEQUENCER_ROLE = "offcut_sequencer";
/** Any number, as long as nothing else in this database takes it. */
const ACTIVE_LOCK = 0x0ffc_0710;

export type HeadRow = {
  origin: string;
  vkey: string;
  size: bigint;
  root: Uint8Array;
  signedSize: bigint;
  /** The last signed note. */
  checkpoint: string;
};

export type LeafRow = { leafHash: Uint8Array; body: Uint8Array; envelopeSha256: string };

/** Connects and takes the sequencer's role. */
export async function connectAsSequencer(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: "-c timezone=UTC -c synchronous_commit=on -c lock_timeout=20s -c statement_timeout=60s",
    keepAlive: true,
  });
  // A server that goes away between two queries: the next one reports it.
  client.on("error", () => {});
  await client.connect();
  await client.query(`SET ROLE ${SEQUENCER_ROLE}`);
  return client;
}

/** True once this connection is the one that runs the log; others wait. It lasts as long as the connection. */
export async function becomeActive(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>("SELECT pg_try_advisory_lock($1) AS got", [
    ACTIVE_LOCK,
  ]);
  return rows[0]?.got === true;
}

/** One transaction, all or nothing. When the answer to COMMIT is lost nobody knows: the caller starts over. */
export async function inOneTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** The head, locked until the transaction ends; null before the first start. */
export async function lockHead(client: pg.Client): Promise<HeadRow | null> {
  const { rows } = await client.query<RawHead>(`${HEAD} FOR UPDATE`);
  return headOf(rows);
}

/** The head as it stands, for whoever only looks; null before the first start. */
export async function readHead(client: pg.Client): Promise<HeadRow | null> {
  const { rows } = await client.query<RawHead>(HEAD);
  return headOf(rows);
}

const HEAD = `SELECT origin, vkey, size, root, "signedSize", checkpoint FROM "LogHead" WHERE id = 1`;

function headOf([row]: RawHead[]): HeadRow | null {
  return row ? { ...row, size: BigInt(row.size), signedSize: BigInt(row.signedSize) } : null;
}

type RawHead = Omit<HeadRow, "size" | "signedSize"> & { size: string; signedSize: string };

export async function insertHead(client: pg.Client, head: HeadRow): Promise<void> {
  await client.query(
    `INSERT INTO "LogHead" (id, origin, vkey, size, root, "signedSize", checkpoint)
     VALUES (1, $1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [head.origin, head.vkey, head.size, Buffer.from(head.root), head.signedSize, head.checkpoint],
  );
}

export async function saveTree(client: pg.Client, tree: { size: bigint; root: Uint8Array }): Promise<void> {
  const { size, root } = tree;
  await client.query(`UPDATE "LogHead" SET size = $1, root = $2 WHERE id = 1`, [size, Buffer.from(root)]);
}

/** Writes a signed checkpoint over the one of `previousSize`; false when another stands there. */
export async function saveSigned(
  client: pg.Client,
  previousSize: bigint,
  size: bigint,
  note: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE "LogHead" SET "signedSize" = $2, checkpoint = $3 WHERE id = 1 AND "signedSize" = $1`,
    [previousSize, size, note],
  );
  return rowCount === 1;
}

/**
 * Takes waiting leaves out of the queue, oldest first. Rows whose transaction is still open are passed over, and
 * found by a later turn: numbers become visible out of order, so nothing is taken "since the last number".
 */
export async function takePending(client: pg.Client, limit: number): Promise<LeafRow[]> {
  const { rows } = await client.query<LeafRow>(
    // Materialised: within IN the limit may be evaluated once for every row that it is compared with.
    `WITH next AS MATERIALIZED (
       SELECT id FROM "LogPending" ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED),
     taken AS (
       DELETE FROM "LogPending" pending USING next WHERE pending.id = next.id
       RETURNING pending.id, "leafHash", body, "envelopeSha256")
     SELECT taken."leafHash", taken.body, taken."envelopeSha256" FROM taken ORDER BY taken.id`,
    [limit],
  );
  if (rows.length === 0) return rows;
  const { rows: known } = await client.query<{ leafHash: Buffer }>(
    `SELECT "leafHash" FROM "LogLeaf" WHERE "leafHash" = ANY($1)`,
    [rows.map(({ leafHash }) => leafHash)],
  );
  const seen = new Set(known.map(({ leafHash }) => leafHash.toString("hex")));
  return rows.filter(({ leafHash }) => !seen.has(Buffer.from(leafHash).toString("hex")));
}

export async function insertLeaves(
  client: pg.Client,
  first: bigint,
  leaves: readonly LeafRow[],
): Promise<void> {
  await client.query(
    `INSERT INTO "LogLeaf" (index, "leafHash", body, "envelopeSha256")
     SELECT $1::bigint + place - 1, hash, body, envelope
     FROM unnest($2::bytea[], $3::bytea[], $4::text[]) WITH ORDINALITY AS leaf(hash, body, envelope, place)`,
    [
      first,
      leaves.map(({ leafHash }) => Buffer.from(leafHash)),
      leaves.map(({ body }) => Buffer.from(body)),
      leaves.map(({ envelopeSha256 }) => envelopeSha256),
    ],
  );
}

export async function saveTiles(client: pg.Client, tiles: readonly TileRow[]): Promise<void> {
  await client.query(
    `INSERT INTO "LogTile" (level, index, data)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, index) DO UPDATE SET data = excluded.data`,
    [
      tiles.map(({ level }) => level),
      tiles.map(({ index }) => index),
      tiles.map(({ data }) => Buffer.from(data)),
    ],
  );
}

/** Reads tile rows by their places. */
export function tileLoader(client: Pick<pg.ClientBase, "query">): LoadTiles {
  return async (places) => {
    const { rows } = await client.query<{ level: number; index: string; data: Buffer }>(
      `SELECT level, index, data FROM "LogTile"
       WHERE (level, index) IN (SELECT * FROM unnest($1::smallint[], $2::bigint[]))`,
      [places.map(({ level }) => level), places.map(({ index }) => index)],
    );
    const found = new Map(rows.map(({ level, index, data }) => [`${level}/${index}`, data]));
    return places.map(({ level, index }: TilePlace) => found.get(`${level}/${index}`) ?? null);
  };
}

/** Bodies of the entries from `first` on. */
export async function listBodies(client: pg.Client, first: bigint, count: number): Promise<Uint8Array[]> {
  const { rows } = await client.query<{ body: Buffer }>(
    `SELECT body FROM "LogLeaf" WHERE index >= $1 AND index < $1::bigint + $2 ORDER BY index`,
    [first, count],
  );
  return rows.map(({ body }) => new Uint8Array(body));
}

export async function countLeaves(client: pg.Client): Promise<bigint> {
  const { rows } = await client.query<{ size: string }>(
    `SELECT coalesce(max(index) + 1, 0) AS size FROM "LogLeaf"`,
  );
  return BigInt(rows[0]?.size ?? 0);
}

/** The largest published checkpoint, or null before the first. */
export async function findPublished(client: pg.Client): Promise<{ size: bigint; checkpoint: string } | null> {
  const { rows } = await client.query<{ size: string; checkpoint: string }>(
    `SELECT size, checkpoint FROM "LogPublished" ORDER BY size DESC LIMIT 1`,
  );
  return rows[0] ? { size: BigInt(rows[0].size), checkpoint: rows[0].checkpoint } : null;
}

export async function insertPublished(client: pg.Client, size: bigint, checkpoint: string): Promise<void> {
  await client.query(`INSERT INTO "LogPublished" (size, checkpoint) VALUES ($1, $2)`, [size, checkpoint]);
}

/** Keeps cosignatures that hold, and the sizes that witnesses say they have. */
export async function saveGathered(client: pg.Client, gathered: readonly Gathered[]): Promise<void> {
  for (const { witness, lastSize, cosignature } of gathered) {
    if (cosignature)
      await client.query(
        `INSERT INTO "LogCosignature" (size, witness, timestamp, line) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [cosignature.size, witness, cosignature.timestamp, cosignature.line],
      );
    await client.query(
      `INSERT INTO "LogWitnessState" (name, "lastSize") VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET "lastSize" = excluded."lastSize", "updatedAt" = now()`,
      [witness, lastSize],
    );
  }
}

/** The sizes that witnesses were last brought to, by their kept names. */
export async function listWitnessSizes(client: pg.Client): Promise<Map<string, bigint>> {
  const { rows } = await client.query<{ name: string; lastSize: string }>(
    `SELECT name, "lastSize" FROM "LogWitnessState"`,
  );
  return new Map(rows.map(({ name, lastSize }) => [name, BigInt(lastSize)]));
}

/** The policy in force; null before the first. */
export async function findPolicyText(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ text: string }>(
    `SELECT text FROM "LogPolicy" ORDER BY id DESC LIMIT 1`,
  );
  return rows[0]?.text ?? null;
}

export async function insertPolicy(client: pg.Client, text: string): Promise<void> {
  await client.query(`INSERT INTO "LogPolicy" (text) VALUES ($1)`, [text]);
}
