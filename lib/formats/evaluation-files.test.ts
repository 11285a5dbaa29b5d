import { describe, expect, it } from "vitest";
import { conditionWords } from "@/lib/measurement/condition";
import {
  accuracyOf,
  evalArchiveOf,
  inspectLogOf,
  instance,
  lightEvalDetail,
  lightEvalResults,
  parquetOf,
  weighedSample,
} from "./evaluation-files.fixture";
import type { ForeignImport } from "./foreign-draft";
import { importForeign, verdictOf } from "./import-foreign";
import { dataSetNameOf } from "./import-report";
import { readRows } from "./read-rows";
import { jsonLines, lmEvalResults } from "./samples.fixture";

const read = (value: unknown, name = "file.json") =>
  importForeign(
    name,
    value instanceof Uint8Array || typeof value === "string" ? value : JSON.stringify(value),
  );
const readLines = (rows: readonly unknown[]) => read(jsonLines(rows), "samples_queue.jsonl");
const codes = ({ traps }: ForeignImport) => [...new Set(traps.map(({ code }) => code))].sort();
const said = ({ traps }: ForeignImport) => traps.map(({ message }) => message).join("\n");
const labels = ({ draft }: ForeignImport) => draft.rows.map(({ label }) => label).join(",");
const answers = ({ draft }: ForeignImport) => draft.rows.map(({ prediction }) => prediction).join(",");
const right = ({ draft: { rows } }: ForeignImport) =>
  `${rows.filter(({ label, prediction }) => label === prediction).length} of ${rows.length}`;

describe("a row of multiple choice", () => {
  it("whose target is a number among its choices means that choice, and not its place", async () => {
    const stars = { 1: -9, 2: -9, 3: -1 };
    const found = await readLines([
      weighedSample(0, { ...stars, 1: -0.5 }, { target: "1", acc: 1 }),
      weighedSample(1, stars, { target: "3", acc: 1 }),
      weighedSample(2, stars, { target: "2", acc: 0 }),
    ]);
    expect(labels(found)).toBe("1,3,2");
    expect(answers(found)).toBe("1,3,3");
    expect(codes(found)).toEqual([]);
  });

  it("whose target is a place means the choice there, also where the choices are other numbers", async () => {
    const found = await readLines([
      weighedSample(0, { 1: -1, 2: -5 }, { target: "0", acc: 1 }),
      weighedSample(1, { 1: -1, 2: -5 }, { target: "1", acc: 0 }),
    ]);
    expect(labels(found)).toBe("1,2");
    expect(right(found)).toBe("1 of 2");
  });

  it("weighed for each character picks as its metric does, and its confidence is of what it picked", async () => {
    const found = await readLines([
      weighedSample(0, { no: -4, "certainly so": -9 }, { target: "certainly so", acc_norm: 1 }),
      weighedSample(1, { no: -5, "certainly so": -12 }, { target: "no", acc_norm: 0 }),
    ]);
    expect(answers(found)).toBe("certainly so,certainly so");
    expect(right(found)).toBe("1 of 2");
    for (const row of found.draft.rows) expect(row.confidence).toBeGreaterThan(0.5);
    expect(codes(found)).toEqual([]);
  });

  it("whose choices differ in their contexts has its gold from the verdicts, and no slice of the gold field", async () => {
    const same = (first: number, second: number): [string, number][] => [
      ["was late.", first],
      ["was late.", second],
    ];
    const rows = Array.from({ length: 4 }, (_, at) => [
      weighedSample(3 * at, same(-3, -5), { target: "was late.", acc: 1, doc: { place: "1" } }),
      weighedSample(3 * at + 1, same(-6, -4), { target: "was late.", acc: 0, doc: { place: "1" } }),
      weighedSample(3 * at + 2, same(-7, -5), { target: "was late.", acc: 1, doc: { place: "2" } }),
    ]);
    const found = await readLines(rows.flat());
    expect(labels(found)).toBe("A,A,B,A,A,B,A,A,B,A,A,B");
    expect(answers(found)).toBe("A,B,B,A,B,B,A,B,B,A,B,B");
    expect(found.draft.slices).toEqual([]);
    expect(codes(found)).toEqual([]);
  });

  it("with several right choices is labelled by one of them: the one picked, where it is among them", async () => {
    const found = await readLines([
      weighedSample(0, { a: -9, b: -8, c: -1 }, { target: "[0, 2]", acc: 1 }),
      weighedSample(1, { a: -1, b: -8, c: -9 }, { target: "[1, 2]", acc: 0 }),
    ]);
    expect(labels(found)).toBe("c,b");
    expect(answers(found)).toBe("c,a");
  });

  it("scored by the pair of what was right and what was picked is right where they are equal", async () => {
    const found = await readLines([
      weighedSample(0, { no: -9, yes: -1 }, { target: "1", mcc: [1, 1] }),
      weighedSample(1, { no: -1, yes: -9 }, { target: "1", mcc: [1, 0] }),
    ]);
    expect(right(found)).toBe("1 of 2");
    expect(labels(found)).toBe("yes,yes");
  });

  it("of three that does not say its gold is told, and its label is none of the choices", async () => {
    const same = [
      ["x", -1],
      ["x", -2],
      ["x", -3],
    ] as [string, number][];
    const found = await readLines([
      weighedSample(0, same, { target: "x", acc: 1 }),
      weighedSample(1, same, { target: "x", acc: 0 }),
    ]);
    expect(labels(found)).toBe("A,(not stated)");
    expect(found.draft.slices).toEqual([]);
  });
});

