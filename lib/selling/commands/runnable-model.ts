import "server-only";
import { buffer } from "node:stream/consumers";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { MAX_ONNX_BYTES } from "@/lib/artifact/onnx-gate";
import { type AdmittedModel, admitModel } from "@/lib/inference/commands/run-model";
import type { ModelContract } from "@/lib/inference/model-contract";
import { type RunTolerance, toleranceOf } from "@/lib/inference/run-tolerance";
import { DomainError } from "@/lib/shared/domain-error";

/** The one file among a model's that can be run here, and what it reads and answers; or why none can, in a sentence. */
export type RunnableModel = (Runnable & { storedFileId: string; sha256: string }) | { reason: string };
type Runnable = { contract: ModelContract; tolerance: RunTolerance };

type OfferedFile = { storedFileId: string; part?: string | undefined };

const MAX_KNOWN_FILES = 500;
/** What a file may be run as follows from its bytes, so it is read once for each digest. */
const known = new Map<string, Runnable | { reason: string }>();

/** Finds it among the files of the weights. Opens the file where it is not known yet, so not within a transaction. */
export async function findRunnableModel(files: readonly OfferedFile[]): Promise<RunnableModel> {
  const weights = files.filter(({ part = "weights" }) => part === "weights");
  const stored = await storedFilesById(weights.map(({ storedFileId }) => storedFileId));
  const networks = [...new Map([...stored.values()].map((file) => [file.sha256, file])).values()].filter(
    ({ format }) => format === "onnx",
  );
  const [file] = networks;
  if (!file) return { reason: "There is no file here that can be run: only ONNX networks are." };
  if (networks.length > 1)
    return { reason: "There are several networks here, and none is named as the one that answered." };
  const { id: storedFileId, sha256 } = file;
  if (Number(file.sizeBytes) > MAX_ONNX_BYTES) return { reason: "The network is too large to be run here." };
  const facts = known.get(sha256) ?? (await readFacts(storedFileId, sha256));
  return "reason" in facts ? facts : { ...facts, storedFileId, sha256 };
}

/** The file itself, let through the gate. Throws what `admitModel` throws. */
export async function openRunnableModel(storedFileId: string, sha256: string): Promise<AdmittedModel> {
  return admitModel(await buffer((await openStoredFile(storedFileId)).stream), sha256);
}

async function readFacts(storedFileId: string, sha256: string): Promise<Runnable | { reason: string }> {
  const facts = await openRunnableModel(storedFileId, sha256).then(runnableOf, (error: unknown) => {
    if (error instanceof DomainError && error.code === "model_refused")
      return { reason: `The network is not run here: ${error.message}` };
    throw error;
  });
  if (known.size >= MAX_KNOWN_FILES) known.clear();
  known.set(sha256, facts);
  return facts;
}

function runnableOf({ contract, summary }: AdmittedModel): Runnable | { reason: string } {
  const tolerance = toleranceOf(summary);
  return tolerance
    ? { contract, tolerance }
    : { reason: "Nobody has measured how far two honest runs of these operators may differ." };
}
