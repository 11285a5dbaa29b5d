import "server-only";
import { backFillStatements } from "./commands/back-fill-statements";

/** Enters what was stated before there was a log. Safe in several processes at once. */
export async function runEvidenceClocks(): Promise<void> {
  await backFillStatements();
}
