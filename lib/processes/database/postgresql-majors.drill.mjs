import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { onServer } from "./databases.mjs";
import { inScratch } from "../../launch/in-scratch.mjs";
import { applyMigrations, migrationStatus } from "./migrate.mjs";
import { modules, packageScript, pinnedNode, root } from "../../launch/places.mjs";
import { postgresPackage, startPostgres } from "../../launch/postgres.mjs";
import { run } from "../../launch/processes.mjs";
import { LaunchError, say, step } from "../../launch/progress.mjs";

/** The migrations and the database tests on real servers of the oldest and of the newest PostgreSQL in the README. */

/** Where the programs of a major come from that is not the embedded one. */
const RELEASES = { 15: "15.18.0-beta.17" };
/** Majors before 17 bring no locale of their own: byte order, and what letters are as the machine says. */
const MACHINE_LOCALE = ["--locale=C", `--lc-ctype=${process.platform === "darwin" ? "UTF-8" : "C.UTF-8"}`];
/** A crash of the machine may cost these servers their data. */
const FLAGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"].flatMap((flag) => ["-c", flag]);

/** The oldest and the newest major that the README promises. */
async function promisedMajors() {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  const [oldest, newest] = [/PostgreSQL (\d+) or newer/, /its own PostgreSQL (\d+)/].map(
    (sentence) => sentence.exec(readme)?.[1],
  );
  if (!RELEASES[oldest] || !newest) throw new LaunchError(`The README promises ${oldest} to ${newest}.`);
  return { oldest, newest };
}

/** Installs the programs of another major into a folder of their own, and returns its packages. */
async function installRelease(version, folder) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const wanted = `${postgresPackage()}@${version}`;
  const install = [npm, "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", wanted];
  await mkdir(folder, { recursive: true });
  await mustSucceed(install, { cwd: folder, shell: process.platform === "win32" });
  const packages = path.join(folder, "node_modules");
  const cwd = path.join(packages, postgresPackage());
  await mustSucceed([pinnedNode(), path.join("scripts", "hydrate-symlinks.js")], { cwd });
  return packages;
}

async function mustSucceed(command, options) {
  const { code, output } = await run(command, options);
  if (code !== 0) throw new LaunchError(output.split("\n").slice(-150).join("\n"));
}

async function drillOn(major, options) {
  const server = await startPostgres({ ...options, flags: FLAGS });
  const url = server.url("offcut");
  const { rows } = await onServer(url, (client) => client.query("show server_version"));
  if (parseInt(rows[0].server_version) !== Number(major)) throw new Error(`This is not PostgreSQL ${major}.`);
  await step(`Migrations on ${major}`, () => applyMigrations(url));
  const status = await migrationStatus(url);
  if (Object.values(status).some((names) => names.length > 0)) throw new Error(JSON.stringify(status));
  const env = { ...process.env, TEST_DATABASE_URL: server.url("postgres") };
  await step(`Database tests on ${major}`, () =>
    mustSucceed(packageScript("vitest/vitest.mjs", "run", "--project", "db"), { cwd: root, env }),
  );
  await server.stop();
}

async function everyMajor(scratch) {
  const { oldest, newest } = await promisedMajors();
  const folder = path.join(scratch, "release");
  const packages = await step(`PostgreSQL ${oldest}`, () => installRelease(RELEASES[oldest], folder));
  await drillOn(oldest, { directory: path.join(scratch, "oldest"), packages, locale: MACHINE_LOCALE });
  await drillOn(newest, { directory: path.join(scratch, "newest"), packages: modules });
  say("Both hold.");
}

await inScratch("majors", everyMajor);
