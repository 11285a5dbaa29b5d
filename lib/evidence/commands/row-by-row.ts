import "server-only";
import { log } from "@/lib/platform/log";

/**
 * Does a clock's work on each row in turn. A row that fails is logged by its key and passed over, so that it holds up
 * none of the later ones; the next turn tries it again. Returns the sum of what the others came to.
 */
export async function rowByRow(
  clock: string,
  keys: readonly string[],
  work: (key: string) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (const key of keys) {
    try {
      sum += await work(key);
    } catch (error) {
      log.error({ clock, row: key, error: String(error) }, "row passed over");
    }
  }
  return sum;
}