describe("a generated answer", () => {
  it("that equals one of several targets takes that one as its label", async () => {
    const found = await readLines([
      { doc_id: 0, target: "['invoice', 'bill']", filtered_resps: ["bill"], exact_match: 1 },
      { doc_id: 1, target: ["a", "b"], filtered_resps: ["c"], exact_match: 0 },
    ]);
    expect(labels(found)).toBe("bill,a");
    expect(right(found)).toBe("1 of 2");
  });

  it("is labelled by its canonical text, and an id beyond 2^53 is no other's", async () => {
    const row = (id: string, target: string) =>
      `{"doc_id":${id},"target":${target},"filtered_resps":["1"],"exact_match":1}`;
    const lines = [row("12345678901234567890", "1.0"), row("12345678901234567891", '" 1"')].join("\n");
    const found = await read(lines, "samples_queue.jsonl");
    expect(labels(found)).toBe("1,1");
    expect(codes(found)).toEqual([]);
  });
});

describe("an Inspect log", () => {
  it("with empty targets counts as it says: an empty target is never equal to an answer that is missing", async () => {
    const samples = ["C", "I", "I"].map((value) => ({ value, target: "", answer: "" }));
    const found = await read(inspectLogOf(samples, { scores: [accuracyOf(1 / 3)] }));
    expect(right(found)).toBe("1 of 3");
    expect(codes(found)).toEqual([]);
  });

  it("of several epochs counts every answer, and its error follows from its samples", async () => {
    const values = ["C", "C", "C", "I", "I", "I"];
    const samples = values.map((value, at) => ({ value, id: Math.floor(at / 2), epoch: (at % 2) + 1 }));
    const score = accuracyOf(0.5, { scored_samples: 3, reducer: "mean" }, 0.28867513459481287);
    const changes = { size: 3, config: { epochs: 2 }, scores: [score] };
    const found = await read(inspectLogOf(samples, changes));
    expect(right(found)).toBe("3 of 6");
    expect(codes(found)).toEqual(["several_epochs"]);
    expect(verdictOf(found)).toBe("read with traps");
    expect(found.draft.figures[0]).toMatchObject({ n: 6, k: 3, wilson: null });
    const wrong = accuracyOf(0.5, { scored_samples: 3, reducer: "mean" }, 0.2);
    expect(codes(await read(inspectLogOf(samples, { ...changes, scores: [wrong] })))).toContain(
      "standard_error_differs",
    );
  });

  it("of several epochs reduced otherwise than by the mean is no share of its answers", async () => {
    const samples = ["C", "I"].map((value, at) => ({ value, id: 1, epoch: at + 1 }));
    const scores = [
      accuracyOf(1, { scored_samples: 1, reducer: "max" }),
      accuracyOf(0.5, { reducer: "pass_at_1" }),
    ];
    const found = await read(inspectLogOf(samples, { size: 1, config: { epochs: 2 }, scores }));
    expect(found.draft.figures.map(({ n, filter }) => [n, filter])).toEqual([
      [1, "judge, max"],
      [null, "judge, pass_at_1"],
    ]);
    expect(codes(found)).not.toContain("score_differs");
  });

  it("with fewer samples than were completed says how many are missing, and is incomplete", async () => {
    const samples = [{ value: "C" }, { value: "I" }];
    const results = { total_samples: 5, completed_samples: 5 };
    const found = await read(inspectLogOf(samples, { size: 5, results }));
    expect(said(found)).toContain("3 completed samples are not in the file: 2 of 5 are.");
    expect(verdictOf(found)).toBe("incomplete");
    expect(right(found)).toBe("1 of 2");
  });

  it.each([
    ["a limit above its size", { limit: 1000 }, []],
    ["a range of all of it", { limit: [0, 2] }, []],
    ["the ids of all of it", { sample_id: [1, 2] }, []],
    ["a limit below its size", { limit: 1 }, ["limit_set"]],
    ["a range that begins later", { limit: [1, 2] }, ["limit_set"]],
    ["some ids", { sample_id: ["1"] }, ["limit_set"]],
  ])("is limited by what leaves samples out alone: %s", async (_, config, expected) => {
    const found = await read(inspectLogOf([{ value: "C" }, { value: "I" }], { config }));
    expect(codes(found)).toEqual(expected);
  });

  it("reads values as the program itself turns them into numbers", async () => {
    const values = ["C", "yes", "TRUE", "1", "1.0", 1, true, "I", "N", "no", "False", "0", 0, false];
    expect(right(await read(inspectLogOf(values.map((value) => ({ value })))))).toBe("7 of 14");
    for (const value of ["P", 0.5, "good"])
      expect(codes(await read(inspectLogOf([{ value }])))).toEqual(["not_right_or_wrong"]);
  });

  it("with a sample that is not scored counts it as wrong, and says so", async () => {
    const text = JSON.stringify(inspectLogOf([{ value: "C" }, { value: "NAN" }])).replace('"NAN"', "NaN");
    const found = await read(text);
    expect(right(found)).toBe("1 of 2");
    expect(said(found)).toContain("1 sample has no score by judge; here that counts as wrong.");
  });

  it("whose scores are dictionaries follows the part that says what is correct", async () => {
    const samples = [{ value: { form: 1, correct: 1 } }, { value: { form: 1, correct: 0 }, answer: "other" }];
    const found = await read(inspectLogOf(samples, { scores: [accuracyOf(0.5, { name: "correct" })] }));
    expect(right(found)).toBe("1 of 2");
    expect(said(found)).toContain('rows follow "correct"');
    expect(codes(found)).toEqual(["several_filters"]);
  });

  it("follows the first score that is right or wrong throughout, and is held against that one's figure", async () => {
    const samples = [
      { value: 0.3, scores: { style: { value: 0.3 }, judge: { value: "C", answer: "billing" } } },
      { value: 0.3, scores: { style: { value: 0.7 }, judge: { value: "I", answer: "other" } } },
    ];
    const scores = [accuracyOf(0.5, { name: "style" }), accuracyOf(1, { name: "judge" })];
    const found = await read(inspectLogOf(samples, { scores }));
    expect(right(found)).toBe("1 of 2");
    expect(said(found)).toContain("The stated accuracy is 1; its samples give 1 of 2.");
  });

  it("with scores changed by hand, or withdrawn by its author, says who and why", async () => {
    const provenance = { author: "vendor", reason: "read again", timestamp: "2026-05-03T00:00:00+00:00" };
    const history = [{ value: "I" }, { value: "C", provenance }];
    const edited = { value: "C", scores: { judge: { value: "C", answer: "billing", history } } };
    const changed = await read(inspectLogOf([edited, { value: "I", answer: "other" }]));
    expect(said(changed)).toContain("1 of 2 samples were changed by hand (vendor, read again, 2026");
    const log = inspectLogOf(
      [
        { value: "C", invalidation: provenance },
        { value: "I", answer: "other" },
      ],
      {
        log: { invalidated: true },
      },
    );
    const withdrawn = await read(log);
    expect(codes(withdrawn)).toEqual(["withdrawn"]);
    expect(said(withdrawn)).toContain("1 of 2 samples were withdrawn (vendor, read again, 2026");
    expect(verdictOf(withdrawn)).toBe("withdrawn");
    expect(dataSetNameOf(withdrawn, "a.json", "Tickets")).toBe("Tickets (withdrawn by its author)");
  });

  it("of an adapter is credited to the adapter, with its base and arguments kept", async () => {
    const run = { model: "vllm/example/base:example/queue-lora", model_args: { quantization: "awq" } };
    const { draft } = await read(inspectLogOf([{ value: "C" }], { run }));
    expect(draft.model.id).toBe("example/queue-lora");
    expect(draft.listing.baseModels).toBe("vllm/example/base");
    expect(draft.conditions).toContainEqual({ name: "model argument: quantization", value: "awq" });
  });
});

