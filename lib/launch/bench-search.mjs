import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateClient } from "./build.mjs";
import { installPackages } from "./install.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { startPostgres } from "./postgres.mjs";
import { endChildren, run } from "./processes.mjs";
import { say, step } from "./progress.mjs";

/**
 * `npm run bench:search [-- 1000000]`: fills a scratch database with 1k, 10k, 100k and every size named, and asks the
 * front page's own query function. Prints figures; it neither passes nor fails.
 */

/** Asked for once the packages it needs are installed. */
const databases = () => import("../processes/database/databases.mjs");

const SIZES = [1_000, 10_000, 100_000];

function sizesAsked(words) {
  const more = words.map(Number).filter((size) => Number.isInteger(size) && size > 0);
  return [...new Set([...SIZES, ...more])].sort((a, b) => a - b);
}

async function measure(size, url) {
  const env = {
    ...process.env,
    PATH: pathWithPinnedNode(),
    DATABASE_URL: url,
    NODE_ENV: "production",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    OFFCUT_DEMO: "1",
    LOG_LEVEL: "error",
  };
  const results = [];
  const onLine = (line) => (line.startsWith("{") ? results.push(JSON.parse(line)) : say(`  ${line}`));
  const migrate = [pinnedNode(), "lib/processes/database/migrate.mjs", "migrate"];
  const script = "lib/catalogue/queries/search.bench.ts";
  const bench = [pinnedNode(), "--conditions=react-server", "--import", "tsx", script, String(size)];
  try {
    for (const command of [migrate, bench]) {
      const { code } = await run(command, { cwd: root, env, onLine });
      if (code !== 0) throw new Error(`${command.slice(1).join(" ")} ended with ${code}`);
    }
  } finally {
    await (await databases()).dropDatabase(url);
  }
  return results;
}

/** How much slower each ten times more listings make a class: the slope of log p50 a decade. */
function growth(results) {
  return results.map((row) => {
    const smaller = results.filter((one) => one.class === row.class && one.listings < row.listings).at(-1);
    const slope = smaller && Math.log10(row.p50 / smaller.p50) / Math.log10(row.listings / smaller.listings);
    return { ...row, growth: slope === undefined ? "" : slope.toFixed(2) };
  });
}

async function bench(scratch) {
  await installPackages();
  await generateClient({ ...process.env, PATH: pathWithPinnedNode() });
  const { scratchName, withDatabaseName } = await databases();
  const given = process.env.DATABASE_URL;
  const server = given
    ? { url: (name) => withDatabaseName(given, name) }
    : await step("Starting PostgreSQL", () => startPostgres({ directory: scratch }));
  const results = [];
  for (const size of sizesAsked(process.argv.slice(2))) {
    const title = `${size.toLocaleString("en")} listings`;
    results.push(...(await step(title, () => measure(size, server.url(scratchName("bench"))))));
  }
  console.table(growth(results));
  return 0;
}

const scratch = await mkdtemp(path.join(tmpdir(), "offcut-bench-"));
const { interrupted } = untilInterrupted();
let code = 1;
try {
  code = await Promise.race([interrupted.then(() => 1), bench(scratch)]);
} finally {
  await endChildren();
  await rm(scratch, { recursive: true, force: true });
}
process.exit(code);
