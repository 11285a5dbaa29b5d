import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { findTlogProof } from "@/lib/log/queries";

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
