import "server-only";
import { parseRecord } from "@/lib/shared/encoding";

const MAX_BYTES = 16 * 1024;

export type SignInBody = { body: string } | { status: 400 | 413 | 415; message: string };

/**
 * The body of a request to next-auth, which throws on what it cannot read: at most 16 KiB of a form or of a flat JSON
 * object of texts. Anything else is answered with a sentence.
 */
export async function readSignInBody(request: Request): Promise<SignInBody> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const isJson = type === "application/json";
  if (!isJson && type !== "application/x-www-form-urlencoded")
    return { status: 415, message: "Send a form, or JSON." };
  const body = await readText(request);
  if (body === null) return { status: 413, message: "This is more than a sign-in needs." };
  if (!isJson) return { body };
  const record = parseRecord(body);
  return record && Object.values(record).every((value) => ["string", "boolean"].includes(typeof value))
    ? { body }
    : { status: 400, message: "This is not a JSON object of texts." };
}

async function readText(request: Request): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
