import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { type LogEntryState, findLeafState, findLoggedLeaf, findTlogProof } from "@/lib/log/queries";
import { formatTlogProof } from "@/lib/log/tlog-proof";
import { db } from "@/lib/platform/db";
import { leafOfEnvelope } from "../commands/submit-envelope";

/** How far a recorded envelope has come on its way into the log. */
export async function findLogEntry(envelopeSha256: string): Promise<LogEntryState> {
  const leaf = await leafOfEnvelope(db, envelopeSha256);
  return leaf ? findLeafState(leaf.hash) : { state: "not_submitted" };
}

/** A leaf's own bytes as text, and the proof that it stands in the published tree; null for what is not there. */
export async function findEntryProof(
  leafHash: string,
): Promise<{ leafText: string; proofText: string } | null> {
  const leaf = await findLoggedLeaf(leafHash);
  if (!leaf) return null;
  const { index, hashes, log, body } = leaf;
  return {
    leafText: new TextDecoder().decode(body),
    proofText: formatTlogProof({ index, hashes, checkpoint: log.note, extra: null }),
  };
}

const LOOK_MILLISECONDS = 250;
/** Beyond so many at once nobody waits here: each would ask the database four times a second. */
const MAX_WAITING = 200;
let waitingNow = 0;

/** The tlog-proof of a leaf, as soon as a published checkpoint covers it; null when that takes longer than so many seconds. */
export async function awaitTlogProof(leafHash: string, seconds: number): Promise<string | null> {
  const first = await findTlogProof(leafHash);
  if (first !== null || seconds <= 0 || waitingNow >= MAX_WAITING) return first;
  waitingNow += 1;
  try {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      await pause(LOOK_MILLISECONDS);
      const proof = await findTlogProof(leafHash);
      if (proof !== null) return proof;
    }
    return null;
  } finally {
    waitingNow -= 1;
  }
}
