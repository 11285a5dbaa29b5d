import { readCheckpoint } from "@/lib/log/checkpoint";
import { type KnownLog, type LogEvidence, continueLog } from "@/lib/log/continuity";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { readNote } from "@/lib/log/signed-note";
import type { FetchTile } from "@/lib/log/tile-reader";
import { Refusal } from "./ending";
import { type Row, cannotCheck, verified } from "./row";
import { type Memory, placeName } from "./memory";

/** A log as it was last seen here; null before the first look. */
export function findKnownLog(memory: Memory, origin: string): KnownLog | null {
  const vkey = memory.find("logs", placeName(origin), "vkey");
  const checkpoint = memory.find("logs", placeName(origin), "checkpoint");
  return vkey === null || checkpoint === null ? null : { vkey: vkey.trim(), checkpoint };
}

/** The size of the largest tree seen of a log, by what is remembered of it and what it shows now. */
export function largestSeen(memory: Memory, { origin, size }: { origin: string; size: bigint }): bigint {
  const kept = findKnownLog(memory, origin);
  const before = kept ? placeOf(kept).size : 0n;
  return before > size ? before : size;
}

function keepKnownLog(memory: Memory, origin: string, { vkey, checkpoint }: KnownLog): void {
  memory.keep(`${vkey}\n`, "logs", placeName(origin), "vkey");
  memory.keep(checkpoint, "logs", placeName(origin), "checkpoint");
}

/**
 * Demands that a log, as it is shown now, continues the one that was seen before: the same key, and one tree the
 * beginning of the other. The larger is remembered. Throws `inconsistent_log` where one key signed two histories,
 * with both signed checkpoints and the proof that fails kept as evidence that needs nobody's word.
 */
export async function demandOneHistory(
  memory: Memory,
  shown: KnownLog,
  fetchTile: FetchTile,
  now: Date,
): Promise<Row> {
  const { origin, size } = placeOf(shown);
  const kept = findKnownLog(memory, origin);
  const found = await continueLog(kept, shown, fetchTile, verifyByNode);
  if (found.state === "failed") throw convict(memory, origin, found.evidence, now);
  if (found.state === "consistent") {
    keepKnownLog(memory, origin, found.known);
    return verified("history", historyText(kept && placeOf(kept).size, size));
  }
  const seen = kept ? placeOf(kept).size : 0n;
  const said =
    found.reason === "shrunk"
      ? `${size} entries, fewer than the ${seen} seen before, whose tiles are gone`
      : "whether it extends what was seen before could not be checked";
  return cannotCheck("history", found.reason, said, "unreachable");
}

/** Holds a checkpoint that came in a file against the last one seen, as far as that goes without the log. */
export async function compareOffline(memory: Memory, note: string, now: Date): Promise<Row | null> {
  const { origin, size } = placeOf({ vkey: "", checkpoint: note });
  const kept = findKnownLog(memory, origin);
  if (!kept || placeOf(kept).size !== size) return null;
  const nothing = () => Promise.reject(new Error("Nothing is fetched for a file."));
  const found = await continueLog(kept, { vkey: kept.vkey, checkpoint: note }, nothing, verifyByNode);
  if (found.state === "failed") throw convict(memory, origin, found.evidence, now);
  return found.state === "consistent"
    ? verified("history", `the very tree of ${size} entries that was seen before`)
    : null;
}

function placeOf({ checkpoint }: KnownLog): { origin: string; size: bigint } {
  const read = readCheckpoint(readNote(checkpoint)?.text ?? "");
  if (!read) throw new Refusal("usage", "state_damaged", "A remembered checkpoint cannot be read.");
  return read;
}

function historyText(seen: bigint | null, size: bigint): string {
  if (seen === null) return `first look at this log, at ${size} entries; the next is held against it`;
  if (size === seen) return `the same ${size} entries as at the last look`;
  if (size > seen) return `only appended to since the last look: ${seen} entries then, ${size} now`;
  return `an earlier state of what was seen before: ${size} of ${seen} entries`;
}

/** Keeps the evidence and gives the refusal that names it. */
function convict(memory: Memory, origin: string, evidence: LogEvidence, now: Date): Refusal {
  const { reason, kept, shown, proof, tiles } = evidence;
  if (reason === "other_key")
    return new Refusal(
      "untrusted_key",
      "log_key_changed",
      `${origin} was known by the key ${kept.vkey} and is now signed with ${shown.vkey}.`,
    );
  const place = ["logs", placeName(origin), `${reason}-${now.toISOString().replace(/[:.]/g, "-")}`];
  memory.keep(kept.checkpoint, ...place, "seen-before.checkpoint");
  memory.keep(shown.checkpoint, ...place, "shown-now.checkpoint");
  memory.keep(`${kept.vkey}\n`, ...place, "vkey");
  memory.keep(`${JSON.stringify(proof, null, 2)}\n`, ...place, "consistency-proof.json");
  const file = memory.keep(`${JSON.stringify(tiles, null, 2)}\n`, ...place, "tiles.json");
  const folder = file.slice(0, file.lastIndexOf("/"));
  const sizes = `of ${placeOf(kept).size} and of ${placeOf(shown).size} entries`;
  if (reason === "tiles_differ")
    return new Refusal(
      "failed",
      "tiles_differ",
      `${origin} serves tiles that do not lead to the tree it signed. They are kept in ${folder}.`,
      { evidence: folder },
    );
  return new Refusal(
    "inconsistent_log",
    "two_histories",
    `${origin} signed two trees, ${sizes}, that are not one history. Both checkpoints and the proof that fails are kept in ${folder}.`,
    { evidence: folder },
  );
}
