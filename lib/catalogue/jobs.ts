import "server-only";
import { inTransaction } from "@/lib/platform/db";
import { foldSearchChanges as fold } from "./commands/fold-search-changes";

export { renewDescriptions } from "./commands/renew-descriptions";

/** Folds every listing changed since the last turn into the search bitmaps. Counts are exact before and after. */
export async function foldSearchChanges(): Promise<void> {
  while ((await inTransaction(fold)) > 0);
}
