import { cp, mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { openMarket } from "./market-under-test.mjs";
import { dataDirectory, ownScript, pinnedNode, root } from "./places.mjs";
import { endChildren, run } from "./processes.mjs";
import { explain, LaunchError, say } from "./progress.mjs";

/**
 * A market of its own, filled like a demo: twenty random kills of its processes and of its database, each of which
 * everything has to survive; then a backup, and a restore into another place, with the seconds that each takes.
 */

/** Six ends in a row would be given up, and each of these is a row. */
const KILLS_EACH = 5;
const deck = ["postgres", "jobs", "sequencer", "web"].flatMap((name) => Array(KILLS_EACH).fill(name));

function shuffled(names) {
  return names
    .map((name) => [Math.random(), name])
    .sort(([a], [b]) => a - b)
    .map(([, name]) => name);
}

async function mustSucceed(command, env) {
  const begun = performance.now();
  const { code } = await run(command, { cwd: root, env, onLine: (line) => line && say(line) });
  if (code !== 0) throw new LaunchError(`${command.join(" ")} ended with ${code}.`);
  return ((performance.now() - begun) / 1000).toFixed(1);
}

async function backUpAndRestore(directory, env) {
  const place = path.join(dataDirectory(), "backups");
  const script = (name, ...args) => [pinnedNode(), path.join("lib", "launch", name), ...args];
  const first = await mustSucceed(script("backup.mjs", place), env);
  const second = await mustSucceed(script("backup.mjs", place), env);
  const backups = (await readdir(place)).filter((name) => name.startsWith("20")).sort();
  const elsewhere = path.join(dataDirectory(), "restored");
  for (const keys of ["keys", path.join("storage", "keys")])
    await cp(path.join(directory, keys), path.join(elsewhere, keys), { recursive: true });
  const restore = script("restore.mjs", path.join(place, backups.at(-1)));
  const seconds = await mustSucceed(restore, { ...env, DATABASE_URL: "", DATA_DIR: elsewhere });
  return { "first backup, s": first, "second backup, s": second, "restore, s": seconds };
}

try {
  const directory = path.join(dataDirectory(), "market");
  await mkdir(directory, { recursive: true });
  const market = await openMarket(directory);
  const script = ownScript("lib/processes/come-back-run.fixture.ts", ...shuffled(deck));
  await mustSucceed(script, market.env);
  console.table([await backUpAndRestore(directory, market.env)]);
  await market.end();
} catch (error) {
  explain(error);
  process.exitCode = 1;
} finally {
  await endChildren();
}
process.exit();
