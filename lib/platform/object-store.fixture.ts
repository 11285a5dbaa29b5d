import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** A bucket "b" in memory, and the answers of an S3-compatible store that holds it. */
export function objectStore() {
  const bucket = new Map<string, Buffer>();
  const openUploads = new Map<string, Map<number, Buffer>>();

  /** As much of the S3 protocol as an upload needs: put, multipart, get with range, head, delete. */
  function answer(request: IncomingMessage, response: ServerResponse): void {
    void (async () => {
      const url = new URL(request.url ?? "/", "http://store");
      const name = url.pathname.slice("/b/".length);
      const body = await buffer(request);
      const uploadId = url.searchParams.get("uploadId");
      const parts = uploadId ? openUploads.get(uploadId) : undefined;
      const say = (status: number, text = "", headers: Record<string, string> = {}) =>
        response.writeHead(status, headers).end(text);
      if (request.method === "POST" && url.searchParams.has("uploads")) {
        const id = randomBytes(8).toString("hex");
        openUploads.set(id, new Map());
        return say(
          200,
          `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      if (request.method === "PUT" && parts) {
        parts.set(Number(url.searchParams.get("partNumber")), body);
        return say(200, "", { etag: '"part"' });
      }
      if (request.method === "POST" && parts && uploadId) {
        bucket.set(name, Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part)));
        openUploads.delete(uploadId);
        return say(200, "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>");
      }
      if (request.method === "DELETE") {
        if (uploadId) openUploads.delete(uploadId);
        else bucket.delete(name);
        return say(204);
      }
      if (request.method === "PUT") {
        bucket.set(name, body);
        return say(200, "", { etag: '"whole"' });
      }
      const object = bucket.get(name);
      if (!object) return say(404);
      const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
      const slice = range ? object.subarray(Number(range[1]), Number(range[2]) + 1) : object;
      response.writeHead(range ? 206 : 200, { "content-length": slice.length });
      return response.end(request.method === "HEAD" ? undefined : slice);
    })();
  }

  return { bucket, openUploads, answer };
}
