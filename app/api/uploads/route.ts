import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft, uploadToDraft } from "@/lib/selling/commands/draft-files";
import { type PartName, partNames } from "@/lib/catalogue/part";
import { readUploadForm } from "@/lib/selling/commands/upload-form";
import { log } from "@/lib/platform/log";
import type { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, bodyOf, uploadRefusal, uploadHeaders } from "./responses";

export const dynamic = "force-dynamic";

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
    const file = await uploadToDraft(actor, draftId, body, { name, part: partOf(query.get("part")) });
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
  const { fileCount } = await readUploadForm(contentType, body, async (stream, name, fields) => {
    await uploadToDraft(actor, draftId, stream, { name, part: partOf(fields.part) });
  });
  const note = { place: "files" as const, isRefusal: true, text: "Choose a file first." };
  return respondToUpload(request, { draftId, place: "files", note: fileCount === 0 ? note : null });
}

function partOf(text: string | null | undefined): PartName {
  return partNames.find((part) => part === text) ?? "weights";
}

function refuse({ code, message }: DomainError): Response {
  return Response.json({ code, message }, { status: statuses[code] ?? 422, headers: uploadHeaders });
}
