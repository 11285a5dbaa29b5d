import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { featuresOfText } from "../features";
import { findIsolation, runInSandbox } from "@/lib/platform/sandbox";
import { packageContract, selfDescribedContract } from "../self-described";
import { numberBundle } from "../hostile-bundles.fixture";
import type { RunInput } from "../model-input";
import type { Graph } from "../onnx.fixture";
import { type Bundle, bundleProgram, openModel } from "./open-model";
import { admitModel, runBundle, runOnnxModel } from "./run-model";

const board = readFileSync("prisma/seed/models/connect-four-reflexes/model.onnx");

const cells = (bottomUp: string[]) => ({ kind: "board" as const, cells: bottomUp.join("") });
const emptyRows = (count: number) => Array.from({ length: count }, () => "......");

describe("running a model", () => {
  it("answers from the real network: it completes its own four", async () => {
    const run = await runOnnxModel(await admitModel(board), [cells(["xxx.oo", "o.o...", ...emptyRows(3)])]);
    expect(run.predictions).toMatchObject([{ prediction: "column 4", confidence: expect.any(Number) }]);
    expect(run.predictions[0]?.confidence).toBeGreaterThan(0.5);
  });

  it("answers every row alike, alone or among many", async () => {
    const model = await admitModel(board);
    const one = cells(["ooo.xx", "x.x...", ...emptyRows(3)]);
    const many = await runOnnxModel(
      model,
      Array.from({ length: 1_300 }, () => one),
    );
    const alone = await runOnnxModel(model, [one]);
    expect(new Set(many.predictions.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(alone.predictions[0])]),
    );
    expect(many.isolation).toBe(await findIsolation(bundleProgram));
  });

  it("answers all of more rows than fit into one process, in order", async () => {
    const model = await admitModel(readFileSync("prisma/seed/models/package-shelf/model.onnx"));
    const { preprocessing } = model.contract;
    const rust = featuresOfText("Rust crate for parsing - Rust source code", preprocessing);
    const perl = featuresOfText("Perl module for parsing", preprocessing);
    const rows = Array.from({ length: 8_200 }, (_, index) => (index % 2 ? perl : rust));
    const { predictions } = await runOnnxModel(model, rows);
    expect(predictions).toHaveLength(8_200);
    expect(predictions.slice(-2).map(({ prediction }) => prediction)).toEqual(["rust", "perl"]);
    expect(new Set(predictions.map(({ prediction }) => prediction)).size).toBe(2);
  });

  it("refuses a row whose answer is not a number, by itself", async () => {
    const broken = Buffer.from(readFileSync("prisma/seed/models/penguin-scales/model.onnx"));
    const biasName = broken.lastIndexOf("bias0");
    broken.fill(0xff, biasName + 7, biasName + 7 + 12);
    const run = await runOnnxModel(await admitModel(broken), [{ kind: "numbers", values: [200, 4_000] }]);
    expect(run.predictions).toEqual([
      { prediction: "", confidence: 0, refused: "The answer is not a number." },
    ]);
  });

  it("names the language of a paragraph with the packaged detector", async () => {
    const contract = packageContract("cld3-asm", ["de", "en"]);
    const text = "Alle Menschen sind frei und gleich an Würde und Rechten geboren.";
    const run = await runBundle({ files: [], contract, isForeign: false }, [{ kind: "text", text }]);
    expect(run.predictions[0]).toMatchObject({ prediction: "de" });
  });

  it("refuses a file whose digest is not the recorded one", async () => {
    const recorded = (await admitModel(board)).sha256;
    const flipped = Buffer.from(board);
    flipped[60_000] = (flipped[60_000] ?? 0) ^ 1;
    await expect(admitModel(flipped, recorded)).rejects.toThrow(
      expect.objectContaining({ code: "digest_mismatch" }),
    );
    expect((await admitModel(board, recorded)).sha256).toBe(recorded);
  });

  it("refuses a file that the gate refuses", async () => {
    await expect(admitModel(board.subarray(0, 2_000))).rejects.toThrow(
      expect.objectContaining({ code: "model_refused" }),
    );
  });

  it("refuses a row of features of another kind than the model reads, with the reason", async () => {
    const { predictions } = await runOnnxModel(await admitModel(board), [{ kind: "numbers", values: [1] }]);
    expect(predictions).toMatchObject([{ prediction: "", refused: expect.stringContaining("do not fit") }]);
  });
});

