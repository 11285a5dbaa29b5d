import "server-only";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type OnnxSummary, inspectOnnxBytes } from "@/lib/artifact/onnx-gate";
import { DomainError } from "@/lib/shared/domain-error";
import type { StoredFeatures } from "../features";
import { type ModelContract, readModelContract } from "../model-contract";
import type { RunInput } from "../model-input";
import { packInput } from "../packed-input";
import { answeredBy } from "../row-answer";
import { selfDescribedContract } from "../self-described";
import type { BundleFile } from "./bundle-folder";
import { type Bundle, type MachineFacts, type RunPlace, openModel } from "./open-model";

export type Prediction = {
  /** Empty where the row could not be run. */
  prediction: string;
  /** To four places, as it is stored. */
  confidence: number;
  /** The same as the runtime gave it, where it gives one. */
  probability?: number;
  /** Why it could not be run. */
  refused?: string;
  /** What was seen of a picture or sound when it was decoded, see `RowAnswer`. */
  seen?: Record<string, string>;
};

export type ModelRun = {
  predictions: Prediction[];
  /** Preparing the input and computing the answers, without starting the process. */
  computeMilliseconds: number;
  isolation: RunPlace;
  machine: MachineFacts;
};

export type AdmittedModel = {
  bytes: Uint8Array;
  sha256: string;
  summary: OnnxSummary;
  contract: ModelContract;
};

const MAX_ROWS = 200_000;
/** Rows of one message to the process that answers. */
const ROWS_AT_ONCE = 2_000;
const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Lets a file of this installation through the gate. Throws `model_refused` with the reason, or
 * `digest_mismatch` when the bytes are not the pinned ones.
 */
export async function admitModel(bytes: Uint8Array, pinnedSha256?: string): Promise<AdmittedModel> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (pinnedSha256 !== undefined && sha256 !== pinnedSha256) {
    throw new DomainError("digest_mismatch", "The file is not the one that was recorded.");
  }
  const verdict = await inspectOnnxBytes(bytes);
  if (!verdict.accepted) throw new DomainError("model_refused", verdict.message);
  const contract = readModelContract(verdict.summary);
  if (!contract.accepted) throw new DomainError("model_refused", contract.message);
  return { bytes, sha256, summary: verdict.summary, contract: contract.contract };
}

type RunOptions = { timeoutSeconds?: number; onProgress?: (rows: number) => void };

/**
 * Runs a bundle on rows, in a process of its own with the strongest isolation this machine allows. A row that cannot be run
 * is refused by itself. Throws `model_run_failed` on a crash, a limit or the time, and what `openModel` throws.
 */
export async function runBundle(
  bundle: Bundle,
  inputs: readonly RunInput[],
  { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, onProgress }: RunOptions = {},
): Promise<ModelRun> {
  if (inputs.length === 0 || inputs.length > MAX_ROWS)
    throw new DomainError("model_run_failed", `A run takes 1 to ${MAX_ROWS} rows.`);
  const until = performance.now() + timeoutSeconds * 1000;
  const model = await openModel(bundle);
  try {
    const predictions: Prediction[] = [];
    let computeMilliseconds = 0;
    for (let first = 0; first < inputs.length; first += ROWS_AT_ONCE) {
      const seconds = Math.max(0.01, (until - performance.now()) / 1000);
      const run = await model.answer(inputs.slice(first, first + ROWS_AT_ONCE), seconds);
      for (const answer of run.answers) {
        const { prediction, confidence } = answeredBy(answer, bundle.contract);
        predictions.push({
          prediction,
          confidence: rounded(confidence ?? 0),
          ...(confidence !== undefined && { probability: confidence }),
          ...(answer.refused !== undefined && { refused: answer.refused }),
          ...(answer.seen && { seen: answer.seen }),
        });
      }
      computeMilliseconds += run.computeMilliseconds;
      onProgress?.(predictions.length);
    }
    return { predictions, computeMilliseconds, isolation: model.isolation, machine: model.machine };
  } finally {
    model.close();
  }
}

/** Runs a network that describes itself on prepared rows. Throws what `runBundle` throws. */
export async function runOnnxModel(
  { bytes, sha256, summary, contract }: AdmittedModel,
  rows: readonly StoredFeatures[],
  timeoutSeconds?: number,
): Promise<ModelRun> {
  const file: BundleFile = {
    path: "model.onnx",
    sha256,
    sizeBytes: bytes.length,
    open: async () => Readable.from([bytes]),
  };
  const run = selfDescribedContract(summary, contract, file.path);
  const inputs = rows.map((row): RunInput => ({ kind: "prepared", packed: packInput(row) }));
  return runBundle(
    { files: [file], contract: run, isForeign: false },
    inputs,
    timeoutSeconds === undefined ? {} : { timeoutSeconds },
  );
}

/** Four places: runtimes differ in the digits after that. */
function rounded(probability: number): number {
  return Math.round(probability * 10_000) / 10_000;
}
