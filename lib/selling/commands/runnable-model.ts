import "server-only";
import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { type FilesBeside, type GateVerdict, MAX_ONNX_BYTES } from "@/lib/artifact/onnx-gate";
import type { BundleFile } from "@/lib/inference/commands/bundle-folder";
import type { Bundle } from "@/lib/inference/commands/open-model";
import { bundleFileOf } from "@/lib/inference/commands/stored-bundle";
import { readModelContract } from "@/lib/inference/model-contract";
import type { RunContract } from "@/lib/inference/run-contract";
import { toleranceOf } from "@/lib/inference/run-tolerance";
import { selfDescribedContract } from "@/lib/inference/self-described";
import { type FileInPieces, type Reader, readApart } from "@/lib/platform/reading";

declare module "@/lib/platform/reading" {
  interface Readers {
    network: Reader<FilesBeside, GateVerdict, FileInPieces>;
  }
}

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
  const facts = known.get(sha256) ?? (await readFacts(storedFileId, sha256, Number(sizeBytes)));
  if ("reason" in facts) return facts;
  const bundleFile = bundleFileOf({ path: OWN_PATH, sha256, sizeBytes, storedFileId });
  return { files: [bundleFile], contract: facts.contract, isForeign: false, sha256 };
}

async function readFacts(
  storedFileId: string,
  sha256: string,
  sizeBytes: number,
): Promise<{ contract: RunContract } | { reason: string }> {
  const read = async (offsetBytes: number, length: number) => {
    const range = { offsetBytes, lengthBytes: Math.max(0, Math.min(length, sizeBytes - offsetBytes)) };
    return buffer((await openStoredFile(storedFileId, range)).stream);
  };
  const pieces = { sizeBytes, read };
  const verdict = await readApart("network", {}, { accountId: sha256, called: "The network", pieces });
  const facts = contractOf(verdict);
  if (known.size >= MAX_KNOWN_FILES) known.clear();
  known.set(sha256, facts);
  return facts;
}

function contractOf(verdict: GateVerdict): { contract: RunContract } | { reason: string } {
  if (!verdict.accepted) return { reason: `The network is not run here: ${verdict.message}` };
  const { summary } = verdict;
  const said = readModelContract(summary);
  if (!said.accepted) return { reason: `The network is not run here: ${said.message}` };
  return toleranceOf({ ...summary, ...summary.facts })
    ? { contract: selfDescribedContract(summary, said.contract, OWN_PATH) }
    : { reason: "Nobody has measured how far two honest runs of these operators may differ." };
}