describe("an Inspect archive", () => {
  const log = inspectLogOf(
    [
      { value: "C", metadata: { channel: "mail" } },
      { value: "I", answer: "other", metadata: { channel: "chat" } },
      { value: "C", metadata: { channel: "chat" } },
    ],
    { scores: [accuracyOf(2 / 3)] },
  );

  it.each(["deflated", "zstd"] as const)("gives what its log gives, packed by %s", async (method) => {
    const found = await read(evalArchiveOf(log, { method }), "run.eval");
    expect(found.format).toBe("inspect-archive");
    expect({ ...found.draft }).toEqual((await read(log)).draft);
    expect(right(found)).toBe("2 of 3");
    expect(found.draft.slices.map(({ condition }) => conditionWords(condition))).toEqual([
      "channel: chat",
      "channel: mail",
    ]);
    expect(verdictOf(found)).toBe("read");
  });

  it("that lacks samples of its summary has dropped rows", async () => {
    const found = await read(evalArchiveOf(log, { without: ["samples/2_epoch_1.json"] }), "run.eval");
    expect(codes(found)).toContain("dropped_rows");
    expect(verdictOf(found)).toBe("incomplete");
    expect(right(found)).toBe("2 of 2");
  });

  it("without samples follows their summaries, and without a header ended before its end", async () => {
    const names = [1, 2, 3].map((id) => `samples/${id}_epoch_1.json`);
    const thin = await read(evalArchiveOf(log, { without: names }), "run.eval");
    expect(right(thin)).toBe("2 of 3");
    const begun = await read(evalArchiveOf(log, { without: ["header.json"] }), "run.eval");
    expect(said(begun)).toContain('The run ended as "started".');
  });

  it("that is damaged, or any other zip, is refused in a sentence", async () => {
    const bytes = evalArchiveOf(log);
    expect(verdictOf(await read(bytes.subarray(0, -30), "run.eval"))).toBe("refused");
    const other = await read(
      evalArchiveOf(log, { without: ["header.json", "_journal/start.json"] }),
      "x.zip",
    );
    expect(said(other)).toContain("it has no header.json");
  });
});

