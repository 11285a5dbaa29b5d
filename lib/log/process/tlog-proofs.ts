import "server-only";
import { readPool } from "@/lib/platform/read-pool";
import { inGroups } from "@/lib/shared/in-groups";
import { LogDamageError } from "../log-damage";
import type { HashReader } from "../merkle-tree";
import { findPublishedLog, loadTiles, proveLeaf } from "../queries";
import { type TilePlace, readerOfRows } from "../tile-rows";
import { formatTlogProof } from "../tlog-proof";

/**
 * The C2SP tlog-proofs of many leaves, by their hashes in hexadecimal, in a fixed number of queries; leaves that no
 * published checkpoint covers are left out. Where the tiles do not prove a leaf, the damage stands in place of its proof.
 */
export async function findTlogProofs(
  leafHashes: readonly string[],
): Promise<Map<string, string | LogDamageError>> {
  const [log, leaves] = await Promise.all([findPublishedLog(), listLeaves(leafHashes)]);
  if (!log) return new Map();
  const read = readTogether();
  const proofs = leaves
    .filter(({ index }) => index < log.checkpoint.size)
    .map(async (leaf) => {
      const { index } = leaf;
      const proof = proveLeaf(log, leaf, read).then((hashes) =>
        formatTlogProof({ index, hashes, checkpoint: log.note, extra: null }),
      );
      return [leaf.hash.toString("hex"), await proof.catch(asDamage)] as const;
    });
  return new Map(await Promise.all(proofs));
}

async function listLeaves(leafHashes: readonly string[]): Promise<{ index: bigint; hash: Buffer }[]> {
  const { rows } = await readPool().query<{ index: string; hash: Buffer }>(
    `SELECT index, "leafHash" AS hash FROM "LogLeaf" WHERE "leafHash" = ANY($1)`,
    [leafHashes.map((hash) => Buffer.from(hash, "hex"))],
  );
  return rows.map(({ index, hash }) => ({ index: BigInt(index), hash }));
}

/** Proofs made side by side ask for their tiles at one moment: one query reads the tiles of all. */
function readTogether(): HashReader {
  const load = async (asked: readonly (readonly TilePlace[])[]) => {
    const tiles = await loadTiles(asked.flat());
    return asked.map(({ length }) => tiles.splice(0, length));
  };
  return readerOfRows(inGroups(Infinity, load));
}

function asDamage(error: unknown): LogDamageError {
  if (error instanceof LogDamageError) return error;
  throw error;
}
