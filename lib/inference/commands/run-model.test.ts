import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectOnnx } from "@/lib/artifact/onnx-gate";
import { featuresOfText } from "../preprocessing";
import { admitModel, modelProgram, runLanguageDetector, runOnnxModel } from "./run-model";
import { findIsolation, runInSandbox, SandboxError } from "@/lib/platform/sandbox";

const board = readFileSync("prisma/seed/models/connect-four-reflexes/model.onnx");

const cells = (bottomUp: string[]) => ({ kind: "board" as const, cells: bottomUp.join("") });
const emptyRows = (count: number) => Array.from({ length: count }, () => "......");

describe("running a model", () => {
  it("answers from the real network: it completes its own four", async () => {
    const run = await runOnnxModel(admitModel(board), [cells(["xxx.oo", "o.o...", ...emptyRows(3)])]);
    expect(run.predictions).toMatchObject([{ prediction: "column 4", confidence: expect.any(Number) }]);
    expect(run.predictions[0]?.confidence).toBeGreaterThan(0.5);
  });

  it("answers every row alike, alone or among many", async () => {
    const model = admitModel(board);
    const one = cells(["ooo.xx", "x.x...", ...emptyRows(3)]);
    const many = await runOnnxModel(
      model,
      Array.from({ length: 1_300 }, () => one),
    );
    const alone = await runOnnxModel(model, [one]);
    expect(new Set(many.predictions.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(alone.predictions[0])]),
    );
    expect(many.isolation).toBe(await findIsolation(modelProgram));
  });

  it("answers all of more rows than fit into one process, in order", async () => {
    const model = admitModel(readFileSync("prisma/seed/models/package-shelf/model.onnx"));
    const { preprocessing } = model.contract;
    const rust = featuresOfText("Rust crate for parsing - Rust source code", preprocessing);
    const perl = featuresOfText("Perl module for parsing", preprocessing);
    const rows = Array.from({ length: 8_200 }, (_, index) => (index % 2 ? perl : rust));
    const { predictions } = await runOnnxModel(model, rows);
    expect(predictions).toHaveLength(8_200);
    expect(predictions.slice(-2).map(({ prediction }) => prediction)).toEqual(["rust", "perl"]);
    expect(new Set(predictions.map(({ prediction }) => prediction)).size).toBe(2);
  });

  it("refuses answers that are not numbers", async () => {
    const broken = Buffer.from(readFileSync("prisma/seed/models/penguin-scales/model.onnx"));
    const biasName = broken.lastIndexOf("bias0");
    broken.fill(0xff, biasName + 7, biasName + 7 + 12);
    const run = runOnnxModel(admitModel(broken), [{ kind: "numbers", values: [200, 4_000] }]);
    await expect(run).rejects.toThrow(/not a number/);
  });

  it("names the language of a paragraph with the packaged detector", async () => {
    const run = await runLanguageDetector([
      "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    ]);
    expect(run.predictions[0]).toMatchObject({ prediction: "de" });
  });

  it("refuses a file whose digest is not the recorded one", () => {
    const recorded = admitModel(board).sha256;
    const flipped = Buffer.from(board);
    flipped[60_000] = (flipped[60_000] ?? 0) ^ 1;
    expect(() => admitModel(flipped, recorded)).toThrow(expect.objectContaining({ code: "digest_mismatch" }));
    expect(admitModel(board, recorded).sha256).toBe(recorded);
  });

  it("refuses a file that the gate refuses", () => {
    expect(() => admitModel(board.subarray(0, 2_000))).toThrow(
      expect.objectContaining({ code: "model_refused" }),
    );
  });

  it("refuses features of another kind than the model reads", async () => {
    await expect(runOnnxModel(admitModel(board), [{ kind: "numbers", values: [1] }])).rejects.toThrow(
      TypeError,
    );
  });
});

/** A network the gate lets through and that would compute for minutes: one product, 900 times. */
function timeBomb(width: number): Buffer {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
  const number = (field: number, value: number) => Buffer.from([...varint(field * 8), ...varint(value)]);
  const message = (field: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
  };
  const text = (field: number, value: string) => message(field, Buffer.from(value));
  const shape = message(2, message(1, text(2, "rows")), message(1, number(1, width)));
  const value = (field: number, name: string) =>
    message(field, text(1, name), message(2, message(1, number(1, 1), shape)));
  const steps = Array.from({ length: 900 }, (_, step) =>
    message(1, text(1, `x${step}`), text(1, "w"), text(2, `x${step + 1}`), text(4, "MatMul")),
  );
  const weights = message(
    5,
    number(1, width),
    number(1, width),
    number(2, 1),
    text(8, "w"),
    message(9, Buffer.alloc(4 * width * width, 1)),
  );
  const graph = message(7, ...steps, weights, value(11, "x0"), value(12, "x900"));
  return Buffer.concat([number(1, 8), graph, message(8, number(2, 13))]);
}

describe("the process around it", () => {
  it("ends a network that computes past its time, native code and all", async () => {
    const width = 2_048;
    const rows = 512;
    const bomb = timeBomb(width);
    expect(inspectOnnx(bomb)).toMatchObject({ accepted: true });
    const body = Buffer.concat([bomb, Buffer.alloc(rows * width * 4)]);
    const header = {
      runtime: "onnx",
      modelBytes: bomb.length,
      rows,
      columns: width,
      classes: width,
      input: "x0",
      output: "x900",
      threads: 1,
      rowsPerCall: rows,
    };
    const startedAt = performance.now();
    const run = runInSandbox(modelProgram, { header, body, maxOutputBytes: 8_000_000 }, 2);
    await expect(run).rejects.toThrow(/timed_out|crashed: ended by SIGKILL/);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it("has no network and is not root, where this machine can do that", async () => {
    const isolation = await findIsolation(modelProgram);
    const answer = await runInSandbox(
      modelProgram,
      { header: { runtime: "probe" }, maxOutputBytes: 4_096 },
      15,
    );
    if (isolation.includes("network")) expect(answer.header.hasNetwork).toBe(false);
    expect(answer.isolation).toBe(isolation);
    expect(existsSync("/usr/bin/prlimit") ? isolation : "limits").not.toBe("process");
  });

  it("is ended when its time is up", async () => {
    const startedAt = performance.now();
    const run = runLanguageDetector(["x"], 4_096, 0.02);
    await expect(run).rejects.toThrow(expect.objectContaining({ code: "model_run_failed" }));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it("is ended when it answers more than it may", async () => {
    const body = Buffer.from(JSON.stringify(Array.from({ length: 500 }, () => "some words of text")));
    const request = { header: { runtime: "cld3", maxBytes: 4_096 }, body, maxOutputBytes: 100 };
    await expect(runInSandbox(modelProgram, request, 15)).rejects.toThrow(
      expect.objectContaining({ code: "output_too_large" }),
    );
  });

  it("turns a file the native runtime cannot read into a refusal, not a crash of the host", async () => {
    const header = {
      runtime: "onnx",
      modelBytes: 9,
      rows: 1,
      columns: 1,
      classes: 1,
      input: "x",
      output: "y",
    };
    const request = {
      header,
      body: Buffer.concat([Buffer.from("not a net"), Buffer.alloc(4)]),
      maxOutputBytes: 4_096,
    };
    const run = runInSandbox(modelProgram, request, 15);
    await expect(run).rejects.toBeInstanceOf(SandboxError);
    await expect(run).rejects.toThrow(expect.objectContaining({ code: "refused_by_runtime" }));
  });
});
