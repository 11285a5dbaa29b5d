import "server-only";
import type { Tx } from "@/lib/platform/db";
import { type RunAttemptPredicate, runAttemptStatement } from "@/lib/statements/kinds/run-attempt";
import { statementBytes } from "@/lib/statements/statement";
import { signAsPlatform } from "./platform-key";
import { recordEnvelope } from "./record-envelope";

/**
 * The platform states that a run of these files begins, or ended without figures, in the caller's transaction. Returns the
 * envelope's address; it stands in the log once `verifyLogged` says so.
 */
export async function recordAttempt(
  tx: Tx,
  predicate: RunAttemptPredicate,
  modelDigest: string,
): Promise<string> {
  const payload = statementBytes(runAttemptStatement(predicate, modelDigest));
  return (await recordEnvelope(tx, await signAsPlatform(payload, tx))).sha256;
}
