import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft, uploadToDraft } from "@/lib/selling/commands/draft-files";
import { type PartName, partNames } from "@/lib/catalogue/part";
import { readUploadForm } from "@/lib/selling/commands/upload-form";
import { log } from "@/lib/platform/log";
import type { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, bodyOf, uploadRefusal, uploadHeaders } from "./responses";
import { takeOnce } from "./take-once";

export const dynamic = "force-dynamic";

const statuses: Record<string, number> = {
  signed_out: 401,
  foreign_origin: 403,
  not_found: 404,
  file_too_large: 413,
  quota_reached: 413,
  request_reused: 409,
  sent_before: 409,
  upload_interrupted: 400,
  upload_malformed: 400,
};

/**
 * Takes files into a draft: raw bytes from the uploader of the page (`?draft=…&name=…&part=…`, answered in JSON), or
 * an ordinary multipart form (answered by sending the browser back to the draft). The same `Idempotency-Key` with another
 * file or place is answered 409, with `fields` saying what differs.
 */
export async function POST(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const contentType = request.headers.get("content-type") ?? "";
  const isForm = contentType.startsWith("multipart/form-data");
  const draftId = query.get("draft") ?? "";
  try {
    const actor = await authoriseUpload(request);
    await requireOwnDraft(actor, draftId);
    const body = bodyOf(request);
    if (isForm) return await takeForm(actor, draftId, request, body);
    const name = query.get("name") ?? "";
    const part = partOf(query.get("part"));
    const upload = { command: "uploadToDraft", input: { draft: draftId, name, part } };
    const file = await takeOnce(actor, { ...upload, key: request.headers.get("idempotency-key") }, () =>
      uploadToDraft(actor, draftId, body, { name, part }),
    );
    return Response.json({ file }, { headers: uploadHeaders });
  } catch (error) {
    const refusal = uploadRefusal(error);
    log.info({ command: "uploadToDraft", outcome: refusal.code }, "upload");
    return isForm
      ? respondToUpload(request, {
          draftId,
          place: "files",
          note: { place: "files", isRefusal: true, text: refusal.message },
        })
      : refuse(refusal);
  }
}

async function takeForm(actor: Actor, draftId: string, request: Request, body: Readable): Promise<Response> {
  const contentType = request.headers.get("content-type") ?? "";
  let taken = 0;
  const { fileCount } = await readUploadForm(contentType, body, async (stream, name, fields) => {
    const part = partOf(fields.part);
    const key = fields.requestKey && `${fields.requestKey}.${taken++}`;
    const upload = { command: "uploadToDraft", input: { draft: draftId, name, part }, key };
    await takeOnce(actor, upload, () => uploadToDraft(actor, draftId, stream, { name, part }));
  });
  const note = { place: "files" as const, isRefusal: true, text: "Choose a file first." };
  return respondToUpload(request, { draftId, place: "files", note: fileCount === 0 ? note : null });
}

function partOf(text: string | null | undefined): PartName {
  return partNames.find((part) => part === text) ?? "weights";
}

function refuse({ code, message, fields }: DomainError): Response {
  return Response.json({ code, message, fields }, { status: statuses[code] ?? 422, headers: uploadHeaders });
}
