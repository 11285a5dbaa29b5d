/** Answers under /log/1/: readable from every origin, and never a page. */

const SHARED = { "access-control-allow-origin": "*", "x-content-type-options": "nosniff" };

/** What never changes again. */
export const IMMUTABLE = "public, max-age=31536000, immutable";
/** What the next checkpoint replaces. */
export const UNTIL_NEXT_CHECKPOINT = "public, max-age=1";

/** An answer with its kind and how long it may be kept. */
export function logResponse(
  body: string | Uint8Array,
  contentType: string,
  cacheControl: string,
  more: Record<string, string> = {},
): Response {
  const bytes = typeof body === "string" ? body : Uint8Array.from(body);
  return new Response(bytes, {
    headers: { ...SHARED, "content-type": contentType, "cache-control": cacheControl, ...more },
  });
}

/** 404: nothing here, or nothing here yet. */
export function notInLog(what: string): Response {
  return refusal(404, "not_found", what);
}

export function refusal(status: number, error: string, message: string): Response {
  return Response.json({ error, message }, { status, headers: { ...SHARED, "cache-control": "no-store" } });
}
