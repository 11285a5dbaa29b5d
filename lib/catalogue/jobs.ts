import "server-only";
import { inTransaction } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { foldSearchChanges as fold } from "./commands/fold-search-changes";
import { sweepFiles } from "@/lib/selling/commands/sweep-files";

/** Folds every listing changed since the last turn into the search bitmaps. Counts are exact before and after. */
export async function foldSearchChanges(): Promise<void> {
  while ((await inTransaction(fold)) > 0);
}

/** Deletes files and drafts that nobody can reach any more. */
export async function sweepStorage(): Promise<void> {
  const swept = await sweepFiles();
  if (Object.values(swept).some((count) => count > 0)) log.info(swept, "storage swept");
}
