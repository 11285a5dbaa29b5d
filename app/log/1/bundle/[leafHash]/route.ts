import { findBundle } from "@/lib/evidence/queries/bundle";
import { UNTIL_NEXT_CHECKPOINT, logResponse, notInLog, refusal } from "../../log-response";

export const dynamic = "force-dynamic";

/** A Sigstore bundle: the envelope, and all that shows it in the log. */
export async function GET(_request: Request, { params }: { params: Promise<{ leafHash: string }> }) {
  const { leafHash } = await params;
  const bundle = await findBundle(leafHash);
  if (bundle === null) return notInLog("No published checkpoint covers such a leaf.");
  if (bundle === "payload_unavailable")
    return refusal(410, bundle, "The leaf stands in the log; the statement it records was erased.");
  return logResponse(bundle, "application/vnd.dev.sigstore.bundle.v0.3+json", UNTIL_NEXT_CHECKPOINT, {
    "content-disposition": `inline; filename="${leafHash}.sigstore.json"`,
  });
}
