import { homedir, hostname } from "node:os";
import path from "node:path";

/** Where the person stands: npm runs scripts in the folder of the package and says so. */
export function workingFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}

/** A path as the person meant it. */
export function resolvePath(given: string): string {
  return path.resolve(workingFolder(), given);
}

/** Where checkpoints, keys and policies are remembered between two runs. */
export function stateFolderOf(given: string | undefined): string {
  if (given !== undefined) return resolvePath(given);
  const base = process.env["XDG_STATE_HOME"];
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), ".local", "state"), "offcut");
}

export function machineName(): string {
  return hostname();
}