const penguins = readFileSync("prisma/seed/models/penguin-scales/model.onnx");
const { summary, contract } = await admitModel(penguins);

/** A bundle of one file, with the contract of the penguins' network. */
function bundleOf(bytes: Uint8Array): Bundle {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const open = async () => Readable.from([bytes]);
  return {
    files: [{ path: "model.onnx", sha256, sizeBytes: bytes.length, open }],
    contract: selfDescribedContract(summary, contract, "model.onnx"),
    isForeign: true,
  };
}

const row: RunInput = { kind: "prepared", packed: [200, 4_000] };

describe("the process around a model", () => {
  it("answers again and again, and each time the same", async () => {
    const model = await openModel(bundleOf(penguins));
    const answers = [await model.answer([row], 15), await model.answer([row, row], 15)];
    model.close();
    expect(new Set(answers.flatMap((one) => one.answers.map((answer) => JSON.stringify(answer)))).size).toBe(
      1,
    );
  });

  it("sees nothing of the machine but the runtime and its own files, where this machine can do that", async () => {
    const isolation = await findIsolation(bundleProgram);
    const { header } = await runInSandbox(
      bundleProgram,
      { header: { runtime: "probe" }, maxOutputBytes: 4_096 },
      15,
    );
    expect(header.hasNetwork).toBe(!isolation.includes("network"));
    expect(header.seesHostFiles).toBe(!isolation.includes("own-files"));
  });

  it("is ended when its time is up, and answers nothing any more", async () => {
    const model = await openModel(bundleOf(penguins));
    const many = Array.from({ length: 100_000 }, () => row);
    await expect(model.answer(many, 0.01)).rejects.toThrow(
      expect.objectContaining({ code: "model_run_failed" }),
    );
    await expect(model.answer([row], 15)).rejects.toThrow(/timed_out/);
    expect(model.isOver()).toBe(true);
  });

  it("turns a file the runtime cannot read into a refusal, not a crash of the host", async () => {
    await expect(openModel(bundleOf(Buffer.from("not a net")))).rejects.toThrow(/refused_by_runtime/);
  });

  it("leaves nothing of its files behind", async () => {
    // Others on this machine run models too.
    const own = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`offcut-bundle-${process.pid}-`));
    const before = own();
    const model = await openModel(bundleOf(penguins));
    const laidOut = own().filter((name) => !before.includes(name));
    expect(laidOut).toHaveLength(1);
    model.close();
    await vi.waitFor(() => expect(own().filter((name) => laidOut.includes(name))).toEqual([]), 10_000);
  });

  it("refuses files that are not the recorded ones", async () => {
    const bundle = bundleOf(penguins);
    const files = bundle.files.map((file) => ({ ...file, sha256: "0".repeat(64) }));
    await expect(openModel({ ...bundle, files })).rejects.toThrow(
      expect.objectContaining({ code: "digest_mismatch" }),
    );
  });
});

describe("a plain graph", () => {
  it("takes a row in the shape that it declares, where its columns fill it", async () => {
    const columns = Array.from({ length: 4 }, (_, place) => {
      return { name: `x${place}`, type: "number" as const, graphInput: "x", place };
    });
    const graph: Graph = {
      inputs: [{ name: "x", type: "float" as const, dimensions: ["rows", 1, 2, 2] }],
      outputs: [{ name: "y", type: "float" as const, dimensions: ["rows"] }],
      nodes: [
        { operator: "Gather", inputs: ["x", "row"], outputs: ["low"], attributes: { axis: 2 } },
        { operator: "ReduceSum", inputs: ["low", "axes"], outputs: ["y"], attributes: { keepdims: 0 } },
      ],
      tensors: [
        { name: "row", dimensions: [1], values: [1], type: "int64" as const },
        { name: "axes", dimensions: [3], values: [1, 2, 3], type: "int64" as const },
      ],
    };
    const bundle = numberBundle(graph);
    const contract = { ...bundle.contract, rowsPerCall: 2, input: { kind: "fields" as const, columns } };
    const rows = [1, 10].map((times): RunInput => {
      const values = Object.fromEntries(columns.map(({ name, place }) => [name, String(place * times)]));
      return { kind: "fields", values };
    });
    const { predictions } = await runBundle({ ...bundle, contract }, rows);
    // The lower of two rows of two.
    expect(predictions.map(({ prediction }) => prediction)).toEqual(["5", "50"]);
  });
});
