import "server-only";
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { MAX_ONNX_BYTES } from "@/lib/artifact/onnx-gate";
import type { BundleFile } from "@/lib/inference/commands/bundle-folder";
import type { Bundle } from "@/lib/inference/commands/open-model";
import { type AdmittedModel, admitModel } from "@/lib/inference/commands/run-model";
import { bundleFileOf } from "@/lib/inference/commands/stored-bundle";
import type { RunContract } from "@/lib/inference/run-contract";
import { toleranceOf } from "@/lib/inference/run-tolerance";
import { selfDescribedContract } from "@/lib/inference/self-described";
import { DomainError } from "@/lib/shared/domain-error";

/** What is run of a model's files, with its contract; or why nothing is, in a sentence. */
export type RunnableModel = Runnable | { reason: string };
/** `sha256` names the files that are run: see `digestOfFiles`. */
export type Runnable = Bundle & { sha256: string };

type OfferedFile = { storedFileId: string; part?: string | undefined };

const MAX_KNOWN_FILES = 500;
/** What a file may be run as follows from its bytes, so it is read once for each digest. */
const known = new Map<string, { contract: RunContract } | { reason: string }>();
/** By which path a network that describes itself is run, whatever its seller calls it. */
const OWN_PATH = "model.onnx";

/** The files by the contract of their version or draft. */
export function runnableBundle(files: readonly BundleFile[], contract: RunContract): RunnableModel {
  if (files.length === 0) return { reason: "There are no files here that could be run." };
  return { files, contract, isForeign: true, sha256: digestOfFiles(files) };
}

/** Names what was run: the one file by its digest, several by that of their list as sha256sum writes it. */
export function digestOfFiles(files: readonly Pick<BundleFile, "path" | "sha256">[]): string {
  const [only] = files;
  if (only && files.length === 1) return only.sha256;
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** Finds the network that describes itself. Opens the file where it is not known yet, so not within a transaction. */
export async function findSelfDescribed(files: readonly OfferedFile[]): Promise<RunnableModel> {
  const weights = files.filter(({ part = "weights" }) => part === "weights");
  const stored = await storedFilesById(weights.map(({ storedFileId }) => storedFileId));
  const networks = [...new Map([...stored.values()].map((file) => [file.sha256, file])).values()].filter(
    ({ format }) => format === "onnx",
  );
  const [file] = networks;
  if (!file) return { reason: "Its seller has not said how it is run, and no file here says so itself." };
  if (networks.length > 1)
    return { reason: "There are several networks here, and none is named as the one that answered." };
  const { id: storedFileId, sha256, sizeBytes } = file;
  if (Number(sizeBytes) > MAX_ONNX_BYTES) return { reason: "The network is too large to be run here." };
  const facts = known.get(sha256) ?? (await readFacts(storedFileId, sha256));
  if ("reason" in facts) return facts;
  const bundleFile = bundleFileOf({ path: OWN_PATH, sha256, sizeBytes, storedFileId });
  return { files: [bundleFile], contract: facts.contract, isForeign: false, sha256 };
}

async function readFacts(
  storedFileId: string,
  sha256: string,
): Promise<{ contract: RunContract } | { reason: string }> {
  const bytes = await buffer((await openStoredFile(storedFileId)).stream);
  let facts: { contract: RunContract } | { reason: string };
  try {
    facts = contractOf(admitModel(bytes, sha256));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "model_refused") throw error;
    facts = { reason: `The network is not run here: ${error.message}` };
  }
  if (known.size >= MAX_KNOWN_FILES) known.clear();
  known.set(sha256, facts);
  return facts;
}

function contractOf({ contract, summary }: AdmittedModel): { contract: RunContract } | { reason: string } {
  return toleranceOf(summary)
    ? { contract: selfDescribedContract(summary, contract, OWN_PATH) }
    : { reason: "Nobody has measured how far two honest runs of these operators may differ." };
}
