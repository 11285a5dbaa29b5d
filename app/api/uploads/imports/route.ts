import { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft } from "@/lib/selling/commands/draft-files";
import { CARD_MAX_CHARACTERS } from "@/lib/catalogue/draft-fields";
import { type SentFile, readUploadForm } from "@/lib/selling/commands/upload-form";
import {
  type ImportedFile,
  type SentImport,
  importFileIntoDraft,
  startDraftFromFile,
} from "@/lib/selling/commands/import-file";
import { type StillReading, isStillReading } from "@/lib/selling/commands/read-patiently";
import { startEmptyDraft } from "@/lib/selling/commands/work-on-draft";
import { type ImportFileInput, importFileInput } from "@/lib/selling/schemas";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, patienceOf, sentBy, uploadRefusal } from "../responses";
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
  let still: StillReading<ImportedFile> | null = null;
  let taken = 0;
  const draftOf = () => draft ?? done[0]?.draftId ?? null;
  try {
    const actor = await authoriseUpload(request);
    if (draft !== null) await requireOwnDraft(actor, draft);
    const take = async (
      { stream, declaredBytes, fields }: SentFile,
      file: { fileName: string } | { isPasted: true },
    ) => {
      // One after another: the next is not begun before the last is read.
      if (still) done.push(await still.settled);
      still = null;
      const { requestKey, ...rest } = fields;
      const key = requestKey && `${requestKey}.${taken++}`;
      const input = inputOf(rest, file);
      const upload = { command: "importFile", input: { ...input, draft: draft ?? "new" }, key };
      const one = await takeOnce(actor, upload, () =>
        takeFile(actor, draftOf(), stream, { ...input, declaredBytes, patience: patienceOf(request) }),
      );
      if (isStillReading(one)) still = one;
      else done.push(one);
    };
    const { fields } = await readUploadForm(sentBy(request), shape, (sent) =>
      take(sent, { fileName: sent.name }),
    );
    const pasted = Buffer.from((fields.pasted ?? "").replaceAll("\r\n", "\n"));
    if (pasted.toString().trim() !== "") {
      const sent = { stream: Readable.from([pasted]), name: "", fields, declaredBytes: pasted.length };
      await take(sent, { isPasted: true });
    }
    const readingId = (still as StillReading<ImportedFile> | null)?.readingId;
    if (readingId)
      return await respondToUpload(request, { draftId: draft, place: null, note: null, readingId });
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

type Fields = Record<string, string>;

async function takeFile(
  actor: Actor,
  draftId: string | null,
  source: Readable,
  input: SentImport,
): Promise<ImportedFile | StillReading<ImportedFile>> {
  return draftId === null
    ? startDraftFromFile(actor, source, input)
    : importFileIntoDraft(actor, draftId, source, input);
}

function inputOf(fields: Fields, file: { fileName: string } | { isPasted: true }): ImportFileInput {
  const input = importFileInput.safeParse({ ...fields, isPasted: false, ...file });
  if (!input.success) throw new DomainError("invalid_input", input.error.issues[0]?.message ?? "");
  return input.data;
}
