import { findEnvelope } from "@/lib/evidence/queries/envelopes";
import { IMMUTABLE, logResponse, notInLog, refusal } from "../../log-response";

/** The envelope that a leaf records, byte for byte: `sha256sum` of the answer is its address. */
export async function GET(_request: Request, { params }: { params: Promise<{ sha256: string }> }) {
  const { sha256 } = await params;
  const envelope = await findEnvelope(sha256);
  if (!envelope) return notInLog("There is no such envelope.");
  if (envelope.state === "erased") return refusal(410, "erased", envelope.message);
  return logResponse(envelope.body, "application/vnd.dsse.envelope.v1+json", IMMUTABLE, {
    "content-disposition": `inline; filename="${sha256}.dsse.json"`,
  });
}
