/** 404 in JSON: there is no such thing, or none for whoever asks. */
export function noSuch(message?: string): Response {
  return Response.json({ error: "not_found", message }, { status: 404 });
}

/** A file to keep under a name. */
export function download(body: string, type: string, name: string, headers = {}): Response {
  return new Response(body, {
    headers: { "content-type": type, "content-disposition": `attachment; filename="${name}"`, ...headers },
  });
}

/** For what only some may read: nobody on the way keeps it. */
export const PRIVATE = { "x-content-type-options": "nosniff", "cache-control": "private, no-store" };
