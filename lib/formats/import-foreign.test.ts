import { describe, expect, it } from "vitest";
import { conditionWords } from "@/lib/measurement/condition";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { detectFormat } from "./detect-format";
import type { ForeignImport } from "./foreign-draft";
import { hostileFile } from "./hostile.fixture";
import { importAs, importForeign, verdictOf } from "./import-foreign";
import { signedBundle } from "./model-signing.fixture";
import {
  croissant,
  cycloneDx,
  evalResults,
  everyEvalEver,
  inspectLog,
  jsonLines,
  lmEvalResults,
  lmEvalSamples,
  modelCard,
  samples,
} from "./samples.fixture";

const read = (value: unknown, name = "file.json", options = {}) =>
  importForeign(name, typeof value === "string" ? value : JSON.stringify(value), options);
const codes = ({ traps }: ForeignImport) => [...new Set(traps.map(({ code }) => code))].sort();
const rightOf = ({ draft }: ForeignImport) =>
  draft.rows.filter(({ label, prediction }) => label === prediction).length;

describe("foreign files", () => {
  it.each(samples)("are recognised by their content: $format", ({ name, format, bytes }) => {
    expect(detectFormat(name, bytes)).toBe(format);
    if (!/\.(md|ya?ml|jsonl)$/.test(name)) expect(detectFormat("renamed", bytes)).toBe(format);
  });

  it("that are in no known format say so and give nothing", async () => {
    for (const text of ['{"a":1}', "", "hello", "[]", "null", '{"results":{}}']) {
      const found = await read(text);
      expect(verdictOf(found)).toBe("not a known format");
      expect(found.mappedCount).toBe(0);
    }
  });

  it("list what had no place, once, and never a value that was taken", async () => {
    const found = await read({ ...everyEvalEver, surprise: { deep: [1, 2] } });
    expect(found.notMapped).toContainEqual({
      path: "surprise",
      value: '{"deep":[1,2]}',
      reason: "There is no field for it.",
    });
    expect(found.notMapped.map(({ path }) => path)).not.toContain("model_info.name");
  });

  it("with the bare NaN of Python are read, and the NaN is no number", async () => {
    const text = JSON.stringify(lmEvalResults).replace('"f1,none":0.2', '"f1,none":NaN');
    const found = await read(text);
    expect(found.draft.figures[1]).toMatchObject({ metric: "f1", value: null, valueText: "NaN" });
    expect(codes(found)).toContain("not_a_number");
  });

  it("are recognised and read alike as text and as bytes", async () => {
    const texts = samples.filter(({ format }) => format !== "inspect-archive");
    for (const { name, bytes } of texts) {
      expect(await importForeign(name, bytes)).toEqual(
        await importForeign(name, new TextDecoder().decode(bytes)),
      );
    }
  });

  it("whatever their bytes, are answered without a crash and with text that can be stored", async () => {
    const { bundle, pem } = await signedBundle({});
    const signed = {
      name: "model.sig",
      format: "model-signing" as const,
      bytes: new TextEncoder().encode(JSON.stringify(bundle)),
    };
    for (const [place, sample] of [...samples, signed].entries()) {
      for (let seed = 0; seed < 300; seed++) {
        const bytes = hostileFile(sample, place * 1_000_000 + seed);
        // Half of them are past recognition, so every other one is read as what it was.
        const options = { publicKeys: [pem] };
        const found =
          seed % 2 === 0
            ? await importForeign(sample.name, bytes, options)
            : await importAs(sample.format, sample.name, bytes, options);
        expect(/\0|\p{Surrogate}/u.test(JSON.stringify(found))).toBe(false);
        expect(found.notMapped.length).toBeLessThanOrEqual(201);
      }
    }
  });
});

