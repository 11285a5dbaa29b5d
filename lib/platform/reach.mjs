/** What a process that is kept apart can reach, found by looking: its answer to a probe. */
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";

export function whatItReaches() {
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => !address.internal);
  return { hasNetwork: outside.length > 0, seesHostFiles: seesHostFiles() };
}

/** Node refuses the question itself where it allows no such file. */
function seesHostFiles() {
  try {
    return existsSync("/etc/passwd");
  } catch {
    return false;
  }
}