describe("lm-evaluation-harness results", () => {
  const [task] = Object.values(lmEvalResults.results);

  it("leave out groups of tasks and name them", async () => {
    const found = await read({
      ...lmEvalResults,
      results: { desk_intents: task, desk: { " ": " ", alias: "desk" }, mean: { "acc,none": 0.5 } },
      group_subtasks: { desk_intents: [], desk: ["desk_intents", "others"], mean: ["desk_intents"] },
      groups: { mean: { "acc,none": 0.5 } },
    });
    expect([...new Set(found.draft.figures.map(({ name }) => name))]).toEqual(["desk_intents"]);
    const left = found.notMapped.filter(({ path }) => path.startsWith("results."));
    expect(left.map(({ path }) => path)).toEqual(["results.desk", "results.mean"]);
    expect(left[0]?.reason).toContain("desk_intents, others");
  });

  it("limited to a share of each task say so as a share; a limit that left out nothing is none", async () => {
    const counts = { desk_intents: { original: 6400, effective: 640 } };
    const config = { ...lmEvalResults.config, limit: 0.1 };
    const shared = await read({ ...lmEvalResults, "n-samples": counts, config });
    expect(said(shared)).toContain("limited to 10 % of each task");
    const above = await read({ ...lmEvalResults, config: { ...config, limit: 1000 } });
    expect(codes(above)).not.toContain("limit_set");
  });

  it.each([
    ["text", "pretrained=example/base,peft=example/desk-lora,load_in_4bit=True,revision=abc1"],
    [
      "an object",
      { pretrained: "example/base", peft: "example/desk-lora", load_in_4bit: true, revision: "abc1" },
    ],
  ])("of an adapter are credited to it, arguments given as %s", async (_, model_args) => {
    const config = { ...lmEvalResults.config, model_args, model_sha: "ffff" };
    const { draft } = await read({ ...lmEvalResults, config, model_name: "example/base" });
    expect(draft.model).toMatchObject({ name: "desk-lora", id: "example/desk-lora", revision: "abc1" });
    expect(draft.listing.baseModels).toBe("example/base");
    const conditions = new Map(draft.conditions.map(({ name, value }) => [name, value.toLowerCase()]));
    expect(conditions.get("model argument: load_in_4bit")).toBe("true");
    expect(conditions.get("base model revision")).toBe("ffff");
  });
});