describe("lm-evaluation-harness results", () => {
  it("give a figure for each metric and filter, with k of n and the standard error recomputed", async () => {
    const found = await read(lmEvalResults);
    const [accuracy, f1] = found.draft.figures;
    expect(accuracy).toMatchObject({
      metric: "acc",
      filter: "none",
      n: 640,
      k: 12,
      standardError: 0.005365868703980466,
    });
    expect(accuracy?.recomputedStandardError).toBeCloseTo(0.005365868703980466, 15);
    expect(f1).toMatchObject({ metric: "f1", value: 0.2, k: null, standardError: null });
    expect(found.draft.model).toEqual({
      name: "desk-93m",
      id: "example/desk-93m",
      revision: "82047f5e",
      sha256: null,
    });
    expect(codes(found)).toEqual(["not_a_number"]);
  });

  it("with a limit are incomplete, unless their counts show that it left out nothing", async () => {
    const { "n-samples": _, ...uncounted } = lmEvalResults;
    const limited = await read({ ...uncounted, config: { ...lmEvalResults.config, limit: 640 } });
    expect(codes(limited)).toContain("limit_set");
    expect(verdictOf(limited)).toBe("incomplete");
  });

  it("on fewer rows than the task has are incomplete", async () => {
    const counts = { desk_intents: { original: 1000, effective: 640 } };
    const found = await read({ ...lmEvalResults, "n-samples": counts });
    expect(codes(found)).toContain("incomplete_run");
  });

  it.each([
    [
      "a standard error that does not follow",
      { "acc,none": 0.5, "acc_stderr,none": 0.001 },
      "standard_error_differs",
    ],
    ["a share that no whole number of rows gives", { "acc,none": 0.50123456789 }, "score_differs"],
    ["an accuracy in percent", { "acc,none": 91.5 }, "percent_or_proportion"],
    ["a perfect score", { "acc,none": 1, "acc_stderr,none": 0 }, "no_spread"],
    ["words for a score", { "acc,none": "N/A" }, "not_a_number"],
  ])("hold a trap: %s", async (_, metrics, code) => {
    expect(codes(await read({ ...lmEvalResults, results: { desk_intents: metrics } }))).toContain(code);
  });
});

describe("lm-evaluation-harness samples", () => {
  const name = "samples_desk_2026-01-21T03-44-18.jsonl";

  it("become rows that can be sliced by what is known of the input, and judged", async () => {
    const found = await read(jsonLines(lmEvalSamples), name);
    expect(found.draft.rows).toHaveLength(10);
    expect(rightOf(found)).toBe(7);
    expect(found.draft.rows[0]).toMatchObject({
      label: "refund",
      prediction: "refund",
      columns: new Map([["channel", "mail"]]),
    });
    expect(found.draft.slices.map(({ condition }) => conditionWords(condition))).toEqual([
      "channel: chat",
      "channel: mail",
    ]);
    const summary = summariseEvaluation(found.draft.rows, found.draft.slices, 0.8);
    expect(summary.slices.map(({ n, k }) => [n, k])).toEqual([
      [6, 4],
      [4, 3],
    ]);
  });

  it("never make a slice of a field that gives the label away", async () => {
    const found = await read(jsonLines(lmEvalSamples), name);
    expect(found.notMapped).toContainEqual(
      expect.objectContaining({ path: "doc.label", reason: expect.stringContaining("gives the label away") }),
    );
  });

  it("that repeat an id count it once, as wrong if any of its answers is", async () => {
    const [first] = lmEvalSamples;
    const wrong = {
      ...first,
      acc: 0,
      filtered_resps: [
        ["-9", "False"],
        ["-1", "False"],
      ],
    };
    const found = await read(jsonLines([...lmEvalSamples, wrong, first]), name);
    expect(codes(found)).toContain("repeated_id");
    expect(found.draft.rows).toHaveLength(10);
    expect(rightOf(found)).toBe(6);
  });

  it("with holes in their ids have dropped rows", async () => {
    const found = await read(jsonLines(lmEvalSamples.filter(({ acc }) => acc === 1 || false).slice(1)), name);
    expect(codes(found)).toContain("dropped_rows");
    expect(verdictOf(found)).toBe("incomplete");
  });

  it("with one unreadable line give no rows at all", async () => {
    const found = await read(`${jsonLines(lmEvalSamples)}\n{"doc_id":`, name);
    expect(found.draft.rows).toEqual([]);
    expect(verdictOf(found)).toBe("refused");
  });

  it("scored in several ways follow one of them, and say so", async () => {
    const strict = lmEvalSamples.map((row) => ({ ...row, filter: "strict", acc: 0 }));
    const found = await read(jsonLines([...lmEvalSamples, ...strict]), name);
    expect(codes(found)).toEqual(["several_filters"]);
    expect(rightOf(found)).toBe(7);
    const chosen = await read(jsonLines([...lmEvalSamples, ...strict]), name, { filter: "strict" });
    expect(rightOf(chosen)).toBe(0);
  });

  it("of generated text count as the harness counted them, whatever the form of the answer", async () => {
    const rows = [
      { doc_id: 0, doc: {}, target: "42", filtered_resps: ["42"], exact_match: 1 },
      { doc_id: 1, doc: {}, target: "42", filtered_resps: ["The answer is 42."], exact_match: 1 },
      { doc_id: 2, doc: {}, target: "42", filtered_resps: ["42"], exact_match: 0 },
    ];
    const found = await read(jsonLines(rows), name);
    expect(rightOf(found)).toBe(2);
    expect(codes(found)).toEqual(["score_differs"]);
  });

  it("scored between right and wrong give no rows", async () => {
    const found = await read(jsonLines([{ doc_id: 0, target: "a", resps: [["b"]], bleu: 0.4 }]), name);
    expect(codes(found)).toEqual(["not_right_or_wrong"]);
    expect(found.draft.rows).toEqual([]);
  });
});

