import { uploadEvaluation } from "@/lib/selling/commands/upload-evaluation";
import { isStillReading } from "@/lib/selling/commands/read-patiently";
import { addEvaluationInput } from "@/lib/selling/schemas";
import { readUploadForm } from "@/lib/selling/commands/upload-form";
import { requireOwnDraft } from "@/lib/selling/commands/draft-files";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, patienceOf, sentBy, uploadRefusal } from "../responses";
import { takeOnce } from "../take-once";

export const dynamic = "force-dynamic";

const uploadedInput = addEvaluationInput.omit({ storedFileId: true });
const shape = {
  file: "rows",
  maxFiles: 1,
  fields: ["requestKey", "dataSetName", "declaredLevel", "outputColumns", "thresholds", "found"],
};

/** Takes the rows of an evaluation as a multipart form and counts them. */
export async function POST(request: Request): Promise<Response> {
  const draftId = new URL(request.url).searchParams.get("draft") ?? "";
  const tell = (text: string, isRefusal: boolean, refusal?: DomainError) =>
    respondToUpload(request, {
      draftId,
      place: "evaluation",
      note: { place: "evaluation", isRefusal, text },
      refusal,
    });
  try {
    const actor = await authoriseUpload(request);
    await requireOwnDraft(actor, draftId);
    const said: string[] = [];
    let reading: string | null = null;
    let taken = 0;
    const { fileCount } = await readUploadForm(sentBy(request), shape, async (sent) => {
      const { requestKey, ...fields } = sent.fields;
      const input = uploadedInput.safeParse({ ...fields, draftId, fileName: sent.name });
      if (!input.success) throw new DomainError("invalid_input", input.error.issues[0]?.message ?? "");
      const key = requestKey && `${requestKey}.${taken++}`;
      const upload = { command: "uploadEvaluation", input: input.data, key };
      const { declaredBytes } = sent;
      const done = await takeOnce(actor, upload, () =>
        uploadEvaluation(actor, sent.stream, { ...input.data, declaredBytes, patience: patienceOf(request) }),
      );
      if (isStillReading(done)) reading = done.readingId;
      else said.push(done.message);
    });
    if (fileCount === 0) return await tell("Choose a file of rows first.", true);
    if (reading !== null)
      return await respondToUpload(request, { draftId, place: null, note: null, readingId: reading });
    return await tell(said.join(" "), false);
  } catch (error) {
    const refusal = uploadRefusal(error);
    log.info({ command: "uploadEvaluation", outcome: refusal.code }, "upload");
    return tell(refusal.message, true, refusal);
  }
}
