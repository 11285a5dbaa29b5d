import { findManifest } from "@/lib/catalogue/queries/model-digests";
import { noSuch } from "../../../../responses";

/** The manifest of a listed version, byte for byte: `sha256sum` of the answer is the model's digest. */
export async function GET(_request: Request, { params }: { params: Promise<{ modelDigest: string }> }) {
  const { modelDigest } = await params;
  const manifest = await findManifest(modelDigest);
  if (manifest === null) return noSuch("There is no such manifest.");
  return new Response(manifest, {
    headers: {
      "content-type": "application/json",
      "cache-control": "public, max-age=3600",
      "access-control-allow-origin": "*",
    },
  });
}
