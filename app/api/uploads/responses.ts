import { cookies } from "next/headers";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Actor } from "@/lib/accounts/actor";
import { currentActor } from "@/lib/accounts/session/session";
import { type UploadNote, uploadNoteCookie, writeUploadNote } from "@/lib/selling/upload-note";
import type { Patience } from "@/lib/selling/commands/read-patiently";
import type { SentForm } from "@/lib/selling/commands/upload-form";
import { env } from "@/lib/platform/env";
import { isOwnOrigin } from "@/lib/platform/own-origin";
import { endingWhenStalled } from "@/lib/platform/upload-pace";
import { DomainError } from "@/lib/shared/domain-error";

/** The proxy that sets every other answer's headers does not see uploads. */
export const uploadHeaders = { "cache-control": "private, no-store", "x-content-type-options": "nosniff" };

/** Uploads change something: only from our own pages, only signed in. */
export async function authoriseUpload(request: Request): Promise<Actor> {
  if (!isOwnOrigin(request.headers.get("origin"))) {
    throw new DomainError("foreign_origin", "This upload was sent from another address.");
  }
  const actor = await currentActor();
  if (!actor) throw new DomainError("signed_out", "You are signed out. Sign in and send this again.");
  return actor;
}

/** What was sent, from the first byte to a sound end: a sender that stands still is cut off. */
export function sentBy(request: Request): SentForm {
  if (!request.body) throw new DomainError("upload_malformed", "This upload has no content.");
  const length = request.headers.get("content-length");
  return {
    contentType: request.headers.get("content-type") ?? "",
    body: endingWhenStalled(Readable.fromWeb(request.body as ReadableStream)),
    declaredBytes: length === null ? null : Number(length),
  };
}

const statuses: Record<string, number> = {
  signed_out: 401,
  foreign_origin: 403,
  not_found: 404,
  upload_stalled: 408,
  file_too_large: 413,
  quota_reached: 413,
  request_reused: 409,
  sent_before: 409,
  too_many_uploads: 429,
  too_many_files: 400,
  upload_interrupted: 400,
  upload_malformed: 400,
};

export function statusOf({ code }: DomainError): number {
  return statuses[code] ?? 422;
}

/** What no form of ours sends is told to whoever sent it, and no page is shown. */
const BROKEN = ["upload_malformed", "upload_interrupted", "upload_stalled"];

/** Sent by the uploader of a page, which waits and shows that it does. */
function isScript(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("application/json");
}

export function patienceOf(request: Request): Patience {
  return isScript(request) ? "script" : "page";
}

type UploadResponse = {
  /** Null where there is no draft yet: back to where one is started. */
  draftId: string | null;
  /** The part of the page to go to; null for its top. */
  place: string | null;
  note: UploadNote | null;
  /** Why it was refused, where it was. */
  refusal?: DomainError;
  /** A reading that goes on: the browser goes there instead. */
  readingId?: string | null;
};

/**
 * Answers the uploader of a page in JSON, and an ordinary form by sending the browser back. What there is to say goes
 * along in a cookie that lives for a moment; a refusal to the uploader is in the answer itself, and in the cookie
 * only where it leads to a draft that was just started.
 */
export async function respondToUpload(
  request: Request,
  { draftId, place, note, refusal, readingId = null }: UploadResponse,
): Promise<Response> {
  const isForm = !isScript(request);
  if (isForm && refusal && BROKEN.includes(refusal.code))
    return new Response(refusal.message, { status: statusOf(refusal), headers: uploadHeaders });
  const isKnown = draftId === null || /^[\w-]{1,64}$/.test(draftId);
  if (!isKnown) return new Response(null, { status: 404, headers: uploadHeaders });
  const ownPage = draftId === null ? "/sell" : `/sell/${draftId}${place === null ? "" : `#${place}`}`;
  const location = readingId === null ? ownPage : `/sell/readings/${readingId}`;
  const isStarted = draftId !== null && !new URL(request.url).searchParams.has("draft");
  if (note && (isForm || !note.isRefusal || isStarted)) {
    (await cookies()).set(uploadNoteCookie, writeUploadNote(note), {
      httpOnly: true,
      sameSite: "strict",
      path: "/sell",
      maxAge: 20,
      secure: env().APP_ORIGIN.startsWith("https:"),
    });
  }
  if (note?.isRefusal && !isForm)
    return Response.json(
      { message: note.text, draftId },
      { status: refusal ? statusOf(refusal) : 422, headers: uploadHeaders },
    );
  return isForm
    ? new Response(null, { status: 303, headers: { ...uploadHeaders, location } })
    : Response.json({ location }, { headers: uploadHeaders });
}

/** A refusal in words; what is no refusal is thrown on. */
export function uploadRefusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  const isBrokenOff =
    ["AbortError", "ResponseAborted"].includes(name ?? "") ||
    ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE", "ABORT_ERR"].includes(code ?? "") ||
    /unexpected end of (form|file)|aborted/i.test(String(error));
  if (isBrokenOff) {
    return new DomainError("upload_interrupted", "The upload broke off; nothing of it was kept.");
  }
  throw error;
}
