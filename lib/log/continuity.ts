import { encodeBase64 } from "@/lib/shared/encoding";
import { type Checkpoint, openCheckpoint } from "./checkpoint";
import type { VerifyEd25519 } from "./ed25519";
import { equalBytes, proveConsistency, verifyConsistency } from "./merkle-tree";
import { readVkey } from "./signed-note";
import { tilePath } from "./tile-path";
import { type FetchTile, TileError, openTiles } from "./tile-reader";

/** What a reader keeps of a log between two visits. */
export type KnownLog = {
  vkey: string;
  /** the signed note, verbatim */
  checkpoint: string;
};

/** Why two checkpoints do not belong to one growing log. */
export type Discontinuity =
  /** the same name, signed with another key */
  | "other_key"
  /** signed twice by one key, and one is not the beginning of the other */
  | "forked"
  /** the tiles served do not lead to the checkpoint signed */
  | "tiles_differ";

/** All that shows a log to have told two stories; it needs nobody's word. */
export type LogEvidence = {
  reason: Discontinuity;
  kept: KnownLog;
  shown: KnownLog;
  /** From the smaller to the larger tree, as its own tiles give it; null where none could be made. */
  proof: { oldSize: string; newSize: string; hashes: string[] } | null;
  /** Tiles as they were served, by path below the log's prefix, base64. */
  tiles: Record<string, string>;
};

export type Continuity =
  /** One of the two extends the other. `known` is the larger, to be kept from now on. */
  | { state: "consistent"; known: KnownLog; isFirst: boolean }
  | { state: "failed"; evidence: LogEvidence }
  | {
      state: "cannot_check";
      /** "shrunk": the log shown is shorter than the one kept, and its tiles do not reach that far */
      reason: "unreadable" | "unreachable" | "shrunk";
    };

/**
 * Whether a log that is shown continues the one that was kept: the same key, and one tree the beginning of the other.
 * The proof is computed from tiles that lead to the signed root of the larger tree, so a server that keeps two logs
 * cannot hand out a proof that fits. A checkpoint that is older than the one kept is no fault by itself.
 */
export async function continueLog(
  kept: KnownLog | null,
  shown: KnownLog,
  fetchTile: FetchTile,
  verify: VerifyEd25519,
): Promise<Continuity> {
  const next = await checkpointOf(shown, verify);
  if (!next) return { state: "cannot_check", reason: "unreadable" };
  const last = kept && (await checkpointOf(kept, verify));
  if (!kept || !last || last.origin !== next.origin)
    return { state: "consistent", known: shown, isFirst: true };
  if (kept.vkey !== shown.vkey) return failed("other_key", kept, shown);
  if (last.size === next.size) {
    if (!equalBytes(last.root, next.root)) return failed("forked", kept, shown);
    return { state: "consistent", known: shown, isFirst: false };
  }
  const isGrown = next.size > last.size;
  const [older, newer] = isGrown ? [last, next] : [next, last];
  const known = isGrown ? shown : kept;
  const served: Record<string, string> = {};
  const keepTile: FetchTile = async (tile) => {
    const bytes = await fetchTile(tile);
    served[tilePath(tile)] = encodeBase64(bytes);
    return bytes;
  };
  try {
    const hashes = await proofBetween(older, newer, keepTile);
    if (verifyConsistency(older, newer, hashes)) return { state: "consistent", known, isFirst: false };
    const [oldSize, newSize] = [older.size.toString(), newer.size.toString()];
    const proof = { oldSize, newSize, hashes: hashes.map(encodeBase64) };
    return failed("forked", kept, shown, { proof, tiles: served });
  } catch (error) {
    if (error instanceof TileError)
      return failed("tiles_differ", kept, shown, { proof: null, tiles: served });
    return { state: "cannot_check", reason: isGrown ? "unreachable" : "shrunk" };
  }
}

/** The checkpoint that the log's own key signed; null when it did not. */
async function checkpointOf(log: KnownLog, verify: VerifyEd25519): Promise<Checkpoint | null> {
  const key = readVkey(log.vkey);
  const opened = key && (await openCheckpoint(log.checkpoint, { logs: [key] }, verify));
  return opened && typeof opened !== "string" ? opened.checkpoint : null;
}

async function proofBetween(older: Checkpoint, newer: Checkpoint, fetchTile: FetchTile) {
  if (older.size === 0n) return [];
  return proveConsistency(older.size, newer.size, openTiles(newer, fetchTile).readHashes);
}

function failed(
  reason: Discontinuity,
  kept: KnownLog,
  shown: KnownLog,
  found: Pick<LogEvidence, "proof" | "tiles"> = { proof: null, tiles: {} },
): Continuity {
  return { state: "failed", evidence: { reason, kept, shown, ...found } };
}
