import { mkdirSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { dataDirectory } from "./places.mjs";

/** How a process that answers nobody shows that it works: the time of a file under the data folder. */

export const BEAT_SECONDS = 5;
/** Longer than any turn that still goes well, and a database that comes back, take. */
const ALIVE_WITHIN_SECONDS = 30;

const placeOf = (name) => path.join(dataDirectory(), "alive", name);
let lastBeatAt = -Infinity;

/** Says that this process has just done its work; written at most every 5 s, however often it is said. */
export function beat(name) {
  if (performance.now() - lastBeatAt < BEAT_SECONDS * 1000) return;
  lastBeatAt = performance.now();
  try {
    mkdirSync(path.dirname(placeOf(name)), { recursive: true, mode: 0o700 });
    writeFileSync(placeOf(name), "");
  } catch {
    // A full disk must not end what still works; it will be taken for dead, and somebody looks.
  }
}

/** Whether that process said so within the last 30 s. */
export async function isBeating(name) {
  const file = await stat(placeOf(name)).catch(() => null);
  return file !== null && Date.now() - file.mtimeMs < ALIVE_WITHIN_SECONDS * 1000;
}