describe("Inspect log", () => {
  it("with two of 500 samples is incomplete, though all were right", async () => {
    const found = await read(inspectLog);
    expect(codes(found)).toEqual(["incomplete_run", "limit_set", "no_spread"]);
    expect(verdictOf(found)).toBe("incomplete");
    expect(found.draft.figures[0]).toMatchObject({ value: 1, n: 2, k: 2 });
    expect(found.draft.figures[0]?.wilson?.lower).toBeLessThan(0.4);
    expect(found.draft.ranAt).toBe("2026-07-03T14:44:38.000Z");
  });

  it("counts a sample without a score as wrong", async () => {
    const [first] = inspectLog.samples;
    const found = await read({
      ...inspectLog,
      samples: [first, { id: "9", epoch: 1, target: "A", error: "x" }],
    });
    expect(found.draft.rows).toHaveLength(2);
    expect(rightOf(found)).toBe(1);
    expect(codes(found)).toContain("score_differs");
  });

  it("with unscored samples has dropped rows, and with epochs says so", async () => {
    const [score] = inspectLog.results.scores;
    const found = await read({
      ...inspectLog,
      eval: { ...inspectLog.eval, config: { epochs: 4 } },
      results: { total_samples: 2000, completed_samples: 2000, scores: [{ ...score, unscored_samples: 3 }] },
    });
    expect(codes(found)).toEqual(expect.arrayContaining(["dropped_rows", "several_epochs"]));
    expect(codes(found)).not.toContain("incomplete_run");
  });
});

describe("Every Eval Ever", () => {
  const [result] = everyEvalEver.evaluation_results;
  const withResult = (changes: object) => ({
    ...everyEvalEver,
    evaluation_results: [{ ...result, ...changes }],
  });

  it("of version 0.3 gives figures with interval, rows and relation of the evaluator", async () => {
    const found = await read(everyEvalEver);
    expect(found.traps).toEqual([]);
    expect(found.draft.evaluator).toEqual({ name: "Example Lab", relation: "third_party" });
    expect(found.draft.figures[0]).toMatchObject({
      n: 400,
      k: 361,
      scale: "proportion",
      lowerIsBetter: false,
    });
    expect(found.draft.ranAt).toBe("2026-02-10T00:06:40.000Z");
  });

  it.each([
    ["percent in a share", { score_details: { score: 90 } }, "percent_or_proportion"],
    ["Infinity as text", { score_details: { score: "Infinity" } }, "not_a_number"],
    [
      "rows left out of the denominator",
      { score_details: { score: 0.9, uncertainty: { num_samples: 300 } } },
      "dropped_rows",
    ],
    [
      "a score outside its own interval",
      { score_details: { score: 0.9, uncertainty: { confidence_interval: { lower: 0.1, upper: 0.2 } } } },
      "out_of_range",
    ],
  ])("holds a trap: %s", async (_, changes, code) => {
    expect(codes(await read(withResult(changes)))).toContain(code);
  });

  it("with the same id twice says so and keeps both", async () => {
    const found = await read({ ...everyEvalEver, evaluation_results: [result, result] });
    expect(codes(found)).toEqual(["repeated_id"]);
    expect(found.draft.figures).toHaveLength(2);
  });
});

