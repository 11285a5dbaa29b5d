/**
 * Runs one bundle in a process of its own. Nothing of this file is bundled: the parent starts it with an empty
 * environment, in the bundle's folder, and kills its whole group when time is up.
 *
 * In:  messages (uint32 big-endian length, then JSON): first { runtime: "probe" }, or { runtime: "open", contract, folder },
 *      then { rows } any number of times.
 * Out: a message for each: { ok: true, … } or { ok: false, message }.
 */
import { readFileSync } from "node:fs";
import os from "node:os";
import "../../platform/source-imports.mjs";
import { BytesIn, withLength } from "../../platform/framing.mjs";
import { whatItReaches } from "../../platform/reach.mjs";

// The environment is empty: one library asks for a home before it does anything, another reports unless told not to.
process.env.HOME = "/";
process.env.ORT_DISABLE_TELEMETRY = "1";

const runners = {
  transformers: () => import("../runners/transformers.mjs"),
  onnx: () => import("../runners/onnx.mjs"),
  fasttext: () => import("../runners/fasttext.mjs"),
  gguf: () => import("../runners/gguf.mjs"),
  package: () => import("../runners/package.mjs"),
};

const input = new BytesIn(process.stdin);
// Libraries print what they like; the answers alone go to where the parent reads them.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (...printed) => process.stderr.write(...printed);
let model;

for (let message = await input.framedOrEnd(); message; message = await input.framedOrEnd()) {
  const answer = await answered(JSON.parse(message.toString("utf8"))).catch((error) => ({
    ok: false,
    message: String(error?.message ?? error).slice(0, 500),
  }));
  await new Promise((resolve) => write(withLength(Buffer.from(JSON.stringify(answer))), resolve));
}
process.exit(0);

async function answered(message) {
  if (message.runtime === "probe") return probe();
  if (message.runtime === "open") return open(message);
  const startedAt = performance.now();
  const answers = await inCalls(message.rows);
  return { ok: true, answers, computeMilliseconds: performance.now() - startedAt };
}

async function open({ contract, folder }) {
  const runner = await runners[contract.bundle]();
  const opened = await runner.open({ contract, folder });
  model = { ...opened, rowsPerCall: contract.rowsPerCall };
  return { ok: true, machine: machine() };
}

async function inCalls(rows) {
  const answers = [];
  for (let first = 0; first < rows.length; first += model.rowsPerCall)
    answers.push(...(await inOneCall(rows.slice(first, first + model.rowsPerCall))));
  return answers;
}

/** Where a call breaks its rows are asked one by one, so that a row that breaks a model is no end of everybody's run. */
async function inOneCall(rows) {
  try {
    const answers = await model.answer(rows);
    if (answers.length !== rows.length) throw new Error("it did not answer every row");
    return answers;
  } catch (error) {
    if (rows.length === 1)
      return [{ refused: `The model broke on it: ${String(error?.message ?? error).slice(0, 200)}` }];
    const answers = [];
    for (const row of rows) answers.push(...(await inOneCall([row])));
    return answers;
  }
}

/** Loads the native runtime once and says what this process can reach. */
async function probe() {
  await import("onnxruntime-node");
  return { ok: true, userId: process.getuid?.() ?? null, ...whatItReaches() };
}

/** What digits may depend on beside the files, see `MachineFacts`. */
function machine() {
  const { glibcVersionRuntime = "none" } = process.report.getReport().header;
  return {
    node: process.version,
    architecture: process.arch,
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    cpuFeatures: cpuFeatures(),
    libc: glibcVersionRuntime,
  };
}

/** What decides which kernels a runtime takes. */
const TELLING =
  /^(?:sse4_2|avx|avx2|fma|f16c|avx512[a-z0-9_]*|avx_vnni|amx_[a-z0-9]+|asimd|asimddp|asimdhp|i8mm|bf16|sve2?|sme)$/;

function cpuFeatures() {
  try {
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "";
    return flags
      .split(" ")
      .filter((flag) => TELLING.test(flag))
      .sort()
      .join(" ")
      .slice(0, 300);
  } catch {
    return "";
  }
}
