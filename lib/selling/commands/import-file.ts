import "server-only";
import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { requireOwnDraft } from "./draft-files";
import { createDraft, lockOwnDraft } from "./edit-draft";
import { fillDraftFromFile } from "./fill-draft";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { emptyDraft } from "@/lib/catalogue/draft-fields";
import { safeFileName } from "@/lib/catalogue/file-name";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { deleteObject } from "@/lib/platform/storage";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { MAX_FOREIGN_BYTES } from "@/lib/formats/foreign-source";
import { type ReadForeignFile, readForeignFile } from "@/lib/formats/read-foreign-file";
import { dataSetNameOf } from "@/lib/formats/import-report";
import type { ImportFileInput } from "../schemas";
import { insertDraftEvaluation } from "./add-evaluation";
import { type CountedRows, countRows, readOwnFile } from "./read-evaluation-file";
import { requireRoomForImport } from "./room-for-import";
import { removeIfUnused } from "./unused-files";

type SentImport = ImportFileInput & { declaredBytes?: number | null };
export type ImportedFile = { draftId: string; importId: string; message: string };

/** Level at which rows are judged before the seller has declared one. */
const LEVEL_UNTIL_DECLARED = "0.90";

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
): Promise<ImportedFile> {
  await requireOwnDraft(actor, draftId);
  return keepAndRead(actor, source, input, async () => draftId);
}

/** The same into a new draft, made only when the file could be read. */
export async function startDraftFromFile(
  actor: Actor,
  source: Readable,
  input: SentImport,
): Promise<ImportedFile> {
  await requireVerified(actor);
  return keepAndRead(actor, source, input, async (tx) => {
    return (await createDraft(tx, actor, { fields: emptyDraft })).draftId;
  });
}

async function keepAndRead(
  actor: Actor,
  source: Readable,
  input: SentImport,
  openDraft: (tx: Tx) => Promise<string>,
): Promise<ImportedFile> {
  const fileName = safeFileName(input.fileName);
  const file = await storeFile(actor, source, {
    name: fileName,
    maxBytes: MAX_FOREIGN_BYTES,
    declaredBytes: input.declaredBytes,
  });
  try {
    const bytes = await readOwnFile(actor, file.id, MAX_FOREIGN_BYTES);
    const read = await readForeignFile(fileName, bytes, input.publicKey);
    if ("refusal" in read) throw new DomainError("import_refused", read.refusal, { file: read.refusal });
    const level = Number(input.declaredLevel || LEVEL_UNTIL_DECLARED);
    const counted = read.rows.length === 0 ? null : countRows(read, level);
    return await inTransaction(async (tx) =>
      writeImport(tx, actor, await openDraft(tx), { ...input, fileName, file, read, counted }),
    );
  } catch (error) {
    const freed = await inTransaction(async (tx) => removeIfUnused(tx, file.id));
    if (freed) await deleteObject(freed);
    throw error;
  }
}

type Import = ImportFileInput & {
  file: { id: string; sha256: string };
  read: ReadForeignFile;
  counted: CountedRows | null;
};

async function writeImport(
  tx: Tx,
  actor: Actor,
  draftId: string,
  { file, fileName, dataSetName, read, counted }: Import,
): Promise<ImportedFile> {
  await lockOwnDraft(tx, actor, draftId);
  await requireRoomForImport(tx, draftId);
  await refuseRepeated(tx, draftId, file.sha256, fileName);
  const filling = await fillDraftFromFile(tx, actor, draftId, read);
  const now = await currentTime(tx);
  const ranAt = new Date(read.foreign.draft.ranAt ?? Number.NaN);
  const evaluationId =
    counted &&
    (await insertDraftEvaluation(tx, actor, counted, {
      draftId,
      storedFileId: file.id,
      dataSetName: dataSetNameOf(read.foreign, fileName, dataSetName),
      // A run is as old as it says; one that says nothing, or lies in the future, counts from today.
      finishedAt: ranAt <= now ? ranAt : now,
    }));
  const { report } = read;
  const { id } = await tx.draftImport.create({
    data: {
      draftId,
      storedFileId: file.id,
      fileName,
      format: read.foreign.format,
      report: { ...report, filled: filling.filled, notUsed: [...filling.left, ...report.notUsed] },
      evaluationId,
      createdAt: now,
    },
  });
  return { draftId, importId: id, message: messageOf(fileName, read) };
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

function messageOf(fileName: string, { report, rows }: ReadForeignFile): string {
  const traps = report.traps.length;
  const told = [
    `${fileName} was read.`,
    rows.length > 0
      ? `${rows.length.toLocaleString("en")} rows were counted; check the figures and sign them.`
      : "",
    traps > 0 ? `${traps} ${traps === 1 ? "trap was" : "traps were"} found: see below.` : "",
  ];
  return told.filter(Boolean).join(" ");
}
