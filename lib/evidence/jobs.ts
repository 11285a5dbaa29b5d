import "server-only";
import { backFillStatements } from "./commands/back-fill-statements";
import { countDay } from "./commands/count-day";

/** Enters what was stated before there was a log, and signs the count of the day. Safe in several processes at once. */
export async function runEvidenceClocks(): Promise<void> {
  await backFillStatements();
  await countDay();
}
