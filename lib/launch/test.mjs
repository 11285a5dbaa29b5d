import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { attackRows } from "./attack-rows.mjs";
import { findBrowser } from "./browser.mjs";
import { generateClient } from "./build.mjs";
import { findGo } from "./go.mjs";
import { installPackages } from "./install.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { openMarket } from "./market-under-test.mjs";
import { weighPages } from "./page-weight.mjs";
import { ownScript, packageScript, pathWithPinnedNode, root } from "./places.mjs";
import { endChildren, run } from "./processes.mjs";
import { explain, LaunchError, say, step } from "./progress.mjs";

/**
 * `npm test` and, with --quick, `npm run check`. Every stage runs, also after one that failed, unless it
 * needs what the failed one should have made. Uses no package, because none may be installed yet.
 */

const isQuick = process.argv.includes("--quick");
const total = { passed: 0, failed: 0 };
const failedStages = [];
const scratch = await mkdtemp(path.join(tmpdir(), "offcut-test-"));
const env = { ...process.env, PATH: pathWithPinnedNode(), NEXT_TELEMETRY_DISABLED: "1", FORCE_COLOR: "0" };
// Tests make and drop databases: only on a server that was named for them.
delete env.DATABASE_URL;
delete env.NODE_ENV;
delete env.NO_COLOR;

/** Runs a stage and adds up what it counted; one that counts nothing is one check. Returns its result, or null. */
async function stage(name, work) {
  try {
    const result = await step(name, work);
    const counts = result?.counts ?? { passed: 1, failed: 0 };
    total.passed += counts.passed;
    total.failed += counts.failed;
    if (counts.failed) failedStages.push(name);
    return result ?? {};
  } catch (error) {
    explain(error);
    total.failed++;
    failedStages.push(name);
    return null;
  }
}

/** A tool of an installed package; what it wrote is shown when it refuses. */
async function tool(script, ...args) {
  const { code, output } = await run(packageScript(script, ...args), { cwd: root, env });
  if (code !== 0) throw new LaunchError(output.split("\n").slice(-120).join("\n"));
}

async function vitest(project) {
  const report = path.join(scratch, `${project}.json`);
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json"];
  const command = packageScript("vitest/vitest.mjs", ...args, `--outputFile.json=${report}`);
  const { code, output } = await run(command, { cwd: root, env });
  const found = JSON.parse(await readFile(report, "utf8").catch(() => "{}"));
  const passed = found.numPassedTests ?? 0;
  // A file that could not even be read has no tests to fail, and a skipped test has not passed.
  const broken = (found.numFailedTestSuites ?? 0) > 0 && !found.numFailedTests ? 1 : 0;
  const counted = (found.numFailedTests ?? 0) + (found.numPendingTests ?? 0) + (found.numTodoTests ?? 0);
  const failed = counted + broken || (code === 0 && passed > 0 ? 0 : 1);
  if (failed) say(output.split("\n").slice(-150).join("\n"));
  say(`  ${passed} passed, ${failed} failed`);
  return { counts: { passed, failed } };
}

async function journeys(market, browser) {
  const report = path.join(scratch, "journeys.json");
  const { code } = await run(packageScript("@playwright/test/cli.js", "test"), {
    cwd: root,
    env: { ...env, ...market.env, CHROMIUM_PATH: browser, JOURNEYS_REPORT: report },
    onLine: (line) => line && say(`  ${line}`),
  });
  const { stats } = JSON.parse(await readFile(report, "utf8").catch(() => "{}"));
  const passed = stats?.expected ?? 0;
  const counted = stats ? stats.unexpected + stats.flaky + stats.skipped : 0;
  return { counts: { passed, failed: counted || (code === 0 && passed > 0 ? 0 : 1) } };
}

/** A drill in its short form, on the market that runs; its rows are shown as a table. */
async function attack(market, refusal, ...script) {
  const { rows, onLine } = attackRows(say);
  const options = { cwd: root, env: { ...env, ...market.env }, onLine };
  const { code } = await run(ownScript(...script), options);
  console.table(rows);
  if (code !== 0) throw new LaunchError(refusal);
}

/** The same as the drill, with a fixed seed and in a minute. */
const fuzz = (market) =>
  attack(market, "Something of it was answered with a fault.", "app/fuzz.drill.ts", "--short");

/** Kills each process once and measures how long it takes until all of them do their work again. */
const survivesKills = (market) => {
  const script = ["lib/processes/come-back-run.fixture.ts", "jobs", "sequencer", "web"];
  return attack(market, "Not everything came back within 60 s.", ...script);
};

async function everything() {
  const installed = await stage("Packages", installPackages);
  if (!installed) return;
  await stage("Database client", () => generateClient(env));
  // The production build writes the same types of routes, so it waits until these are checked.
  const types = stage("Types", async () => {
    await tool("next/dist/bin/next", "typegen");
    await tool("typescript/bin/tsc", "--noEmit", "--incremental", "false");
  });
  // One after another, because the distribution installs one thing at a time.
  const browser = isQuick ? null : stage("A browser", async () => ({ path: await findBrowser() }));
  const judge = Promise.resolve(browser).then(() => stage("Go's sumdb", judgeOfGo));
  // Two lanes keep two cores busy: what one waits for, the other computes.
  await Promise.all([sources(types, judge), isQuick ? null : inTheBrowser(types, browser)]);
}

async function judgeOfGo() {
  if (await findGo()) return;
  say(
    "  Go is not here and cannot be fetched: its sumdb is not asked, Sigstore's verifier alone judges the log.",
  );
}

async function sources(types, judge) {
  await stage("Format", () => tool("prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."));
  await stage("Lint", () => tool("eslint/bin/eslint.js", "--max-warnings=0", "."));
  await stage("Import rules", () => {
    const folders = ["app", "components", "lib", "prisma/seed"];
    return tool(
      "dependency-cruiser/bin/dependency-cruise.mjs",
      "--config",
      ".dependency-cruiser.mjs",
      ...folders,
    );
  });
  await stage("Nothing unused", () => tool("knip/bin/knip.js"));
  await Promise.all([types, judge]);
  await stage("Unit tests", () => vitest("unit"));
  await stage("Database tests", () => vitest("db"));
}

async function inTheBrowser(types, browser) {
  await types;
  const market = await stage("Production build, first start and demo market", () =>
    openMarket(path.join(scratch, "market")),
  );
  if (!market) return;
  await stage("Page weight", async () => ({ counts: await weighPages(market.env.APP_ORIGIN, say) }));
  const found = await browser;
  if (found) await stage("Journeys", () => journeys(market, found.path));
  // After the journeys: it moves the clock of the market, and reports, signs and suspends what it meets.
  await stage("What nobody should send", () => fuzz(market));
  await stage("Everything comes back after a kill", () => survivesKills(market));
  await stage("Everything ends within ten seconds", async () => void (await market.end()));
}

let isInterrupted = false;
const { interrupted } = untilInterrupted();
try {
  await Promise.race([interrupted.then(() => (isInterrupted = true)), everything()]);
} finally {
  await endChildren();
  await rm(scratch, { recursive: true, force: true });
}
if (isInterrupted) total.failed++;
if (failedStages.length) say(`\nFailed: ${failedStages.join(", ")}`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed ? 1 : 0);
