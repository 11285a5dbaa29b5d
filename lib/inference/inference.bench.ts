import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { BytesIn, withLength } from "@/lib/platform/framing.mjs";
import { confined, projectRoot } from "@/lib/platform/isolation";
import { findIsolation } from "@/lib/platform/sandbox";
import { fileOf } from "./bundles.fixture";
import { layOut } from "./commands/bundle-folder";
import { type Bundle, bundleProgram } from "./commands/open-model";
import { admitModel } from "./commands/run-model";
import type { RunInput } from "./model-input";
import { selfDescribedContract } from "./self-described";
import { sentimentBundle } from "./hostile-bundles.fixture";

/**
 * What keeping a model apart costs, as ratios of the same work on the same machine in the same run: 1,000 predictions in a
 * fresh process, beside the same program without isolation; and 20,000 texts through a Hugging Face layout, beside its runner
 * called in one process.
 */

const TIMES = Number(process.argv[2] ?? 5);
const TEXTS = Number(process.argv[3] ?? 20_000);

type Run = { seconds: number; peakMegabytes: number };

/** Opens a bundle in a fresh process, apart or not, answers the rows in messages of 2,000, and ends it. */
async function runOnce(
  { files, contract }: Bundle,
  rows: readonly RunInput[],
  isApart: boolean,
): Promise<Run> {
  const { folder, forget } = await layOut(files);
  const { nodeOptions, script, dataBytes } = bundleProgram;
  const root = projectRoot();
  const readable = [...["lib", "node_modules", "package.json"].map((name) => path.join(root, name)), folder];
  const node = [process.execPath, ...nodeOptions, path.join(root, script)];
  const isolation = isApart ? await findIsolation(bundleProgram) : "process";
  const [command = "", ...options] = await confined(isolation, {
    node,
    dataBytes,
    processorSeconds: 3600,
    readable,
  });
  const begun = performance.now();
  const child = spawn(command, options, {
    cwd: folder,
    env: {} as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const answers = new BytesIn(child.stdout);
  const ask = async (message: unknown) => {
    child.stdin.write(withLength(Buffer.from(JSON.stringify(message))));
    const answer = JSON.parse(String(await answers.framedOrEnd())) as { ok: boolean; message?: string };
    if (!answer.ok) throw new Error(answer.message);
  };
  let peakMegabytes = 0;
  await ask({ runtime: "open", contract, folder });
  for (let first = 0; first < rows.length; first += 2_000) {
    await ask({ rows: rows.slice(first, first + 2_000) });
    peakMegabytes = Math.max(peakMegabytes, residentMegabytes(child.pid ?? 0));
  }
  const seconds = (performance.now() - begun) / 1000;
  child.kill("SIGKILL");
  await forget();
  return { seconds, peakMegabytes };
}

/** What the largest of a process and those that it started has held at most. */
function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const own = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean);
  return Math.max(own, ...children.map((child) => residentMegabytes(Number(child))));
}

/** The same rows through the same runner without messages, in one process that was started for it. */
const inProcess = `
  import { readFileSync } from "node:fs";
  process.env.ORT_DISABLE_TELEMETRY = "1";
  const { folder, contract, rows } = JSON.parse(readFileSync(0, "utf8"));
  const { open } = await import(process.argv[1]);
  const model = await open({ folder, contract });
  for (let first = 0; first < rows.length; first += contract.rowsPerCall)
    await model.answer(rows.slice(first, first + contract.rowsPerCall));
  console.log(process.resourceUsage().maxRSS / 1024);
`;

async function runInProcess({ files, contract }: Bundle, rows: readonly RunInput[]): Promise<Run> {
  const { folder, forget } = await layOut(files);
  const runner = path.join(projectRoot(), `lib/inference/runners/${contract.bundle}.mjs`);
  const options = [...bundleProgram.nodeOptions, "--input-type=module", "--eval", inProcess, runner];
  const begun = performance.now();
  const child = spawnSync(process.execPath, options, {
    input: JSON.stringify({ folder, contract, rows }),
    encoding: "utf8",
  });
  const seconds = (performance.now() - begun) / 1000;
  await forget();
  if (child.status !== 0) throw new Error(child.stderr);
  return { seconds, peakMegabytes: Number(child.stdout) };
}

/** The best of several, one kind after the other, so that both meet the same machine. */
async function compared(apart: () => Promise<Run>, plain: () => Promise<Run>, times: number) {
  const runs: { apart: Run[]; plain: Run[] } = { apart: [], plain: [] };
  for (let time = 0; time < times; time += 1) {
    runs.apart.push(await apart());
    runs.plain.push(await plain());
  }
  return { apart: best(runs.apart), plain: best(runs.plain) };
}

function best(runs: readonly Run[]): Run {
  return {
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    peakMegabytes: Math.min(...runs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

async function smallest(): Promise<Bundle> {
  const bytes = readFileSync("prisma/seed/models/penguin-scales/model.onnx");
  const { summary, contract } = await admitModel(bytes);
  const run = selfDescribedContract(summary, contract, "model.onnx");
  return { files: [fileOf("model.onnx", bytes)], contract: run, isForeign: true };
}

const rounded = (value: number) => Number(value.toFixed(3));
const numbers = Array.from({ length: 1_000 }, (_, at): RunInput => ({
  kind: "prepared",
  packed: [180 + (at % 50), 4_000],
}));
const net = await smallest();
const fresh = await compared(
  () => runOnce(net, numbers, true),
  () => runOnce(net, numbers, false),
  TIMES,
);
const texts = Array.from({ length: TEXTS }, (_, at): RunInput => {
  return { kind: "text", text: `The film ${at} is ${at % 2 ? "good" : "bad"}.` };
});
const layout = { ...sentimentBundle, contract: { ...sentimentBundle.contract, rowsPerCall: 32 } };
const long = await compared(
  () => runOnce(layout, texts, true),
  () => runInProcess(layout, texts),
  2,
);
console.table([
  {
    what: "1,000 predictions in a fresh process, time apart / not apart",
    ratio: rounded(fresh.apart.seconds / fresh.plain.seconds),
    limit: "<= 1.5",
    apart: `${rounded(fresh.apart.seconds)} s`,
    plain: `${rounded(fresh.plain.seconds)} s`,
  },
  {
    what: `${TEXTS} texts, rows a second apart / in-process`,
    ratio: rounded(long.plain.seconds / long.apart.seconds),
    limit: ">= 0.9",
    apart: `${Math.round(TEXTS / long.apart.seconds)} rows/s`,
    plain: `${Math.round(TEXTS / long.plain.seconds)} rows/s`,
  },
  {
    what: `${TEXTS} texts, peak memory apart / in-process`,
    ratio: rounded(long.apart.peakMegabytes / long.plain.peakMegabytes),
    limit: "<= 1.2",
    apart: `${Math.round(long.apart.peakMegabytes)} MB`,
    plain: `${Math.round(long.plain.peakMegabytes)} MB`,
  },
]);
process.exit(0);
