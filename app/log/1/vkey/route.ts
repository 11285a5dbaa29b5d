import { findPublishedLog } from "@/lib/log/queries";
import { logResponse, notInLog } from "../log-response";

export const dynamic = "force-dynamic";

/** The key that this log's checkpoints are signed with. */
export async function GET() {
  const log = await findPublishedLog();
  if (!log) return notInLog("This log has published no checkpoint yet.");
  return logResponse(`${log.vkey}\n`, "text/plain; charset=utf-8", "public, max-age=3600");
}
