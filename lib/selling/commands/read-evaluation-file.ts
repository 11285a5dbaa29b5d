import "server-only";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Actor } from "@/lib/accounts/actor";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import type { NotMapped } from "@/lib/shared/cursor";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import { canonicalRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import { type EvaluationFileOptions, readEvaluationFile } from "@/lib/measurement/evaluation-file";
import type { EvaluationRow, SliceDefinition } from "@/lib/measurement/slice";
import { hexDigest } from "@/lib/statements/verify-envelope";

/** What is kept of rows that were counted, beside the rows themselves. */
export type CountedRows = { summary: EvaluationSummary; rowsDigest: string; rowsSalt: string };

export type RowsFile = {
  rows: EvaluationRow[];
  slices: SliceDefinition[];
  /** What was read in a way its maker may not expect. */
  notices: string[];
  /** Columns no slice was made of. */
  notUsed: NotMapped[];
};

/** The bytes of a file of the actor's own. Throws `not_found` for a stranger's, `file_too_large` above the limit. */
export async function readOwnFile(
  actor: Actor,
  storedFileId: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { stream, ...file } = await openStoredFile(storedFileId);
  if (file.ownerId === actor.accountId && file.sizeBytes <= maxBytes)
    return new Uint8Array(await buffer(stream));
  stream.destroy();
  if (file.ownerId !== actor.accountId) throw notFoundError("file");
  throw new DomainError("file_too_large", `The file is larger than ${Math.floor(maxBytes / 1024 ** 2)} MB.`);
}

/** Reads an evaluation file. Throws `evaluation_file_refused` naming the problems by line; no row is ever dropped. */
export function readRowsFile(
  fileName: string,
  bytes: Uint8Array,
  options: EvaluationFileOptions = {},
): RowsFile {
  const read = readEvaluationFile(fileName, bytes, options);
  if (!read.ok) {
    throw refused(
      read.problems.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`)),
      read.problemCount,
    );
  }
  const notUsed = read.columns.flatMap(({ use, name, reason }) =>
    use === "not_used" ? [{ path: `column ${name}`, value: "", reason: reason ?? "" }] : [],
  );
  return { rows: read.rows, slices: read.slices, notices: read.notices, notUsed };
}

/** Counts rows anew and names them by a salted digest. */
export function countRows(
  { rows, slices }: { rows: readonly EvaluationRow[]; slices: readonly SliceDefinition[] },
  level: number,
): CountedRows {
  const rowsSalt = randomBytes(32).toString("hex");
  return {
    summary: summariseEvaluation(rows, slices, level),
    rowsDigest: hexDigest(canonicalRows(rows, slices, rowsSalt)),
    rowsSalt,
  };
}

function refused(problems: readonly string[], count: number): DomainError {
  const shown = problems.slice(0, 5).join(" ");
  const rest = count > 5 ? ` And ${count - 5} more.` : "";
  return new DomainError("evaluation_file_refused", `The file was not taken. ${shown}${rest}`, {
    file: problems[0] ?? "",
  });
}
