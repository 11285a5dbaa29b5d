import { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft } from "@/lib/selling/commands/draft-files";
import { CARD_MAX_CHARACTERS } from "@/lib/catalogue/draft-fields";
import { type SentFile, readUploadForm } from "@/lib/selling/commands/upload-form";
import {
  type ImportedFile,
  importFileIntoDraft,
  startDraftFromFile,
} from "@/lib/selling/commands/import-file";
import { startEmptyDraft } from "@/lib/selling/commands/work-on-draft";
import { nameOfPasted } from "@/lib/formats/read-foreign-file";
import { type ImportFileInput, importFileInput } from "@/lib/selling/schemas";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, sentBy, uploadRefusal } from "../responses";
import { takeOnce } from "../take-once";

export const dynamic = "force-dynamic";

const shape = {
  file: "file",
  maxFiles: 20,
  fields: ["requestKey", "pasted", "dataSetName", "declaredLevel", "publicKey"],
  fieldBytes: 4 * CARD_MAX_CHARACTERS,
};

/**
 * Reads files of other programs, or text that was pasted, into a draft (`?draft=…`) or, without one, into a new draft,
 * which nothing at all starts empty. Files after the first refused one are not read; those before it stay.
 */
export async function POST(request: Request): Promise<Response> {
  const draft = new URL(request.url).searchParams.get("draft");
  const done: ImportedFile[] = [];
  const draftOf = () => draft ?? done[0]?.draftId ?? null;
  try {
    const actor = await authoriseUpload(request);
    if (draft !== null) await requireOwnDraft(actor, draft);
    const take = async ({ stream, name, fields, declaredBytes }: SentFile) => {
      const { requestKey, ...rest } = fields;
      const key = requestKey && `${requestKey}.${done.length}`;
      const input = inputOf(rest, name);
      const upload = { command: "importFile", input: { ...input, draft: draft ?? "new" }, key };
      done.push(
        await takeOnce(actor, upload, () => takeFile(actor, draftOf(), stream, { ...input, declaredBytes })),
      );
    };
    const { fields } = await readUploadForm(sentBy(request), shape, take);
    const pasted = Buffer.from((fields.pasted ?? "").replaceAll("\r\n", "\n"));
    const text = pasted.toString();
    if (text.trim() !== "") {
      const declaredBytes = pasted.length;
      await take({ stream: Readable.from([pasted]), name: nameOfPasted(text), fields, declaredBytes });
    }
    if (done.length === 0 && draft !== null)
      throw new DomainError("nothing_sent", "Choose a file first, or paste its text.");
    const start = { command: "startEmptyDraft", input: {}, key: fields.requestKey };
    const draftId = draftOf() ?? (await takeOnce(actor, start, () => startEmptyDraft(actor))).draftId;
    const told = done.map(({ message }) => message).join(" ");
    const note = told === "" ? null : { place: "imports" as const, isRefusal: false, text: told };
    return await respondToUpload(request, { draftId, place: note && "imports", note });
  } catch (error) {
    const refusal = uploadRefusal(error);
    log.info({ command: "importFile", outcome: refusal.code }, "upload");
    const told = [...done.map(({ message }) => message), refusal.message].join(" ");
    const draftId = draftOf();
    const place = draftId === null ? "start" : "imports";
    return respondToUpload(request, {
      draftId,
      place,
      note: { place, isRefusal: true, text: told },
      refusal,
    });
  }
}

async function takeFile(
  actor: Actor,
  draftId: string | null,
  source: Readable,
  input: ImportFileInput & { declaredBytes: number | null },
): Promise<ImportedFile> {
  return draftId === null
    ? startDraftFromFile(actor, source, input)
    : importFileIntoDraft(actor, draftId, source, input);
}

function inputOf(fields: Record<string, string>, fileName: string): ImportFileInput {
  const input = importFileInput.safeParse({ ...fields, fileName });
  if (!input.success) throw new DomainError("invalid_input", input.error.issues[0]?.message ?? "");
  return input.data;
}
