import { findListedKey } from "@/lib/evidence/queries/listed-key";
import { publicAnswer, publicRefusal } from "../../public-response";

export { preflight as OPTIONS } from "../../public-response";

/** A key and who it is listed for. Its id is the SHA-256 of the key, so another key cannot be slipped in. */
export async function GET(_request: Request, { params }: { params: Promise<{ keyId: string }> }) {
  const key = await findListedKey((await params).keyId);
  if (!key) return publicRefusal(404, "not_found", "No such key is listed here.");
  return publicAnswer(key);
}
