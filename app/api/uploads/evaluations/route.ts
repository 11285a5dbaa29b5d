import { uploadEvaluation } from "@/lib/selling/commands/upload-evaluation";
import { isStillReading } from "@/lib/selling/commands/read-patiently";
import { addEvaluationInput } from "@/lib/selling/schemas";
import { readUploadForm } from "@/lib/selling/commands/upload-form";
import { requireOwnDraft } from "@/lib/selling/commands/draft-files";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, bodyOf, uploadRefusal } from "../responses";

export const dynamic = "force-dynamic";

const uploadedInput = addEvaluationInput.omit({ storedFileId: true });

/** Takes the rows of an evaluation as a multipart form and counts them. */
export async function POST(request: Request): Promise<Response> {
  const draftId = new URL(request.url).searchParams.get("draft") ?? "";
  const tell = (text: string, isRefusal: boolean) =>
    respondToUpload(request, {
      draftId,
      place: "evaluation",
      note: { place: "evaluation", isRefusal, text },
    });
  try {
    const actor = await authoriseUpload(request);
    await requireOwnDraft(actor, draftId);
    const said: string[] = [];
    let reading: string | null = null;
    const contentType = request.headers.get("content-type") ?? "";
    const { fileCount } = await readUploadForm(
      contentType,
      bodyOf(request),
      async (rows, fileName, fields) => {
        const input = uploadedInput.safeParse({ ...fields, draftId, fileName });
        if (!input.success) throw new DomainError("invalid_input", input.error.issues[0]?.message ?? "");
        const done = await uploadEvaluation(actor, rows, input.data);
        if (isStillReading(done)) reading = done.readingId;
        else said.push(done.message);
      },
    );
    if (fileCount === 0) return await tell("Choose a file of rows first.", true);
    if (reading !== null)
      return await respondToUpload(request, { draftId, place: null, note: null, readingId: reading });
    return await tell(said.join(" "), false);
  } catch (error) {
    const refusal = uploadRefusal(error);
    log.info({ command: "uploadEvaluation", outcome: refusal.code }, "upload");
    return tell(refusal.message, true);
  }
}
