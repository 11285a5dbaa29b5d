import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { untilInterrupted } from "./interruption.mjs";
import { endChildren } from "./processes.mjs";
import { explain } from "./progress.mjs";

/**
 * Does the work of a program in a folder of its own, then ends all that it started, removes the folder and leaves the
 * process: with code 1 when the work failed, which is explained, or was interrupted.
 */
export async function inScratch(name, work) {
  const scratch = await mkdtemp(path.join(tmpdir(), `offcut-${name}-`));
  const { interrupted } = untilInterrupted();
  try {
    await Promise.race([interrupted.then(() => (process.exitCode = 1)), work(scratch)]);
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  } finally {
    await endChildren();
    await rm(scratch, { recursive: true, force: true });
  }
  process.exit();
}
