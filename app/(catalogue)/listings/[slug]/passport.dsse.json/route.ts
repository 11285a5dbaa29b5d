import { findSignedPassport } from "@/lib/evidence/queries/passport";
import { noPassport, passportResponse } from "../passport-response";

/** The passport's bytes in a DSSE envelope signed by the platform. Signatures differ each time, the payload does not. */
export async function GET(request: Request, { params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const signed = await findSignedPassport(slug);
  if (!signed) return noPassport();
  return passportResponse(request, {
    body: signed.envelope,
    contentType: "application/vnd.dsse.envelope.v1+json",
    fileName: `${slug}.dsse.json`,
    etag: `W/"${signed.payloadSha256}"`,
  });
}
