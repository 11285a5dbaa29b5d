import { findSpeakerFacts } from "@/lib/evidence/queries/speaker-facts";
import { UNTIL_NEXT_CHECKPOINT, logResponse, notInLog } from "../../log-response";

export const dynamic = "force-dynamic";

/** What the log itself holds of who speaks in an entry: bundles of the entries that say so. */
export async function GET(_request: Request, { params }: { params: Promise<{ leafHash: string }> }) {
  const { leafHash } = await params;
  const facts = await findSpeakerFacts(leafHash);
  if (facts === null) return notInLog("No published checkpoint covers such a leaf.");
  return logResponse(JSON.stringify({ facts }), "application/json", UNTIL_NEXT_CHECKPOINT);
}
