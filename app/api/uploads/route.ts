import { cookies } from "next/headers";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Actor } from "@/lib/accounts/actor";
import { currentActor } from "@/lib/accounts/session";
import { requireOwnDraft, uploadToDraft } from "@/lib/catalogue/commands/draft-files";
import { type PartName, partNames } from "@/lib/catalogue/part";
import { readUploadForm } from "@/lib/catalogue/upload-form";
import { uploadNoteCookie } from "@/lib/catalogue/upload-note";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { isOwnOrigin } from "@/lib/platform/own-origin";
import { DomainError } from "@/lib/shared/domain-error";

export const dynamic = "force-dynamic";

/** The proxy that sets every other answer's headers does not see uploads. */
const headers = { "cache-control": "private, no-store", "x-content-type-options": "nosniff" };

const statuses: Record<string, number> = {
  signed_out: 401,
  foreign_origin: 403,
  not_found: 404,
  file_too_large: 413,
  quota_reached: 413,
  upload_interrupted: 400,
  upload_malformed: 400,
};

/**
 * Takes files into a draft: raw bytes from the uploader of the page (`?draft=…&name=…&part=…`, answered in JSON), or
 * an ordinary multipart form (answered by sending the browser back to the draft).
 */
export async function POST(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const contentType = request.headers.get("content-type") ?? "";
  const isForm = contentType.startsWith("multipart/form-data");
  const draftId = url.searchParams.get("draft") ?? "";
  try {
    const actor = await authorise(request);
    await requireOwnDraft(actor, draftId);
    const body = bodyOf(request);
    if (isForm) return await takeForm(actor, draftId, contentType, body, url);
    const file = await uploadToDraft(actor, draftId, body, {
      name: url.searchParams.get("name") ?? "",
      part: partOf(url.searchParams.get("part")),
    });
    return Response.json({ file }, { headers });
  } catch (error) {
    return isForm && /^[\w-]{1,64}$/.test(draftId)
      ? sendBack(draftId, refusalOf(error).message)
      : refuse(refusalOf(error));
  }
}

async function authorise(request: Request): Promise<Actor> {
  if (!isOwnOrigin(request.headers.get("origin"))) {
    throw new DomainError("foreign_origin", "This upload was sent from another address.");
  }
  const actor = await currentActor();
  if (!actor) throw new DomainError("signed_out", "You are signed out. Sign in and send this again.");
  return actor;
}

function bodyOf(request: Request): Readable {
  if (!request.body) throw new DomainError("upload_malformed", "This upload has no content.");
  return Readable.fromWeb(request.body as ReadableStream);
}

async function takeForm(
  actor: Actor,
  draftId: string,
  contentType: string,
  body: Readable,
  url: URL,
): Promise<Response> {
  const { fileCount } = await readUploadForm(contentType, body, async (stream, name, fields) => {
    const part = partOf(fields.part ?? url.searchParams.get("part"));
    await uploadToDraft(actor, draftId, stream, { name, part });
  });
  return sendBack(draftId, fileCount === 0 ? "Choose a file first." : null);
}

function partOf(text: string | null | undefined): PartName {
  return partNames.find((part) => part === text) ?? "weights";
}

/** Back to the draft with what went wrong in a cookie that lives for a moment, so that no address carries words. */
async function sendBack(draftId: string, problem: string | null): Promise<Response> {
  if (problem) {
    (await cookies()).set(uploadNoteCookie, problem, {
      httpOnly: true,
      sameSite: "strict",
      path: "/sell",
      maxAge: 20,
      secure: env().APP_ORIGIN.startsWith("https:"),
    });
  }
  return new Response(null, { status: 303, headers: { ...headers, location: `/sell/${draftId}#files` } });
}

function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  const isBrokenOff =
    name === "AbortError" ||
    code === "ECONNRESET" ||
    code === "ERR_STREAM_PREMATURE_CLOSE" ||
    code === "ABORT_ERR";
  if (isBrokenOff || /unexpected end of form|aborted/i.test(String(error))) {
    return new DomainError("upload_interrupted", "The upload broke off; nothing of it was kept.");
  }
  throw error;
}

function refuse(refusal: DomainError): Response {
  log.info({ command: "uploadToDraft", outcome: refusal.code }, "upload");
  return Response.json(
    { code: refusal.code, message: refusal.message },
    { status: statuses[refusal.code] ?? 422, headers },
  );
}