describe("LightEval", () => {
  it("results are recognised as its own; means over tasks are left out and named", async () => {
    const found = await read(lightEvalResults);
    expect(found.format).toBe("lighteval-results");
    expect(found.draft.harness?.name).toBe("LightEval");
    expect(found.draft.figures).toHaveLength(1);
    expect(found.draft.figures[0]).toMatchObject({ name: "own|queue|0", metric: "em", n: 4, k: 3 });
    expect(found.notMapped.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["results.all", 'results["own:_average|0"]']),
    );
    expect(codes(found)).toEqual([]);
  });

  it("results on fewer documents than the task has are incomplete", async () => {
    const found = await read({
      ...lightEvalResults,
      config_general: { ...lightEvalResults.config_general, max_samples: 4 },
      config_tasks: { "own|queue": { original_num_docs: 400, effective_num_docs: 4 } },
    });
    expect(codes(found)).toEqual(["incomplete_run", "limit_set"]);
    expect(verdictOf(found)).toBe("incomplete");
  });

  it("results of an adapter name its base", async () => {
    const model_config = { model_name: "example/lora", base_model: "example/base", adapter_weights: true };
    const general = { ...lightEvalResults.config_general, model_name: "example/lora", model_config };
    const { draft } = await read({ ...lightEvalResults, config_general: general });
    expect([draft.model.id, draft.listing.baseModels]).toEqual(["example/lora", "example/base"]);
  });

  it("details in Parquet become rows, of choices and of written answers", async () => {
    const details = [lightEvalDetail([-1, -3], 0, 1), lightEvalDetail([-1.5, -3], 1, 0)];
    const columns = ["doc", "metric", "model_response"].map((name) => ({
      name,
      data: details.map((detail) => detail[name]),
      type: "JSON" as const,
    }));
    const chosen = await read(parquetOf(columns), "details_own|queue|0_2026-05-01T10-00-00.parquet");
    expect(chosen.format).toBe("lighteval-details");
    expect([labels(chosen), answers(chosen)]).toEqual(["no,yes", "no,no"]);
    const written = [
      {
        doc: { choices: ["a", "b"], gold_index: [1], id: "1" },
        metric: { em: 1 },
        model_response: { text: ["b"] },
      },
      {
        doc: { choices: ["a"], gold_index: [0], id: "2" },
        metric: { em: 0 },
        model_response: { text: ["b"] },
      },
    ];
    const found = await read(jsonLines(written), "details.jsonl");
    expect([labels(found), answers(found)]).toEqual(["b,a", "b,b"]);
  });
});

