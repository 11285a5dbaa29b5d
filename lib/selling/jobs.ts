import "server-only";
import { log } from "@/lib/platform/log";
import { sweepFiles } from "./commands/sweep-files";

export { workOnRun } from "./commands/work-on-run";

/** Deletes files and drafts that nobody can reach any more. */
export async function sweepStorage(): Promise<void> {
  const swept = await sweepFiles();
  if (Object.values(swept).some((count) => count > 0)) log.info(swept, "storage swept");
}
