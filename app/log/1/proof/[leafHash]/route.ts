import { findTlogProof } from "@/lib/log/queries";
import { UNTIL_NEXT_CHECKPOINT, logResponse, notInLog } from "../../log-response";

export const dynamic = "force-dynamic";

/** A C2SP tlog-proof of a leaf under the last published checkpoint. It stays good for ever. */
export async function GET(_request: Request, { params }: { params: Promise<{ leafHash: string }> }) {
  const { leafHash } = await params;
  const proof = await findTlogProof(leafHash);
  if (proof === null) return notInLog("No published checkpoint covers such a leaf.");
  return logResponse(proof, "text/plain; charset=utf-8", UNTIL_NEXT_CHECKPOINT, {
    "content-disposition": `inline; filename="${leafHash}.tlog-proof"`,
  });
}
