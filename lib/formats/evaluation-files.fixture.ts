import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { zipOf } from "@/lib/artifact/zip.fixture";

/** Small files as evaluation programs write them, with words and values of their own. */

/** A multiple-choice row of lm-evaluation-harness: likelihoods by the words of the choices. */
export function weighedSample(
  id: number,
  weights: Record<string, number> | [string, number][],
  rest: Record<string, unknown>,
): Record<string, unknown> {
  const choices = Array.isArray(weights) ? weights : Object.entries(weights);
  return {
    doc_id: id,
    doc: {},
    arguments: choices.map(([words]) => [`ticket ${id}`, ` ${words}`]),
    filtered_resps: choices.map(([, weight]) => [String(weight), "False"]),
    filter: "none",
    ...rest,
  };
}

const WRONG: unknown[] = ["I", "N", "no", "False", "0", 0, false];

type InspectSample = { target?: unknown; answer?: string; value: unknown } & Record<string, unknown>;

/** An Inspect log of samples, each with one score by "judge". */
export function inspectLogOf(
  samples: readonly InspectSample[],
  changes: {
    size?: number;
    config?: object;
    results?: object;
    scores?: object[];
    log?: object;
    run?: object;
  } = {},
): Record<string, unknown> {
  return {
    version: 2,
    status: "success",
    eval: {
      task: "queue",
      model: "example/queue-1b",
      dataset: { name: "queue", samples: changes.size ?? samples.length },
      config: { epochs: 1, ...changes.config },
      packages: { inspect_ai: "0.3.220" },
      ...changes.run,
    },
    results: {
      total_samples: samples.length,
      completed_samples: samples.length,
      scores: changes.scores ?? [],
      ...changes.results,
    },
    samples: samples.map(({ value, answer, target = "billing", ...rest }, index) => ({
      id: index + 1,
      epoch: 1,
      target,
      scores: { judge: { value, answer: answer ?? (WRONG.includes(value) ? "other" : "billing") } },
      ...rest,
    })),
    ...changes.log,
  };
}

export function accuracyOf(value: number, rest: object = {}, stderr?: number): object {
  const error = stderr === undefined ? {} : { stderr: { name: "stderr", value: stderr } };
  return {
    name: "judge",
    scorer: "judge",
    metrics: { accuracy: { name: "accuracy", value }, ...error },
    ...rest,
  };
}

/** The same log as Inspect's own archive. */
export function evalArchiveOf(
  log: Record<string, unknown>,
  { method = "deflated", without = [] }: { method?: "deflated" | "zstd"; without?: string[] } = {},
): Uint8Array {
  const { samples = [], ...header } = log as { samples?: Record<string, unknown>[] };
  const members = [
    ["_journal/start.json", { version: 2, eval: header["eval" as keyof typeof header] }],
    ...samples.map((sample) => [
      `samples/${String(sample["id"])}_epoch_${String(sample["epoch"])}.json`,
      sample,
    ]),
    ["summaries.json", samples.map(({ metadata: _, ...summary }) => summary)],
    ["reductions.json", []],
    ["header.json", header],
  ] as [string, unknown][];
  return zipOf(
    members
      .filter(([name]) => !without.includes(name))
      .map(([name, value]) => ({ name, content: JSON.stringify(value), method })),
  );
}

export function parquetOf(columnData: ColumnSource[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

export const lightEvalResults = {
  config_general: {
    lighteval_sha: "4c1d",
    max_samples: null as number | null,
    model_name: "example/queue-1b",
    model_sha: "77aa",
    model_config: { model_name: "example/queue-1b", dtype: "float16" } as Record<string, unknown>,
  },
  results: {
    "own|queue|0": { em: 0.75, em_stderr: 0.25 },
    "own:_average|0": { em: 0.75, em_stderr: 0.25 },
    all: { em: 0.75, em_stderr: 0.25 },
  },
  versions: { "own|queue|0": 1 },
  config_tasks: {
    "own|queue": { hf_repo: "example/queue", original_num_docs: 4, effective_num_docs: 4 },
  },
};

/** A row of LightEval's details in its present form. */
export function lightEvalDetail(logprobs: number[], gold: number, acc: number): Record<string, unknown> {
  return {
    doc: {
      id: String(gold) + String(logprobs[0]),
      choices: [" no", " yes"],
      gold_index: gold,
      task_name: "own|queue",
    },
    metric: { acc },
    model_response: { text: [], logprobs },
  };
}

/** A row beside an Every Eval Ever record. */
export function instance(id: string, answer: string, isCorrect: boolean, rest: object = {}): object {
  return {
    schema_version: "instance_level_eval_0.2.2",
    evaluation_id: "queue/1",
    model_id: "example/queue-1b",
    evaluation_name: "Queue",
    sample_id: id,
    interaction_type: "single_turn",
    input: { raw: "a ticket", reference: ["billing", "invoices"] },
    output: { raw: [`It is ${answer}.`] },
    answer_attribution: [
      {
        turn_idx: 0,
        source: "output.raw",
        extracted_value: answer,
        extraction_method: "regex",
        is_terminal: true,
      },
    ],
    evaluation: { score: isCorrect ? 1 : 0, is_correct: isCorrect },
    metadata: { channel: id < "c" ? "mail" : "chat" },
    ...rest,
  };
}
