import { PASSPORT_PAYLOAD_TYPE } from "@/lib/formats/passport";
import { findPassport } from "@/lib/evidence/queries/passport";
import { noPassport, passportResponse } from "../passport-response";

/** All that is claimed and held against a listed model, as one CycloneDX 1.6 document with the signed records in it. */
export async function GET(request: Request, { params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const passport = await findPassport(slug);
  if (!passport) return noPassport();
  return passportResponse(request, {
    body: passport.bytes,
    contentType: `${PASSPORT_PAYLOAD_TYPE}; version=1.6`,
    fileName: `${slug}.cdx.json`,
    etag: `"${passport.sha256}"`,
  });
}
