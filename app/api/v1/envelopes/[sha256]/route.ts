import { findEnvelope } from "@/lib/evidence/queries/envelopes";
import { noSuch } from "../../../../responses";

/** A DSSE envelope by its SHA-256, byte for byte: `sha256sum` of the answer is its address. */
export async function GET(_request: Request, { params }: { params: Promise<{ sha256: string }> }) {
  const { sha256 } = await params;
  const envelope = await findEnvelope(sha256);
  if (!envelope) return noSuch("There is no such envelope.");
  if (envelope.state === "erased") {
    return Response.json({ error: "erased", message: envelope.message }, { status: 410 });
  }
  return new Response(envelope.body, {
    headers: {
      "content-type": "application/vnd.dsse.envelope.v1+json",
      "content-disposition": `inline; filename="${sha256}.dsse.json"`,
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
    },
  });
}