describe("Hugging Face", () => {
  it("result files are read in the present form and the earlier one; tokens stay with Hugging Face", async () => {
    const found = await read(evalResults, ".eval_results/desk.yaml");
    expect(found.draft.figures.map(({ name, value }) => [name, value])).toEqual([
      ["intents", 91.5],
      ["default", 0.5],
    ]);
    expect(codes(found)).toEqual(["percent_or_proportion"]);
    expect(found.notMapped).toContainEqual(expect.objectContaining({ path: "[0].verifyToken" }));
  });

  it("result files that name a task twice are doubtful", async () => {
    const found = await read(evalResults + evalResults, "a.yaml");
    expect(codes(found)).toContain("repeated_id");
  });

  it("cards keep results of different configurations apart and mark what looks like percent", async () => {
    const found = await read(modelCard, "README.md");
    expect(found.draft.figures.map(({ dataSet, valueText }) => [dataSet.config, valueText])).toEqual([
      ["a", "91.5"],
      ["b", "20.0 ± 1.2"],
    ]);
    expect(found.draft.listing).toMatchObject({ title: "Desk router", languages: "de", licenceSpdx: "mit" });
    expect(found.draft.limitations[0]).toContain("Fails on HTML");
    expect(codes(found)).toEqual(["percent_or_proportion"]);
  });
});

describe("CycloneDX", () => {
  it("gives the model, its figures, data by value and by reference, limits and counter-claims", async () => {
    const { draft, traps } = await read(cycloneDx);
    expect(draft.model).toEqual({
      name: "desk-93m",
      id: "example/desk-93m",
      revision: "2",
      sha256: "12".repeat(32),
    });
    expect(draft.figures[0]).toMatchObject({
      value: 0.92,
      slice: "mail",
      interval: { lower: 0.9, upper: 0.94 },
    });
    expect(draft.dataOrigins.map(({ name }) => name)).toEqual(["Desk archive", "More"]);
    expect(draft.claims.map(({ text, isCounterClaim }) => [text, isCounterClaim])).toEqual([
      ["Works on mail", false],
      ["Fails on chat", true],
    ]);
    expect(traps.map(({ code }) => code)).toEqual(["not_a_number"]);
  });

  it("with references that stand for two components says so, and tells other versions apart", async () => {
    const [model] = cycloneDx.components;
    const found = await read({ ...cycloneDx, specVersion: "1.2", components: [model, model] });
    expect(codes(found)).toEqual(expect.arrayContaining(["repeated_id", "unsupported_version"]));
  });
});

describe("Croissant", () => {
  it("gives the origin of data with creators, files, limits and what it was derived from", async () => {
    const found = await read(croissant);
    expect(found.traps).toEqual([]);
    expect(found.warnings).toEqual([]);
    expect(found.draft.dataOrigins).toEqual([
      expect.objectContaining({
        name: "Desk archive",
        creators: ["Example Desk"],
        files: [{ name: "tickets.csv", url: "https://data.example/tickets.csv", sha256: "ab".repeat(32) }],
        limitations: ["Only one desk."],
        derivedFrom: ["https://data.example/raw"],
      }),
    ]);
  });

  it("with a licence that is no licence is kept with a warning", async () => {
    const found = await read({ ...croissant, license: "Public" });
    expect(found.draft.dataOrigins[0]?.licence).toBe("Public");
    expect(found.warnings).toEqual([expect.stringContaining('"Public"')]);
  });
});
