import { createHash } from "node:crypto";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { modules, pathWithoutModules, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { LaunchError, say, step } from "./progress.mjs";

/** Brings `node_modules` to what the lock file says, and does nothing when it is there already. */

const stamp = path.join(modules, ".offcut-installed");
const lockFile = path.join(root, "package-lock.json");

export async function installPackages() {
  const digest = createHash("sha256")
    .update(await readFile(lockFile))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex");
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return;
  if (!(await installedByHand())) await step("Installing packages", () => installTwice());
  // The pinned Node comes with headers and an npm that nobody uses (68 MB); its program is a link of its own.
  await rm(path.join(modules, "node", "node_modules"), { recursive: true, force: true });
  await writeFile(stamp, digest);
}

/** npm writes this file at the end of every complete install. */
async function installedByHand() {
  const [installed, locked, ours] = await Promise.all([
    stat(path.join(modules, ".package-lock.json")).catch(() => null),
    stat(lockFile),
    stat(stamp).catch(() => null),
  ]);
  return installed !== null && installed.mtimeMs >= Math.max(locked.mtimeMs, ours?.mtimeMs ?? 0);
}

/** A registry that stumbles once is no reason to give up. */
async function installTwice() {
  const first = await npmCi();
  if (first.code === 0) return;
  say("  npm ci failed; trying once more");
  const second = await npmCi();
  if (second.code === 0) return;
  throw new LaunchError(`The packages could not be installed. npm said:\n${tail(second.output)}`);
}

function npmCi() {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  return run([npm, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    // The install replaces the Node that may be running this, so it is done by the machine's own.
    env: { ...process.env, PATH: pathWithoutModules(), NODE_ENV: "" },
    shell: process.platform === "win32",
  });
}

function tail(output) {
  return output.split("\n").slice(-25).join("\n");
}
