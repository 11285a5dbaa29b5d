import { existsSync } from "node:fs";
import path from "node:path";
import { packageScript, pinnedNode, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { LaunchError, say } from "./progress.mjs";

/** A Chromium for the journeys: the one named, one that is installed, Playwright's, or the distribution's. */

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The path of a browser that starts; fetches one when there is none. */
export async function findBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const installed = (await firstThatStarts(installedPaths())) ?? (await playwrightsOwn());
  if (installed) return installed;
  say("  no browser here; fetching Playwright's");
  await run(packageScript("@playwright/test/cli.js", "install", "chromium"), { cwd: root });
  const fetched = await playwrightsOwn();
  if (fetched) return fetched;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("  that did not give one that starts; installing the distribution's");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run(["apt-get", "update"], { env });
    await run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], { env });
    const packaged = await firstThatStarts(installedPaths());
    if (packaged) return packaged;
  }
  throw new LaunchError("No Chromium could be found or fetched. Install one, or set CHROMIUM_PATH to it.");
}

function installedPaths() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), MAC];
}

async function playwrightsOwn() {
  const question = 'import("@playwright/test").then((p) => console.log(p.chromium.executablePath()))';
  const { output } = await run([pinnedNode(), "-e", question], { cwd: root });
  return firstThatStarts([output.trim()]);
}

/** A browser may be there and lack a library, and a wrapper may be there without its browser. */
async function firstThatStarts(paths) {
  for (const file of paths) {
    if (!existsSync(file)) continue;
    const { code } = await run([file, "--no-sandbox", "--version"]);
    if (code === 0) return file;
  }
  return null;
}
