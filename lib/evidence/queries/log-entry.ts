import "server-only";
import { type LogEntryState, findLeafState } from "@/lib/log/queries";
import { db } from "@/lib/platform/db";
import { leafOfEnvelope } from "../commands/submit-envelope";

/** How far a recorded envelope has come on its way into the log. */
export async function findLogEntry(envelopeSha256: string): Promise<LogEntryState> {
  const leaf = await leafOfEnvelope(db, envelopeSha256);
  return leaf ? findLeafState(leaf.hash) : { state: "not_submitted" };
}
