import { writeFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { endProcess, identityOf, recordChildrenWith } from "./processes.mjs";
import { LaunchError, say } from "./progress.mjs";

/** One start at a time for a data folder, and nothing of a start that was killed left behind. */

const WAIT_SECONDS = 15;

/**
 * Takes the data folder for this process and ends what an interrupted start left running. Waits a while for
 * a start that is just ending. Returns how to give the folder back.
 */
export async function occupy(directory) {
  const lock = path.join(directory, "start.lock");
  const record = path.join(directory, "processes.json");
  await takeLock(lock, directory);
  await endLeftovers(record);
  const children = [];
  recordChildrenWith((child) => {
    children.push({ name: path.basename(child.spawnfile), pid: child.pid, identity: identityOf(child.pid) });
    const alive = children.filter(({ pid, identity }) => identityOf(pid) === identity);
    writeFileSync(record, JSON.stringify(alive));
  });
  return async function release() {
    recordChildrenWith(() => {});
    await rm(record, { force: true });
    await rm(lock, { force: true });
  };
}

/** Whether a start holds the data folder now. */
export async function isOccupied(directory) {
  const holder = await readJson(path.join(directory, "start.lock"));
  return holder !== null && identityOf(holder.pid) === holder.identity;
}

async function takeLock(lock, directory) {
  const mine = JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) });
  const until = Date.now() + WAIT_SECONDS * 1000;
  for (let hasSaid = false; ;) {
    try {
      return await writeFile(lock, mine, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = await readJson(lock);
    if (!holder || identityOf(holder.pid) !== holder.identity) {
      await rm(lock, { force: true });
      continue;
    }
    if (Date.now() > until) {
      throw new LaunchError(
        `Offcut already runs from ${directory} (process ${holder.pid}).\n` +
          "End it first, or set DATA_DIR and PORT to run a second one.",
      );
    }
    if (!hasSaid) say("- Waiting for an earlier start to end");
    hasSaid = true;
    await pause(250);
  }
}

async function endLeftovers(record) {
  const left = (await readJson(record)) ?? [];
  const alive = left.filter(({ pid, identity }) => identity && identityOf(pid) === identity);
  if (alive.length) say(`- Ending ${alive.length} processes that an interrupted start left running`);
  // SIGINT: the database among them then ends in good order, and so does everything else.
  await Promise.all(alive.map(({ pid }) => endProcess(pid, { signal: "SIGINT", graceSeconds: 5 })));
  await rm(record, { force: true });
}

async function readJson(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}
