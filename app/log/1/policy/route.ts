import { findPolicy } from "@/lib/log/queries";
import { logResponse, notInLog } from "../log-response";

export const dynamic = "force-dynamic";

/** A tlog-policy to begin with: what a reader trusts is the copy that the reader keeps. */
export async function GET() {
  const policy = await findPolicy();
  if (policy === null) return notInLog("This log has published no checkpoint yet.");
  return logResponse(policy, "text/plain; charset=utf-8", "public, max-age=3600");
}