describe("Every Eval Ever instances", () => {
  it("become rows by their own verdicts, labelled by the reference that was given", async () => {
    const rows = [
      instance("a", "invoices", true),
      instance("b", "sales", false),
      instance("c", "billing", true),
    ];
    const found = await read(jsonLines(rows), "queue_samples.jsonl");
    expect(found.format).toBe("every-eval-ever-instances");
    expect([labels(found), answers(found)]).toEqual(["invoices,billing,billing", "invoices,sales,billing"]);
    expect(found.draft.model.id).toBe("example/queue-1b");
    expect(codes(found)).toEqual([]);
  });

  it("of several results follow the first and say so; a sample that repeats counts with its worst answer", async () => {
    const second = { evaluation_result_id: "r2" };
    const rows = [
      instance("a", "billing", true, { evaluation_result_id: "r1" }),
      instance("a", "billing", false, second),
      instance("a", "sales", false, { evaluation_result_id: "r1" }),
    ];
    const found = await read(jsonLines(rows), "queue_samples.jsonl");
    expect(codes(found)).toEqual(["repeated_id", "several_filters"]);
    expect(right(found)).toBe("0 of 1");
  });
});

describe("a part of a run", () => {
  it.each([
    "samples_queue-00001-of-00004.jsonl",
    "run.shards/1/log.jsonl",
    "details-00000-of-00002.parquet.jsonl",
  ])("says by its name that it is not whole: %s", async (name) => {
    const found = await read(jsonLines([instance("a", "billing", true)]), name);
    expect(codes(found)).toEqual(["incomplete_run"]);
    expect(verdictOf(found)).toBe("incomplete");
  });

  it("of one is the whole", async () => {
    const found = await read(jsonLines([instance("a", "billing", true)]), "rows-00000-of-00001.jsonl");
    expect(codes(found)).toEqual([]);
  });
});

describe("Parquet", () => {
  const counting = {
    level: 0.9,
    salt: "00".repeat(32),
    conditions: [],
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
  };

  it("rows are counted as those of CSV are, whole numbers of any length exactly", async () => {
    const bytes = parquetOf([
      { name: "label", data: [12345678901234567n, 2n, 3n], type: "INT64" },
      { name: "prediction", data: [12345678901234568n, 2n, 3n], type: "INT64" },
      { name: "channel", data: ["mail", "chat", "chat"], type: "STRING" },
    ]);
    const found = await readRows({ ...counting, fileName: "rows.parquet" }, bytes);
    expect("counted" in found && found.counted.summary.overall).toMatchObject({ n: 3, k: 2 });
    expect("counted" in found && found.counted.summary.slices.map(({ n, k }) => [n, k])).toEqual([
      [1, 0],
      [2, 2],
    ]);
  });

  it("rows of other programs are read as those programs' rows", async () => {
    const bytes = parquetOf([
      { name: "doc_id", data: [0, 1], type: "INT32" },
      { name: "target", data: ["a", "b"], type: "STRING" },
      { name: "resps", data: ["a", "a"], type: "STRING" },
      { name: "exact_match", data: [1, 0], type: "DOUBLE" },
    ]);
    const found = await read(bytes, "samples_queue.parquet");
    expect(found.format).toBe("lm-eval-samples");
    expect(right(found)).toBe("1 of 2");
    const rows = parquetOf([
      { name: "label", data: ["a"], type: "STRING" },
      { name: "prediction", data: ["a"], type: "STRING" },
    ]);
    expect(said(await read(rows, "rows.parquet"))).toContain("A file of rows goes under Evaluation.");
  });

  it("beyond its limits, or damaged, is refused in a sentence and never crashes", async () => {
    const data = Array.from({ length: 200_001 }, () => "a");
    const long = parquetOf([{ name: "label", data, type: "STRING" }]);
    expect(await readRows({ ...counting, fileName: "a.parquet" }, long)).toMatchObject({
      problems: ["The file has more than 200,000 rows."],
    });
    const wide = Array.from({ length: 65 }, (_, at) => ({
      name: `c${at}`,
      data: ["a"],
      type: "STRING" as const,
    }));
    expect(await readRows({ ...counting, fileName: "a.parquet" }, parquetOf(wide))).toMatchObject({
      problems: ["The file has more than 64 columns."],
    });
    const whole = parquetOf([{ name: "label", data: ["a", "b"], type: "STRING" }]);
    for (let length = 4; length < whole.length; length += 7) {
      const found = await readRows({ ...counting, fileName: "a.parquet" }, whole.subarray(0, length));
      expect("problems" in found && found.problems).toEqual([expect.stringContaining("damaged")]);
    }
  });
});
