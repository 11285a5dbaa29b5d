import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { columnValues, type EvaluationRow, type SliceDefinition } from "@/lib/measurement/slice";
import { type ClusterSource, ClusterUnion } from "@/lib/measurement/clusters";
import { inputColumnsOf } from "@/lib/measurement/input-columns";
import { NearCopies } from "@/lib/measurement/near-copies";
import type { RunPlace } from "@/lib/inference/commands/open-model";
import { type PackedInput, packInput } from "@/lib/inference/packed-input";
import type { StoredFeatures } from "@/lib/inference/features";
import {
  admitModel,
  runLanguageDetector,
  runOnnxModel,
  type ModelRun,
} from "@/lib/inference/commands/run-model";
import type { RunContract } from "@/lib/inference/run-contract";
import { runtimes } from "@/lib/inference/runtimes";
import { packageContract, selfDescribedContract } from "@/lib/inference/self-described";
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
  clustersFrom: ClusterSource[];
  /** Definitions of every slice the rows name, in the order of the listing. */
  slices: SliceDefinition[];
  /** SHA-256 of the canonical (unzipped) row file. */
  digestOfRows: string;
  /** The files that make the version: what was run, and its card. */
  files: DemoFile[];
  /** Preparing the input and computing, without starting the process. */
  msPer1000: number;
  runtime: { name: string; version: string };
  isolation: RunPlace;
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
  const columnsOf = sharedColumns(model);
  const clusters = clustersOf(file);
  const rows = file.rows.map((row, index): DemoEvaluationRow => {
    const { prediction, confidence } = run.predictions[index] ?? { prediction: "", confidence: 0 };
    const columns = withInputColumns(columnsOf(row.flags), row);
    const cluster = String(clusters.rootOf(index) + 1);
    const year = row.observedYear && { observedYear: row.observedYear };
    return { label: row.label, prediction, confidence, columns, cluster, ...year };
  });
  return {
    slug: model.slug,
    split,
    rows,
    inputs: file.rows.map(({ features }) => (features.kind === "text" ? features.text : packInput(features))),
    clustersFrom: clusters.from,
    slices: model.slices.map(({ name, condition }) => ({
      condition,
      sellerName: name,
      discovered: split === "discovery",
    })),
    digestOfRows: digestOfRowFile(file),
    files: listDemoFiles(model),
    msPer1000: (run.computeMilliseconds / file.rows.length) * 1_000,
    runtime: model.runtime === "cld3" ? runtimes["cld3-asm"] : runtimes.onnx,
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
  return runOnnxModel(
    await admitModel(networkOf(model)),
    file.rows.map((row) => row.features as StoredFeatures),
  );
}

/** How a demo model is run, as its listing says. */
export async function demoContract(model: DemoModel): Promise<RunContract> {
  if (model.runtime === "cld3") return packageContract("cld3-asm", model.classes);
  const { summary, contract } = await admitModel(networkOf(model));
  return selfDescribedContract(summary, contract, "model.onnx");
}

function networkOf({ slug }: DemoModel): Buffer {
  return readFileSync(path.join(modelsFolder, slug, "model.onnx"));
}

function textOf(row: DemoRow): string {
  if (row.features.kind !== "text") throw new TypeError("these rows hold no text");
  return row.features.text;
}

/** By the source kept with a row, and by what it holds: texts that are nearly alike, pictures and counts that are alike. */
function clustersOf({ rows }: RowFile): ClusterUnion {
  const union = new ClusterUnion();
  const copies = new NearCopies(union);
  const firstWith = new Map<string, number>();
  for (const [index, { cluster, features }] of rows.entries()) {
    union.name(index, "cluster_column", 0, String(cluster));
    if (features.kind === "text") copies.add(index, features.text);
    // Two birds may well measure the same.
    if (features.kind === "text" || features.kind === "numbers") continue;
    const held = features.kind === "levels" ? String(features.levels) : JSON.stringify(features);
    const first = firstWith.get(held);
    if (first === undefined) firstWith.set(held, index);
    else union.join(first, index, "near_copies");
  }
  copies.join();
  return union;
}

/** With what follows from the row itself, where it is kept as it was. */
function withInputColumns(flags: ReadonlyMap<string, string>, { features }: DemoRow) {
  return features.kind === "text" ? new Map([...flags, ...inputColumnsOf(features)]) : flags;
}

/** Rows of the same flags share one map, so that conditions are checked once for all of them. */
function sharedColumns({ columns }: DemoModel) {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return (flags: readonly string[]): ReadonlyMap<string, string> => {
    const key = flags.join(" ");
    const values = Object.entries(columns).map(
      ([flag, column]) => [column, String(flags.includes(flag))] as const,
    );
    const held = known.get(key) ?? columnValues(values);
    known.set(key, held);
    return held;
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
