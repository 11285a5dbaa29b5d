import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { generateClient } from "./build.mjs";
import { installPackages } from "./install.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { startPostgres } from "./postgres.mjs";
import { endChildren, run } from "./processes.mjs";
import { say, step } from "./progress.mjs";

/** `npm run drill`: every long loop and simulation, one after another, each on a database and a folder of its own. */

async function drillFiles() {
  const folders = ["app", "lib"].map(async (folder) => {
    const files = await readdir(path.join(root, folder), { recursive: true });
    return files.map((file) => path.join(folder, file));
  });
  return (await Promise.all(folders))
    .flat()
    .filter((file) => /\.drill\.(ts|mjs)$/.test(file))
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
  const options = { cwd: root, env, onLine: (line) => say(`  ${line}`) };
  const begun = performance.now();
  const migrated = await run([pinnedNode(), "lib/processes/database/migrate.mjs", "migrate"], options);
  const script = [pinnedNode(), "--conditions=react-server", "--import", "tsx", file];
  const { code } = migrated.code === 0 ? await run(script, options) : migrated;
  return { drill: file, result: code === 0 ? "passed" : "failed", seconds: seconds(begun) };
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
