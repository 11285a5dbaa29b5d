import { Readable } from "node:stream";
import { currentActor } from "@/lib/accounts/session/session";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { recordDownload } from "@/lib/deals/commands/record-download";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/shared/domain-error";

type Context = { params: Promise<{ dealId: string; fileId: string }> };

/**
 * Streams one delivered file to its licensee and notes the download. The name follows RFC 6266. A request sent by
 * another site's page is refused, because reading here writes an event.
 */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const actor = await currentActor();
  if (!actor || isForeign(request)) return missing();
  try {
    const file = await recordDownload(actor, await params);
    const { stream, sizeBytes } = await openStoredFile(file.storedFileId);
    const plain = file.fileName.replace(/[^\w.-]/g, "_");
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(sizeBytes),
        "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox",
        "cache-control": "private, no-store",
        digest: `sha-256=${Buffer.from(file.sha256, "hex").toString("base64")}`,
      },
    });
  } catch (error) {
    if (error instanceof DomainError) return missing();
    throw error;
  }
}

function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  return site === "cross-site" || (origin !== null && origin !== new URL(env().APP_ORIGIN).origin);
}

function missing(): Response {
  return new Response("This file does not exist.", {
    status: 404,
    headers: { "content-type": "text/plain" },
  });
}
