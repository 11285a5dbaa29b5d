import "server-only";
import { randomBytes } from "node:crypto";
import type { Actor } from "@/lib/accounts/actor";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import type { CardDraft } from "@/lib/formats/card-to-draft";
import type { ForeignAsked, ReadForeignFile } from "@/lib/formats/read-foreign-file";
import type { Counting, InputsFound, RowsAsked, RowsFound } from "@/lib/formats/read-rows";
import type { RunInput } from "@/lib/inference/model-input";
import { type FileToRead, type Progress, type Reader, readApart } from "@/lib/platform/reading";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";

declare module "@/lib/platform/reading" {
  interface Readers {
    card: Reader<string, CardDraft>;
    rows: Reader<RowsAsked, RowsFound>;
    inputs: Reader<RowsAsked, InputsFound>;
    foreign: Reader<ForeignAsked, ReadForeignFile | { refusal: string }>;
  }
}

/** A file of the actor's own, to be read. Throws `not_found` for a stranger's, `file_too_large` above the limit. */
export async function ownFileToRead(
  actor: Actor,
  storedFileId: string,
  maxBytes: number,
): Promise<FileToRead> {
  const file = (await storedFilesById([storedFileId])).get(storedFileId);
  if (!file || file.ownerId !== actor.accountId) throw notFoundError("file");
  const sizeBytes = Number(file.sizeBytes);
  if (sizeBytes > maxBytes)
    throw new DomainError(
      "file_too_large",
      `The file is larger than ${Math.floor(maxBytes / 1024 ** 2)} MB.`,
    );
  return { sizeBytes, open: async () => (await openStoredFile(storedFileId)).stream };
}

/** Rows are counted at a level and named by a salted digest; the salt is new each time. */
export function countingAt(level: number, conditions: Counting["conditions"] = []): Counting {
  return { level, conditions, salt: randomBytes(32).toString("hex") };
}

export type CountedFile = Exclude<RowsFound, { problems: string[] }>;

/**
 * Reads and counts an evaluation file apart from this process. Throws `evaluation_file_refused` naming the problems by
 * line; no row is ever dropped. Not within a transaction.
 */
export async function readRowsFile(
  actor: Pick<Actor, "accountId">,
  file: FileToRead,
  asked: RowsAsked,
  onProgress?: Progress,
): Promise<CountedFile> {
  const found = await readApart("rows", asked, {
    accountId: actor.accountId,
    called: asked.fileName,
    file,
    onProgress,
  });
  if ("problems" in found) throw refusedFile(found);
  return found;
}

/** What the model reads of each row of a file, read apart. Throws `evaluation_file_refused`; not within a transaction. */
export async function readInputsFile(
  actor: Pick<Actor, "accountId">,
  file: FileToRead,
  asked: RowsAsked,
): Promise<RunInput[]> {
  const about = { accountId: actor.accountId, called: asked.fileName, file };
  const found = await readApart("inputs", asked, about);
  if ("problems" in found) throw refusedFile(found);
  if ("reason" in found) throw refusedFile({ problems: [found.reason], problemCount: 1 });
  return found.inputs;
}

function refusedFile({ problems, problemCount }: { problems: string[]; problemCount: number }): DomainError {
  const rest = problemCount > 5 ? ` And ${problemCount - 5} more.` : "";
  const shown = problems.slice(0, 5).join(" ");
  return new DomainError("evaluation_file_refused", `The file was not taken. ${shown}${rest}`, {
    file: problems[0] ?? "",
  });
}
