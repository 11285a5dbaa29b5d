import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft, uploadToDraft } from "@/lib/selling/commands/draft-files";
import { type PartName, partNames } from "@/lib/catalogue/part";
import { type SentForm, readUploadForm } from "@/lib/selling/commands/upload-form";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import {
  authoriseUpload,
  respondToUpload,
  sentBy,
  statusOf,
  uploadHeaders,
  uploadRefusal,
} from "./responses";
import { takeOnce } from "./take-once";

export const dynamic = "force-dynamic";

const RAW = "application/octet-stream";

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
    const sent = sentBy(request);
    if (isForm) return await takeForm(actor, draftId, request, sent);
    if (contentType !== RAW)
      throw new DomainError("upload_malformed", `Send the file as ${RAW}, or a form as multipart/form-data.`);
    const { body, declaredBytes } = sent;
    const name = query.get("name") ?? "";
    const part = partOf(query.get("part"));
    const upload = { command: "uploadToDraft", input: { draft: draftId, name, part } };
    const file = await takeOnce(actor, { ...upload, key: request.headers.get("idempotency-key") }, () =>
      uploadToDraft(actor, draftId, body, { name, part, declaredBytes }),
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
          refusal,
        })
      : refuse(refusal);
  }
}

async function takeForm(actor: Actor, draftId: string, request: Request, sent: SentForm): Promise<Response> {
  const shape = { file: "file", maxFiles: 20, fields: ["requestKey", "part"] };
  let taken = 0;
  const { fileCount } = await readUploadForm(sent, shape, async ({ stream, fields, ...file }) => {
    const part = partOf(fields.part);
    const key = fields.requestKey && `${fields.requestKey}.${taken++}`;
    const upload = { command: "uploadToDraft", input: { draft: draftId, name: file.name, part }, key };
    await takeOnce(actor, upload, () => uploadToDraft(actor, draftId, stream, { ...file, part }));
  });
  const note = { place: "files" as const, isRefusal: true, text: "Choose a file first." };
  return respondToUpload(request, { draftId, place: "files", note: fileCount === 0 ? note : null });
}

function partOf(text: string | null | undefined): PartName {
  return partNames.find((part) => part === text) ?? "weights";
}

function refuse(refusal: DomainError): Response {
  const { code, message, fields } = refusal;
  return Response.json({ code, message, fields }, { status: statusOf(refusal), headers: uploadHeaders });
}
