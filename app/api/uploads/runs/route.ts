import { cookies } from "next/headers";
import { askForRun } from "@/lib/selling/commands/ask-for-run";
import { readUploadForm } from "@/lib/selling/commands/upload-form";
import { askForRunInput } from "@/lib/selling/schemas";
import { uploadNoteCookie, writeUploadNote } from "@/lib/selling/upload-note";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { authoriseUpload, sentBy, statusOf, uploadHeaders, uploadRefusal } from "../responses";
import { takeOnce } from "../take-once";

export const dynamic = "force-dynamic";

const shape = {
  file: "rows",
  maxFiles: 1,
  fields: ["requestKey", "dataSetName", "rowsFrom", "licence", "outputColumns", "thresholds", "found"],
};
const SLUG = /^[a-z0-9-]{1,120}$/;

/**
 * Takes rows on which a listing (`?listing=…`) is to be run, as a multipart form, and leads to where the run stands; a
 * refusal leads back to the form, which says why.
 */
export async function POST(request: Request): Promise<Response> {
  const slug = new URL(request.url).searchParams.get("listing") ?? "";
  if (!SLUG.test(slug)) return new Response(null, { status: 404, headers: uploadHeaders });
  try {
    const actor = await authoriseUpload(request);
    let runId = "";
    const { fileCount } = await readUploadForm(sentBy(request), shape, async (sent) => {
      const { requestKey, ...fields } = sent.fields;
      const input = askForRunInput.safeParse({ ...fields, slug, fileName: sent.name });
      if (!input.success) throw new DomainError("invalid_input", input.error.issues[0]?.message ?? "");
      const { declaredBytes } = sent;
      const asked = await takeOnce(
        actor,
        { command: "askForRun", input: input.data, key: requestKey && `${requestKey}.0` },
        () => askForRun(actor, sent.stream, { ...input.data, declaredBytes }),
      );
      runId = asked.runId;
    });
    if (fileCount === 0) throw new DomainError("nothing_sent", "Choose a file of rows first.");
    return seeOther(`/runs/${runId}`);
  } catch (error) {
    const refusal = uploadRefusal(error);
    log.info({ command: "askForRun", outcome: refusal.code }, "upload");
    if (["signed_out", "foreign_origin", "upload_malformed", "upload_stalled"].includes(refusal.code))
      return new Response(refusal.message, { status: statusOf(refusal), headers: uploadHeaders });
    (await cookies()).set(
      uploadNoteCookie,
      writeUploadNote({ place: "measure", isRefusal: true, text: refusal.message }),
      {
        ...{ httpOnly: true, sameSite: "strict", maxAge: 20, path: `/listings/${slug}/measure` },
        secure: env().APP_ORIGIN.startsWith("https:"),
      },
    );
    return seeOther(`/listings/${slug}/measure`);
  }
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { ...uploadHeaders, location } });
}
