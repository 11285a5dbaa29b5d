import "server-only";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Actor } from "@/lib/accounts/actor";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import { canonicalRows } from "../canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "../evaluation";
import { type EvaluationFileOptions, readEvaluationFile } from "../evaluation-file";
import { EVALUATION_FILE_LIMITS } from "../evaluation-table";
import { hexDigest } from "../verify-envelope";

export type ReadEvaluation = {
  summary: EvaluationSummary;
  rowsDigest: string;
  rowsSalt: string;
  /** What was read in a way its maker may not expect. */
  notices: string[];
};

/**
 * Reads an evaluation file of the actor's own from storage and counts everything anew. Throws `not_found` for a
 * stranger's file and `evaluation_file_refused` naming the problems by line; no row is ever dropped.
 */
export async function readStoredEvaluation(
  actor: Actor,
  input: { storedFileId: string; fileName: string; level: number } & EvaluationFileOptions,
): Promise<ReadEvaluation> {
  const { stream, ...file } = await openStoredFile(input.storedFileId);
  if (file.ownerId !== actor.accountId) {
    stream.destroy();
    throw notFoundError("file");
  }
  if (file.sizeBytes > EVALUATION_FILE_LIMITS.bytes) {
    stream.destroy();
    throw refused(["The file is larger than 50 MB."], 1);
  }
  return countEvaluation(input.fileName, await buffer(stream), input);
}

/** The same for bytes at hand. */
export function countEvaluation(
  fileName: string,
  bytes: Uint8Array,
  { level, ...options }: { level: number } & EvaluationFileOptions,
): ReadEvaluation {
  const { outputColumns = [], outputConditions = [] } = options;
  const read = readEvaluationFile(fileName, bytes, { outputColumns, outputConditions });
  if (!read.ok) {
    throw refused(
      read.problems.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`)),
      read.problemCount,
    );
  }
  const unused = read.columns.flatMap(({ use, name, reason }) =>
    use === "not_used" ? [`The column "${name}" is not used. ${reason}`] : [],
  );
  const rowsSalt = randomBytes(32).toString("hex");
  return {
    summary: summariseEvaluation(read.rows, read.slices, level),
    rowsDigest: hexDigest(canonicalRows(read.rows, read.slices, rowsSalt)),
    rowsSalt,
    notices: [...read.notices, ...unused],
  };
}

function refused(problems: readonly string[], count: number): DomainError {
  const shown = problems.slice(0, 5).join(" ");
  const rest = count > 5 ? ` And ${count - 5} more.` : "";
  return new DomainError("evaluation_file_refused", `The file was not taken. ${shown}${rest}`, {
    file: problems[0] ?? "",
  });
}
