import "server-only";
import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { requireOwnDraft } from "./draft-files";
import { createDraft, lockOwnDraft } from "./edit-draft";
import { fillDraftFromFile } from "./fill-draft";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { emptyDraft } from "@/lib/catalogue/draft-fields";
import { safeFileName } from "@/lib/catalogue/file-name";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { readApart } from "@/lib/platform/reading";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { MAX_FOREIGN_BYTES } from "@/lib/formats/foreign-source";
import type { ForeignAsked, ReadForeignFile } from "@/lib/formats/read-foreign-file";
import type { ImportFileInput } from "../schemas";
import { insertDraftEvaluation } from "./add-evaluation";
import { answersOnly, requireKnownClasses } from "./bind-rows";
import { findModelOfDraft } from "./find-model";
import { countingAt, ownFileToRead } from "./read-evaluation-file";
import {
  type ReadingOutcome,
  type Patience,
  type StillReading,
  readPatiently,
  storeToRead,
} from "./read-patiently";
import { requireRoomForImport } from "./room-for-import";
import { removeUnused } from "./unused-files";

export type SentImport = ImportFileInput & { declaredBytes?: number | null; patience?: Patience };
export type ImportedFile = ReadingOutcome & { draftId: string; importId: string };

/** What was read, or a reading that goes on: see `readPatiently`. */
type Imported = ImportedFile | StillReading<ImportedFile>;

/** Level at which rows are judged before the seller has declared one. */
const LEVEL_UNTIL_DECLARED = "0.90";
const NO_INPUTS = "The file of another program holds answers, and no inputs that are read here.";

/**
 * Reads a file of another program into a draft of the actor's own: empty fields are filled, rows are counted as an
 * evaluation, and the file stays beside the draft with what was not used and the traps found in it. All or nothing.
 * Throws `not_found`, `import_refused` for what cannot be read, and `import_repeated`.
 */
export async function importFileIntoDraft(
  actor: Actor,
  draftId: string,
  source: Readable,
  input: SentImport,
): Promise<Imported> {
  await requireOwnDraft(actor, draftId);
  return keepAndRead(actor, source, input, { draftId, openDraft: async () => draftId });
}

/** The same into a new draft, made only when the file could be read. */
export async function startDraftFromFile(
  actor: Actor,
  source: Readable,
  input: SentImport,
): Promise<Imported> {
  await requireVerified(actor);
  const openDraft = async (tx: Tx) => (await createDraft(tx, actor, { fields: emptyDraft })).draftId;
  return keepAndRead(actor, source, input, { draftId: null, openDraft });
}

async function keepAndRead(
  actor: Actor,
  source: Readable,
  input: SentImport,
  { draftId, openDraft }: { draftId: string | null; openDraft: (tx: Tx) => Promise<string> },
): Promise<Imported> {
  const fileName = input.isPasted ? null : safeFileName(input.fileName);
  const called = fileName ?? "The pasted text";
  const { declaredBytes } = input;
  const file = await storeToRead(actor, source, { name: called, maxBytes: MAX_FOREIGN_BYTES, declaredBytes });
  const read = async (): Promise<ImportedFile> => {
    const { publicKey, dataSetName, declaredLevel } = input;
    const counting = countingAt(Number(declaredLevel || LEVEL_UNTIL_DECLARED));
    const asked = { ...counting, fileName, publicKey, dataSetName };
    const found = await readForeign(actor, file.id, asked, called);
    if (found.counted && draftId !== null)
      requireKnownClasses(found.counted.summary, await findModelOfDraft(actor, draftId));
    return inTransaction(async (tx) => writeImport(tx, actor, await openDraft(tx), { file, found }));
  };
  return readPatiently(actor, called, read, {
    undo: async () => removeUnused(file.id),
    patience: input.patience,
  });
}

/** Reads a stored file of another program apart from this process. Throws `import_refused` and what `readApart` throws. */
export async function readForeign(
  actor: Actor,
  storedFileId: string,
  asked: ForeignAsked,
  called: string,
): Promise<ReadForeignFile> {
  const file = await ownFileToRead(actor, storedFileId, MAX_FOREIGN_BYTES);
  const found = await readApart("foreign", asked, { accountId: actor.accountId, called, file });
  if ("refusal" in found) throw new DomainError("import_refused", found.refusal, { file: found.refusal });
  return found;
}

type Import = { file: { id: string; sha256: string }; found: ReadForeignFile };

async function writeImport(
  tx: Tx,
  actor: Actor,
  draftId: string,
  { file, found }: Import,
): Promise<ImportedFile> {
  const { fileName, counted, report, dataSetName } = found;
  await lockOwnDraft(tx, actor, draftId);
  await requireRoomForImport(tx, draftId);
  await refuseRepeated(tx, draftId, file.sha256, fileName);
  const filling = await fillDraftFromFile(tx, actor, draftId, found);
  const now = await currentTime(tx);
  const ranAt = new Date(found.ranAt ?? Number.NaN);
  const evaluationId =
    counted &&
    (await insertDraftEvaluation(
      tx,
      actor,
      { ...counted, ...answersOnly(NO_INPUTS) },
      {
        draftId,
        storedFileId: file.id,
        dataSetName,
        // A run is as old as it says; one that says nothing, or lies in the future, counts from today.
        finishedAt: ranAt <= now ? ranAt : now,
      },
    ));
  const { id } = await tx.draftImport.create({
    data: {
      draftId,
      storedFileId: file.id,
      fileName,
      format: found.format,
      report: { ...report, filled: filling.filled, notUsed: [...filling.left, ...report.notUsed] },
      evaluationId,
      createdAt: now,
    },
  });
  return { draftId, importId: id, message: messageOf(found), location: `/sell/${draftId}#imports` };
}

async function refuseRepeated(tx: Tx, draftId: string, sha256: string, fileName: string): Promise<void> {
  const imports = await tx.draftImport.findMany({ where: { draftId, format: { not: "evaluation-file" } } });
  const files = await storedFilesById(
    imports.map(({ storedFileId }) => storedFileId),
    tx,
  );
  const earlier = imports.find(({ storedFileId }) => files.get(storedFileId)?.sha256 === sha256);
  refuseUnless(
    !earlier,
    "import_repeated",
    `${fileName} has been read already, as ${earlier?.fileName}. Remove that one first to read it anew.`,
  );
}

function messageOf({ fileName, report, counted }: ReadForeignFile): string {
  const rows = counted?.summary.overall.n ?? 0;
  const traps = report.traps.length;
  const told = [
    `${fileName} was read.`,
    rows > 0 ? `${rows.toLocaleString("en")} rows were counted; check the figures and sign them.` : "",
    traps > 0 ? `${traps} ${traps === 1 ? "trap was" : "traps were"} found: see below.` : "",
  ];
  return told.filter(Boolean).join(" ");
}
