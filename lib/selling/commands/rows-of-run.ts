import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { getListing } from "@/lib/catalogue/queries/listings";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { envelopeCellSchema } from "@/lib/catalogue/standing";
import type { RowsAsked } from "@/lib/formats/read-rows";
import type { RunContract } from "@/lib/inference/run-contract";
import type { FileToRead } from "@/lib/platform/reading";
import { DomainError } from "@/lib/shared/domain-error";
import type { EvaluationRun } from "@/prisma/generated/client";

/** A reader works for an account at a time; this long a run waits for another file of its account. */
const READING_WAIT_MS = 120_000;
const ASKED_EVERY_MS = 500;
const LEVEL_UNTIL_DECLARED = 0.8;

/** How the rows of a run are read. */
export async function askedOf(
  run: EvaluationRun,
  contract: RunContract,
  measured: NonNullable<RowsAsked["measured"]>,
): Promise<RowsAsked> {
  const { declaredLevel, envelope } = await getListing(run.listingId);
  const readAs = run.readAs as unknown as Pick<RowsAsked, "outputColumns" | "thresholds" | "found">;
  return {
    ...readAs,
    fileName: run.rowsFileName,
    level: declaredLevel === null ? LEVEL_UNTIL_DECLARED : Number(declaredLevel),
    salt: run.salt,
    conditions: [],
    listed: envelopeCellSchema
      .array()
      .catch([])
      .parse(envelope)
      .map(({ condition }) => condition),
    contract,
    measured,
  };
}

/** The file of its rows. */
export async function fileOf({ rowsFileId }: EvaluationRun): Promise<FileToRead> {
  const file = (await storedFilesById([rowsFileId])).get(rowsFileId);
  if (!file) throw new DomainError("not_found", "The rows of this run are gone.");
  return { sizeBytes: Number(file.sizeBytes), open: async () => (await openStoredFile(rowsFileId)).stream };
}

/** One reader works for an account at a time: a run waits for its turn. */
export async function whenFree<T>(read: () => Promise<T>): Promise<T> {
  const until = performance.now() + READING_WAIT_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isBusy = error instanceof DomainError && error.code === "reading_busy";
      if (!isBusy || performance.now() > until) throw error;
      await pause(ASKED_EVERY_MS);
    }
  }
}
