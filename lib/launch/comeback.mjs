import { setTimeout as pause } from "node:timers/promises";
import { endProcess } from "./processes.mjs";
import { LaunchError, reasonIn, say } from "./progress.mjs";

/** A process that ended by itself is started again, until that is given up. */

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 8;
/** Whoever stood this long has come back, and what was before is forgotten. */
const STANDS_AFTER_SECONDS = 60;
/** Ends in a row after which nobody tries again. */
const MOST_ENDS = 6;

/** The exit code of a process that must not go on and is not started again: of the sequencer, when the log must not. */
export const REFUSES = 78;

/**
 * What follows an end: how many in a row it makes, and how many seconds to wait before the next start, which is null
 * when there is to be none. Waits 0.5, 1, 2, 4 and 8 s and gives up at the sixth end in a row; whoever stood 60 s
 * begins a new row. `endsBefore` counts the ends in a row before this one.
 */
export function afterEnd({ endsBefore, stoodSeconds }) {
  const ends = stoodSeconds >= STANDS_AFTER_SECONDS ? 1 : endsBefore + 1;
  const pauseSeconds =
    ends >= MOST_ENDS ? null : Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (ends - 1));
  return { ends, pauseSeconds };
}

/**
 * Keeps a process: `first` runs, and `start` starts it again when it ends by itself, with a line that says why.
 * `fallen` rejects with the reason when it is given up, or when it ends while `isKept` says no. One that refuses
 * to go on is left alone, and nobody falls. `letGo` lets its next end be the last.
 */
export function comeBack({ name, first, start, lastWords, isKept }) {
  const ending = new AbortController();
  let child = first;

  async function run() {
    for (let endsBefore = 0, begun = performance.now(); ; begun = performance.now()) {
      const { code, signal, error } = await endOf(child);
      if (ending.signal.aborted) return;
      if (code === REFUSES) return say(`${name} refuses to go on. ${lastWords().at(-1) ?? ""}`);
      const reason = signal ?? error?.message ?? code;
      const words = reasonIn(lastWords().join("\n"));
      if (!isKept()) throw new LaunchError(`${name} ended (${reason}).\n${words}`);
      const stoodSeconds = (performance.now() - begun) / 1000;
      const { ends, pauseSeconds } = afterEnd({ endsBefore, stoodSeconds });
      if (pauseSeconds === null)
        throw new LaunchError(`${name} ended ${ends} times in a row (${reason}) and is given up.\n${words}`);
      const last = words.trimEnd().split("\n").at(-1);
      say(
        `${name} ended (${reason}) after ${Math.round(stoodSeconds)} s and starts again in ${pauseSeconds} s.` +
          (last ? ` Its last words: ${last}` : ""),
      );
      endsBefore = ends;
      await pause(pauseSeconds * 1000, undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) return;
      child = await start().catch((failure) => ({ ended: Promise.resolve({ error: failure }) }));
    }
  }

  const fallen = new Promise((_, reject) => void run().catch(reject));
  fallen.catch(() => {});
  return { fallen, letGo: () => ending.abort(), pid: () => child.pid };
}

/** How a process ended, once nothing that it started itself is left either. */
async function endOf(child) {
  const end = await child.ended;
  if (child.pid) await endProcess(child.pid);
  return end;
}
