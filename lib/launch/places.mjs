import { delimiter, dirname, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where things are; the only file that knows the depth of this folder. */

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const modules = join(root, "node_modules");
const binaries = join(modules, ".bin");

/** The folder of everything that an installation keeps outside its database server. */
export function dataDirectory() {
  return resolve(root, process.env.DATA_DIR || ".data");
}

/** The project's own Node once it is installed, which is newer than the one that launches it may be. */
export function pinnedNode() {
  const pinned = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(pinned) ? pinned : process.execPath;
}

/** The command line of a script that an installed package brings, run on the project's Node. */
export function packageScript(path, ...args) {
  return [pinnedNode(), join(modules, path), ...args];
}

/** The command line of one of our own scripts in TypeScript. */
export function ownScript(script, ...args) {
  return [pinnedNode(), "--conditions=react-server", "--import", "tsx", script, ...args];
}

/** The command line of a process that stays: `web`, `jobs` or `sequencer`. */
export function ownProcess(name, { port, isDev = false } = {}) {
  if (name !== "web") return ownScript(`lib/processes/${name}.ts`);
  return packageScript("next/dist/bin/next", isDev ? "dev" : "start", "-p", String(port));
}

/** PATH for everything started after the install: the project's Node before the machine's. */
export function pathWithPinnedNode() {
  return [dirname(pinnedNode()), binaries, process.env.PATH].join(delimiter);
}

/** PATH for the install itself, which replaces the folder that npm puts in front. */
export function pathWithoutModules() {
  return process.env.PATH.split(delimiter)
    .filter((entry) => !entry.includes("node_modules"))
    .join(delimiter);
}
