import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { assignSlices, type EvaluationRow, type SliceDefinition } from "@/lib/measurement/slice";
import { type PackedInput, packInput } from "@/lib/inference/packed-input";
import type { StoredFeatures } from "@/lib/inference/preprocessing";
import {
  admitModel,
  languageDetector,
  onnxRuntime,
  runLanguageDetector,
  runOnnxModel,
  type ModelRun,
} from "@/lib/inference/commands/run-model";
import type { Isolation } from "@/lib/platform/sandbox";
import { findDemoModel } from "./catalogue";
import type { DemoModel } from "./demo-model";
import { loadRows, modelsFolder } from "./training/fit";
import { digestOfRowFile, type DemoRow, type RowFile } from "./training/row-file";

export type DemoEvaluationRow = EvaluationRow & { confidence: number; observedYear?: number };

/** `location` is where its bytes lie on this machine; `path` its name inside the version. */
export type DemoFile = { path: string; location: string; sha256: string; sizeBytes: number };

export type DemoEvaluation = {
  slug: string;
  split: "discovery" | "attestation";
  rows: DemoEvaluationRow[];
  /** What the model read of each row. */
  inputs: PackedInput[];
  /** Definitions of every slice the rows name, in the order of the listing. */
  slices: SliceDefinition[];
  /** SHA-256 of the canonical (unzipped) row file. */
  digestOfRows: string;
  /** The files that make the version: what was run, and its card. */
  files: DemoFile[];
  /** Preparing the input and computing, without starting the process. */
  msPer1000: number;
  runtime: { name: string; version: string };
  isolation: Isolation;
};

/** Runs a demo model on its committed rows, for real, and places every answer in its slices. */
export async function evaluateDemoModel(
  slug: string,
  split: "discovery" | "attestation",
): Promise<DemoEvaluation> {
  return evaluateRows(findDemoModel(slug), loadRows(slug, split), split);
}

/** The same on any rows, such as those an independent evaluator holds. */
export async function evaluateRows(
  model: DemoModel,
  file: RowFile,
  split: "discovery" | "attestation",
): Promise<DemoEvaluation> {
  const run = await runRows(model, file);
  const answered = file.rows.map((row, index) => ({
    input: new Set(row.flags),
    label: row.label,
    cluster: String(row.cluster),
    ...(run.predictions[index] ?? { prediction: "", confidence: 0 }),
  }));
  const conditions = model.slices.map(({ id, name, onInput, onOutput }) => ({
    id,
    name,
    ...(onInput && { onInput }),
    ...(onOutput && {
      onOutput: ({ prediction, confidence = 0 }: { prediction: string; confidence?: number }) =>
        onOutput({ prediction, confidence }),
    }),
    discovered: split === "discovery",
  }));
  const { rows, slices } = assignSlices(answered, conditions);
  return {
    slug: model.slug,
    split,
    rows: rows.map((row, index) => withYear(row, file.rows[index])),
    inputs: file.rows.map(({ features }) => (features.kind === "text" ? features.text : packInput(features))),
    slices,
    digestOfRows: digestOfRowFile(file),
    files: listDemoFiles(model),
    msPer1000: (run.computeMilliseconds / file.rows.length) * 1_000,
    runtime: model.runtime === "cld3" ? languageDetector : onnxRuntime,
    isolation: run.isolation,
  };
}

/** The files of a version, by path inside the model's folder; for a package, the files that answer. */
export function listDemoFiles(model: DemoModel): DemoFile[] {
  const folder = path.join(modelsFolder, model.slug);
  const own = ["README.md", ...(model.runtime === "onnx" ? ["model.onnx"] : [])].map((name) =>
    fileOf(path.join(folder, name), name),
  );
  if (model.runtime === "onnx") return own;
  const main = createRequire(import.meta.url).resolve("cld3-asm");
  const packageFolder = path.join(main, "../../..");
  const parts = ["package.json", "LICENSE", "dist/cjs/lib/node/cld3.js"];
  // Programs are not kept as such: the network inside this one is sold as text, under a name nothing runs.
  const listed = (name: string) => `cld3-asm/${name.replace(/\.js$/, ".js.txt")}`;
  return [...own, ...parts.map((name) => fileOf(path.join(packageFolder, name), listed(name)))];
}

async function runRows(model: DemoModel, file: RowFile): Promise<ModelRun> {
  if (model.runtime === "cld3") return runLanguageDetector(file.rows.map(textOf));
  const bytes = readFileSync(path.join(modelsFolder, model.slug, "model.onnx"));
  return runOnnxModel(
    admitModel(bytes),
    file.rows.map((row) => row.features as StoredFeatures),
  );
}

function textOf(row: DemoRow): string {
  if (row.features.kind !== "text") throw new TypeError("these rows hold no text");
  return row.features.text;
}

function withYear(row: EvaluationRow, source: DemoRow | undefined): DemoEvaluationRow {
  return {
    ...row,
    confidence: row.confidence ?? 0,
    ...(source?.observedYear && { observedYear: source.observedYear }),
  };
}

function fileOf(location: string, name: string): DemoFile {
  const bytes = readFileSync(location);
  return {
    path: name,
    location,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
  };
}
