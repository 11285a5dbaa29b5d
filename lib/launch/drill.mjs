import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { attackRows } from "./attack-rows.mjs";
import { generateClient } from "./build.mjs";
import { installPackages } from "./install.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { startPostgres } from "./postgres.mjs";
import { endChildren, run } from "./processes.mjs";
import { say, step } from "./progress.mjs";

/**
 * `npm run drill [-- words]`: every long loop and simulation, or those with one of the words in their path, one after
 * another, each on a database and a folder of its own. A drill writes what it measured as lines of JSON, `{"attack": …,
 * "limit": …, "measured": …, "within": …}`; all of them stand in one table at the end, and one that is not within fails.
 */

const wanted = process.argv.slice(2);
const measured = [];

async function drillFiles() {
  const folders = ["app", "lib"].map(async (folder) => {
    const files = await readdir(path.join(root, folder), { recursive: true });
    return files.map((file) => path.join(folder, file));
  });
  return (await Promise.all(folders))
    .flat()
    .filter((file) => /\.drill\.(ts|mjs)$/.test(file))
    .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
    .sort();
}

async function drill(file, number, server, scratch) {
  const env = {
    ...process.env,
    PATH: pathWithPinnedNode(),
    NODE_ENV: "test",
    DATABASE_URL: server.url(`drill_${number}`),
    DATA_DIR: path.join(scratch, `drill-${number}`),
    APP_ORIGIN: "http://localhost:3000",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    OFFCUT_MASTER_KEY: randomBytes(32).toString("hex"),
    OFFCUT_DEMO: "1",
    LOG_LEVEL: "error",
  };
  const { rows, onLine } = attackRows(say);
  const options = { cwd: root, env, onLine };
  const begun = performance.now();
  const migrated = await run([pinnedNode(), "lib/processes/database/migrate.mjs", "migrate"], options);
  const script = [pinnedNode(), "--conditions=react-server", "--import", "tsx", file];
  const { code } = migrated.code === 0 ? await run(script, options) : migrated;
  measured.push(...rows);
  const isWithin = code === 0 && rows.every(({ within }) => within);
  return { drill: file, result: isWithin ? "passed" : "failed", seconds: seconds(begun) };
}

function seconds(begun) {
  return Math.round((performance.now() - begun) / 1000);
}

async function everyDrill(scratch) {
  await installPackages();
  await generateClient({ ...process.env, PATH: pathWithPinnedNode() });
  const server = await step("Starting PostgreSQL", () => startPostgres({ directory: scratch }));
  const results = [];
  for (const [number, file] of (await drillFiles()).entries()) {
    results.push(await step(file, () => drill(file, number, server, scratch)));
  }
  console.table(measured);
  console.table(results);
  return results.filter(({ result }) => result === "failed").length;
}

const scratch = await mkdtemp(path.join(tmpdir(), "offcut-drill-"));
const { interrupted } = untilInterrupted();
let failed = 1;
try {
  failed = (await Promise.race([interrupted.then(() => 1), everyDrill(scratch)])) ?? 1;
} finally {
  await endChildren();
  await rm(scratch, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
