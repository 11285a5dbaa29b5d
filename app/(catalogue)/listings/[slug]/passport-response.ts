const HEADERS = {
  "access-control-allow-origin": "*",
  "cache-control": "public, max-age=60, stale-while-revalidate=600",
  vary: "accept-encoding",
};

type Answer = { body: Uint8Array<ArrayBuffer> | string; contentType: string; fileName: string; etag: string };

/** A passport as a file to keep; a reader who has it already is told so. */
export function passportResponse(request: Request, { body, contentType, fileName, etag }: Answer): Response {
  const headers = { ...HEADERS, etag };
  const known = (request.headers.get("if-none-match") ?? "").split(",").map((tag) => tag.trim());
  if (known.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(body, {
    headers: {
      ...headers,
      "content-type": contentType,
      "content-disposition": `attachment; filename="${fileName}"`,
    },
  });
}

export function noPassport(): Response {
  const error = { code: "not_found", parameter: null, message: "There is no such listing to be found." };
  return Response.json(
    { error },
    { status: 404, headers: { ...HEADERS, "cache-control": "public, max-age=10" } },
  );
}
