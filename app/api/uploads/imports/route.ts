import { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft } from "@/lib/selling/commands/draft-files";
import { CARD_MAX_CHARACTERS } from "@/lib/catalogue/draft-fields";
import { readUploadForm } from "@/lib/selling/commands/upload-form";
import {
  type ImportedFile,
  importFileIntoDraft,
  startDraftFromFile,
} from "@/lib/selling/commands/import-file";
import { type StillReading, isStillReading } from "@/lib/selling/commands/read-patiently";
import { startEmptyDraft } from "@/lib/selling/commands/work-on-draft";
import { type ImportFileInput, importFileInput } from "@/lib/selling/schemas";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";
import { respondToUpload, authoriseUpload, bodyOf, uploadRefusal } from "../responses";

export const dynamic = "force-dynamic";

/**
 * Reads files of other programs, or text that was pasted, into a draft (`?draft=…`) or, without one, into a new draft,
 * which nothing at all starts empty. Files after the first refused one are not read; those before it stay.
 */
export async function POST(request: Request): Promise<Response> {
  const draft = new URL(request.url).searchParams.get("draft");
  const done: ImportedFile[] = [];
  let still: StillReading<ImportedFile> | null = null;
  const draftOf = () => draft ?? done[0]?.draftId ?? null;
  try {
    const actor = await authoriseUpload(request);
    if (draft !== null) await requireOwnDraft(actor, draft);
    const contentType = request.headers.get("content-type") ?? "";
    const take = async (
      source: Readable,
      file: { fileName: string } | { isPasted: true },
      fields: Fields,
    ) => {
      // One after another: the next is not begun before the last is read.
      if (still) done.push(await still.settled);
      still = null;
      const one = await takeFile(actor, draftOf(), source, inputOf(fields, file));
      if (isStillReading(one)) still = one;
      else done.push(one);
    };
    const keep = (source: Readable, fileName: string, fields: Fields) => take(source, { fileName }, fields);
    const limits = { fieldBytes: 4 * CARD_MAX_CHARACTERS };
    const { fields } = await readUploadForm(contentType, bodyOf(request), keep, limits);
    const pasted = (fields.pasted ?? "").replaceAll("\r\n", "\n");
    if (pasted.trim() !== "") await take(Readable.from([pasted]), { isPasted: true }, fields);
    const readingId = (still as StillReading<ImportedFile> | null)?.readingId;
    if (readingId)
      return await respondToUpload(request, { draftId: draft, place: null, note: null, readingId });
    if (done.length === 0 && draft !== null)
      throw new DomainError("nothing_sent", "Choose a file first, or paste its text.");
    const draftId = draftOf() ?? (await startEmptyDraft(actor)).draftId;
    const text = done.map(({ message }) => message).join(" ");
    const note = text === "" ? null : { place: "imports" as const, isRefusal: false, text };
    return await respondToUpload(request, { draftId, place: note && "imports", note });
  } catch (error) {
    const refusal = uploadRefusal(error);
    log.info({ command: "importFile", outcome: refusal.code }, "upload");
    const told = [...done.map(({ message }) => message), refusal.message].join(" ");
    const draftId = draftOf();
    const place = draftId === null ? "start" : "imports";
    return respondToUpload(request, { draftId, place, note: { place, isRefusal: true, text: told } });
  }
}

type Fields = Record<string, string>;

async function takeFile(
  actor: Actor,
  draftId: string | null,
  source: Readable,
  input: ImportFileInput,
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
