import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { fasttextBytes } from "@/lib/artifact/fasttext.fixture";
import { classes, fileOf, sumOfWords, transformersBundle } from "./bundles.fixture";
import type { Bundle } from "./commands/open-model";
import { draftContract } from "./draft-contract";
import { onnxBytes } from "./onnx.fixture";
import { type RunContract, runTasks } from "./run-contract";
import { deliveredFile, deliveredNames, deliveredWith } from "./snippets";

const scratch = mkdtempSync(path.join(tmpdir(), "offcut-snippets-"));
symlinkSync(path.resolve("node_modules"), path.join(scratch, "node_modules"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const sentiments = transformersBundle({
  task: "text-classification",
  onnx: sumOfWords(2, { late: [2, -2], thank: [-2, 2], the: [1, -1], "?": [0, 1] }),
  config: { id2label: { 0: "negative", 1: "positive" }, architectures: ["BertForSequenceClassification"] },
  output: classes("negative", "positive"),
});

function drafted(path: string, format: string, facts: unknown): RunContract {
  const found = draftContract([{ path, format, facts, text: null }]);
  if ("reason" in found) throw new Error(found.reason);
  return found.contract;
}

const sum = onnxBytes({
  inputs: [{ name: "x", type: "float", dimensions: ["rows", 2] }],
  outputs: [{ name: "total", type: "float", dimensions: ["rows", 1] }],
  nodes: [{ operator: "ReduceSum", inputs: ["x", "axes"], outputs: ["total"], attributes: { keepdims: 1 } }],
  tensors: [{ name: "axes", dimensions: [1], values: [1], type: "int64" }],
});
const totals = drafted("sum.onnx", "onnx", {
  ...{ inputs: ["x"], inputTypes: ["float32[?,2]"], outputs: ["total"], outputTypes: ["float32[?,1]"] },
});
const thanks = drafted("model.bin", "fasttext", { labels: ["yes", "no"] });
const generator = drafted("m.gguf", "gguf", { contextLength: 1_024 });

async function runPrinted({ files, contract }: Pick<Bundle, "files" | "contract">): Promise<unknown[]> {
  const folder = mkdtempSync(path.join(scratch, "bundle-"));
  for (const { path: name, open } of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), await buffer(await open()));
  }
  for (const name of deliveredWith(contract))
    writeFileSync(path.join(folder, name), deliveredFile(contract, name) ?? "");
  writeFileSync(path.join(folder, "package.json"), `{"type":"module"}`);
  const { stdout } = await promisify(execFile)(process.execPath, ["run.ts"], { cwd: folder });
  return stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe("what is delivered beside the files", () => {
  it("answers the sample input as printed, in TypeScript, for a Hugging Face layout", async () => {
    const [first, second] = await runPrinted(sentiments);
    expect(first).toMatchObject([{ label: "negative" }]);
    expect(second).toMatchObject([{ label: expect.any(String) }]);
  });

  it("answers it for a plain graph and for a fastText model", async () => {
    const plain = { files: [fileOf("sum.onnx", sum)], contract: totals };
    expect(await runPrinted(plain)).toEqual([{ total: [2] }, { total: [4] }]);
    const bytes = fasttextBytes({ late: [3, 0], Thank: [0, 3], at: [0, 1], The: [1, 0] }, ["yes", "no"]);
    expect(await runPrinted({ files: [fileOf("model.bin", bytes)], contract: thanks })).toMatchObject([
      { label: "yes" },
      { label: "no" },
    ]);
  });

  const hasPython = spawnSync("python3", ["--version"]).status === 0;

  it.runIf(hasPython)("is sound Python for every kind of bundle and every task", () => {
    const layouts = runTasks.map((task) => ({ ...sentiments.contract, task }));
    const contracts: RunContract[] = [totals, thanks, generator, ...layouts];
    for (const [at, contract] of contracts.entries())
      writeFileSync(path.join(scratch, `run_${at}.py`), deliveredFile(contract, "run.py") ?? "");
    const names = contracts.map((_, at) => `run_${at}.py`);
    const compiled = spawnSync("python3", ["-m", "py_compile", ...names], { cwd: scratch, encoding: "utf8" });
    expect(compiled.stderr).toBe("");
    expect(compiled.status).toBe(0);
  });

  it("is the contract alone where only this installation runs it", () => {
    const endpoint = { ...sentiments.contract, bundle: "endpoint" as const };
    expect(deliveredWith(endpoint)).toEqual(["contract.json"]);
    expect(deliveredWith(generator)).toEqual([...deliveredNames]);
  });
});
