import "server-only";
import { createHash } from "node:crypto";
import { DomainError } from "@/lib/shared/domain-error";
import { readModelContract, type ModelContract } from "../model-contract";
import { inspectOnnx, type OnnxSummary } from "@/lib/artifact/onnx-gate";
import { matrixOf, type StoredFeatures } from "../preprocessing";
import {
  type Isolation,
  type SandboxOutput,
  type SandboxProgram,
  type SandboxRequest,
  SandboxError,
  findIsolation,
  runInSandbox,
} from "@/lib/platform/sandbox";

export type Prediction = {
  prediction: string;
  /** To four places, as it is stored. */
  confidence: number;
  /** The same as the runtime gave it. */
  probability: number;
};

export type ModelRun = {
  predictions: Prediction[];
  /** Preparing the input and computing the answers, without starting the process. */
  computeMilliseconds: number;
  isolation: Isolation;
};

export type AdmittedModel = {
  bytes: Uint8Array;
  sha256: string;
  summary: OnnxSummary;
  contract: ModelContract;
};

/** The process that runs a model: see its own file. */
export const modelProgram: SandboxProgram = {
  script: "lib/inference/commands/model-child.mjs",
  nodeOptions: ["--max-old-space-size=256"],
  dataBytes: 1024 ** 3,
};

const MAX_ROWS = 200_000;
const MAX_MATRIX_BYTES = 64 * 1024 * 1024;
const OUTPUT_OVERHEAD_BYTES = 4_096;
const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Lets a file through the gate. Throws `model_refused` with the reason, or
 * `digest_mismatch` when the bytes are not the pinned ones.
 */
export function admitModel(bytes: Uint8Array, pinnedSha256?: string): AdmittedModel {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (pinnedSha256 !== undefined && sha256 !== pinnedSha256) {
    throw new DomainError("digest_mismatch", "The file is not the one that was recorded.");
  }
  const verdict = inspectOnnx(bytes);
  if (!verdict.accepted) throw new DomainError("model_refused", verdict.message);
  const contract = readModelContract(verdict.summary);
  if (!contract.accepted) throw new DomainError("model_refused", contract.message);
  return { bytes, sha256, summary: verdict.summary, contract: contract.contract };
}

/**
 * Runs an admitted model on prepared rows, in a process of its own with the strongest
 * isolation this machine allows; many wide rows run in several processes, one after
 * another, each with the whole time. Throws `model_run_failed` on a crash, a limit, the
 * time, or an answer that is not a number.
 */
export async function runOnnxModel(
  model: AdmittedModel,
  rows: readonly StoredFeatures[],
  timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
): Promise<ModelRun> {
  refuseTooManyRows(rows.length);
  const rowsAtOnce = Math.max(1, Math.floor(MAX_MATRIX_BYTES / (model.summary.input.columns * 4)));
  const runs: ModelRun[] = [];
  for (let first = 0; first < rows.length; first += rowsAtOnce) {
    runs.push(await runOnce(model, rows.slice(first, first + rowsAtOnce), timeoutSeconds));
  }
  return {
    predictions: runs.flatMap((run) => run.predictions),
    computeMilliseconds: runs.reduce((sum, run) => sum + run.computeMilliseconds, 0),
    isolation: await findIsolation(modelProgram),
  };
}

async function runOnce(
  { bytes, summary, contract }: AdmittedModel,
  rows: readonly StoredFeatures[],
  timeoutSeconds: number,
): Promise<ModelRun> {
  const startedAt = performance.now();
  const matrix = matrixOf(rows, contract.preprocessing);
  const preparing = performance.now() - startedAt;
  const header = {
    runtime: "onnx",
    modelBytes: bytes.length,
    rows: rows.length,
    columns: summary.input.columns,
    classes: contract.classes.length,
    input: summary.input.name,
    output: summary.output.name,
    threads: runThreads,
    rowsPerCall: runRowsPerCall,
  };
  const body = Buffer.concat([bytes, Buffer.from(matrix.buffer)]);
  const answerBytes = rows.length * contract.classes.length * 4;
  const answer = await runOrRefuse(
    { header, body, maxOutputBytes: answerBytes + OUTPUT_OVERHEAD_BYTES },
    timeoutSeconds,
  );
  if (answer.body.length !== answerBytes)
    throw new DomainError("model_run_failed", "The model did not answer every row.");
  return {
    predictions: strongestClasses(answer.body, contract.classes),
    computeMilliseconds: preparing + Number(answer.header.computeMilliseconds),
    isolation: answer.isolation,
  };
}

/** Names the language of each text with the CLD3 package, isolated like any other model. */
export async function runLanguageDetector(
  texts: readonly string[],
  maxBytes = 4_096,
  timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
): Promise<ModelRun> {
  refuseTooManyRows(texts.length);
  const body = Buffer.from(JSON.stringify(texts));
  const header = { runtime: "cld3", maxBytes };
  const answer = await runOrRefuse(
    { header, body, maxOutputBytes: texts.length * 64 + OUTPUT_OVERHEAD_BYTES },
    timeoutSeconds,
  );
  const named = JSON.parse(answer.body.toString("utf8")) as [language: string, probability: number][];
  return {
    predictions: named.map(([prediction, probability]) => answered(prediction, probability)),
    computeMilliseconds: Number(answer.header.computeMilliseconds),
    isolation: answer.isolation,
  };
}

/** As the process around a run feeds it: see its own file. */
export const runThreads = 1;
export const runRowsPerCall = 512;

/** Which runtime answers, as evaluations record it. */
export const onnxRuntime = { name: "onnxruntime-node", version: "1.27.0" } as const;
export const languageDetector = { name: "cld3-asm", version: "4.0.0" } as const;

async function runOrRefuse(request: SandboxRequest, timeoutSeconds: number): Promise<SandboxOutput> {
  try {
    return await runInSandbox(modelProgram, request, timeoutSeconds);
  } catch (error) {
    if (error instanceof SandboxError)
      throw new DomainError("model_run_failed", `The model could not be run (${error.message}).`);
    throw error;
  }
}

function refuseTooManyRows(count: number): void {
  if (count === 0 || count > MAX_ROWS)
    throw new DomainError("model_run_failed", `A run takes 1 to ${MAX_ROWS} rows.`);
}

function strongestClasses(body: Buffer, classes: readonly string[]): Prediction[] {
  const predictions: Prediction[] = [];
  for (let offset = 0; offset < body.length; offset += classes.length * 4) {
    let best = 0;
    let confidence = -Infinity;
    classes.forEach((_, index) => {
      const probability = body.readFloatLE(offset + index * 4);
      if (probability > confidence) [best, confidence] = [index, probability];
    });
    if (!Number.isFinite(confidence))
      throw new DomainError("model_run_failed", "The model answered something that is not a number.");
    predictions.push(answered(classes[best] ?? "", confidence));
  }
  return predictions;
}

function answered(prediction: string, probability: number): Prediction {
  return { prediction, confidence: rounded(probability), probability };
}

/** Four places: runtimes differ in the digits after that. */
function rounded(probability: number): number {
  return Math.round(probability * 10_000) / 10_000;
}
