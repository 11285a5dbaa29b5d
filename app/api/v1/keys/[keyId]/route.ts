import { publicHeaders } from "@/lib/catalogue/api-view";
import { findListedKey } from "@/lib/evidence/queries/listed-key";

/** A key and who it is listed for. Its id is the SHA-256 of the key, so another key cannot be slipped in. */
export async function GET(_request: Request, { params }: { params: Promise<{ keyId: string }> }) {
  const key = await findListedKey((await params).keyId);
  if (!key) {
    const error = { code: "not_found", parameter: null, message: "No such key is listed here." };
    return Response.json({ error }, { status: 404, headers: publicHeaders });
  }
  return Response.json(key, { headers: publicHeaders });
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers: publicHeaders });
}
