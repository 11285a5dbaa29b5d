import { createHash } from "node:crypto";
import { createReadStream, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { columnValues, type EvaluationRow, type SliceDefinition } from "@/lib/measurement/slice";
import { type ClusterSource, ClusterUnion } from "@/lib/measurement/clusters";
import { inputColumnsOf } from "@/lib/measurement/input-columns";
import { NearCopies } from "@/lib/measurement/near-copies";
import type { RunPlace } from "@/lib/inference/commands/open-model";
import { type PackedInput, packInput } from "@/lib/inference/packed-input";
import type { StoredFeatures } from "@/lib/inference/features";
import type { BundleFile } from "@/lib/inference/commands/bundle-folder";
import { demoSellerOrigin } from "@/lib/platform/egress";
import { endpointContract } from "@/lib/inference/endpoint-contract";
import { admitModel, runBundle, runOnnxModel, type ModelRun } from "@/lib/inference/commands/run-model";
import { type ModelInput, modelInputSchema } from "@/lib/inference/model-input";
import type { RunContract } from "@/lib/inference/run-contract";
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
  inputs: (PackedInput | ModelInput)[];
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
  const model = findDemoModel(slug);
  return evaluateRows(model, loadRows(model.served ?? slug, split), split);
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
    const { prediction, confidence, seen } = run.predictions[index] ?? { prediction: "", confidence: 0 };
    const columns = withInputColumns(columnsOf(row.flags), row, seen);
    const cluster = String(clusters.rootOf(index) + 1);
    const year = row.observedYear && { observedYear: row.observedYear };
    return { label: row.label, prediction, confidence, columns, cluster, ...year };
  });
  return {
    slug: model.slug,
    split,
    rows,
    inputs: file.rows.map(readInput),
    clustersFrom: clusters.from,
    slices: model.slices.map(({ name, condition }) => ({
      condition,
      sellerName: name,
      discovered: split === "discovery",
    })),
    digestOfRows: digestOfRowFile(file),
    files: listDemoFiles(model),
    msPer1000: (run.computeMilliseconds / file.rows.length) * 1_000,
    runtime: (await demoContract(model)).runtime,
    isolation: run.isolation,
  };
}

/** The packages that bring a model, with the files of each that answer. */
const packages = {
  cld3: { name: "cld3-asm", files: ["package.json", "LICENSE", "dist/cjs/lib/node/cld3.js"] },
  silero: { name: "@ricky0123/vad-web", files: ["package.json", "dist/silero_vad_v5.onnx"] },
} as const;

/** The files of a version, by path inside the model's folder; for a package, the files that answer; for an endpoint, none. */
export function listDemoFiles({ slug, runtime }: DemoModel): DemoFile[] {
  if (runtime === "endpoint") return [];
  const folder = path.join(modelsFolder, slug);
  const card = fileOf(path.join(folder, "README.md"), "README.md");
  if (runtime === "onnx") return [card, fileOf(path.join(folder, "model.onnx"), "model.onnx")];
  if (runtime === "bundle") return [card, ...bundleFiles(slug)];
  const { name, files } = packages[runtime];
  const packageFolder = folderOfPackage(name);
  // Programs are not kept as such: the network inside one is sold as text, under a name nothing runs.
  const listed = (file: string) => `${name}/${file.replace(/\.js$/, ".js.txt")}`;
  return [card, ...files.map((file) => fileOf(path.join(packageFolder, file), listed(file)))];
}

/** The files of `bundle/`, by their path within it. */
function bundleFiles(slug: string): DemoFile[] {
  const folder = path.join(modelsFolder, slug, "bundle");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const locations = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return locations.sort().map((location) => fileOf(location, path.relative(folder, location)));
}

function folderOfPackage(name: string): string {
  const main = createRequire(import.meta.url).resolve(name);
  return main.slice(0, main.lastIndexOf(`/${name}/`) + name.length + 1);
}

/** What it answers to rows, isolated like any other model. */
export async function runRows(model: DemoModel, file: RowFile): Promise<ModelRun> {
  if (model.runtime === "onnx")
    return runOnnxModel(
      await admitModel(networkOf(model)),
      file.rows.map((row) => row.features as StoredFeatures),
    );
  const files = model.runtime === "bundle" ? bundleFiles(model.slug).map(asBundleFile) : [];
  const inputs = file.rows.map(({ features }) => modelInputSchema.parse(features));
  return runBundle({ files, contract: await demoContract(model), isForeign: false }, inputs, {
    timeoutSeconds: model.runtime === "endpoint" ? 600 : 120,
  });
}

function asBundleFile({ location, ...file }: DemoFile): BundleFile {
  return { ...file, open: async () => createReadStream(location) };
}

/** How a demo model is run, as its listing says. */
export async function demoContract(model: DemoModel): Promise<RunContract> {
  if (model.runtime === "onnx") {
    const { summary, contract } = await admitModel(networkOf(model));
    return selfDescribedContract(summary, contract, "model.onnx");
  }
  if (model.runtime === "endpoint") return servedContract(model);
  if (model.runtime !== "bundle") return packageContract(packages[model.runtime].name, model.classes);
  if (!model.contract) throw new RangeError(`${model.slug} does not say how its bundle is run.`);
  return model.contract;
}

/** The demo seller's own server, which takes a text as it is and writes one. */
function servedContract({ slug, served, task }: DemoModel): RunContract {
  const origin = demoSellerOrigin();
  if (!origin || !served) throw new RangeError(`${slug} is served nowhere.`);
  return endpointContract({
    endpoint: { url: `${origin}/v1/chat/completions`, shape: "openai-chat", model: served, pointers: null },
    task: task === "text-generation" ? task : "text-classification",
    labels: [],
    template: "{{input}}",
  });
}

function networkOf({ slug }: DemoModel): Buffer {
  return readFileSync(path.join(modelsFolder, slug, "model.onnx"));
}

function readInput({ features }: DemoRow): PackedInput | ModelInput {
  switch (features.kind) {
    case "text":
      return features.text;
    case "fields":
    case "image":
    case "audio":
      return features;
    default:
      return packInput(features);
  }
}

/** By the source kept with a row, and by what it holds: texts that are nearly alike, pictures and counts that are alike. */
function clustersOf({ rows }: RowFile): ClusterUnion {
  const union = new ClusterUnion();
  const copies = new NearCopies(union);
  const firstWith = new Map<string, number>();
  for (const [index, { cluster, features }] of rows.entries()) {
    union.name(index, "cluster_column", 0, String(cluster));
    if (features.kind === "text") copies.add(index, features.text);
    // Two birds may well measure the same, and two reports read alike.
    if (features.kind === "text" || features.kind === "numbers" || features.kind === "fields") continue;
    const held = features.kind === "levels" ? String(features.levels) : JSON.stringify(features);
    const first = firstWith.get(held);
    if (first === undefined) firstWith.set(held, index);
    else union.join(first, index, "near_copies");
  }
  copies.join();
  return union;
}

/** With what follows from the row itself, where it is kept as it was. */
function withInputColumns(
  flags: ReadonlyMap<string, string>,
  { features }: DemoRow,
  seen?: Readonly<Record<string, string>>,
) {
  const input = modelInputSchema.safeParse(features);
  return input.success ? new Map([...flags, ...inputColumnsOf(input.data, seen)]) : flags;
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
