import { findTrustedRoot } from "@/lib/log/queries";
import { logResponse, notInLog } from "../log-response";

export const dynamic = "force-dynamic";

/** Sigstore's trusted root with this log alone, for verifiers that know bundles. */
export async function GET() {
  const root = await findTrustedRoot();
  if (root === null) return notInLog("This log has published no checkpoint yet.");
  return logResponse(root, "application/json", "public, max-age=3600");
}
