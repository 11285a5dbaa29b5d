import { findPublishedLog } from "@/lib/log/queries";
import { UNTIL_NEXT_CHECKPOINT, logResponse, notInLog } from "../log-response";

export const dynamic = "force-dynamic";

/** The last published checkpoint, with the cosignatures it has. */
export async function GET() {
  const log = await findPublishedLog();
  if (!log) return notInLog("This log has published no checkpoint yet.");
  return logResponse(log.note, "text/plain; charset=utf-8", UNTIL_NEXT_CHECKPOINT);
}
