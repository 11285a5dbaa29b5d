import { cleanText } from "@/lib/shared/clean-text";
import { textOf } from "@/lib/shared/cursor";
import { addTrap } from "./figure";
import { type ForeignImport, type Trap, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readJson, readText } from "./foreign-source";
import { excerptOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { addCondition, refusedImport } from "./import-parts";
import { type JudgedRow, MAX_FOREIGN_ROWS, scalarFields, toEvaluationRows } from "./judged-rows";

export type SamplesOptions = {
  /** The column that says right or wrong; the first that does so for every row when absent. */
  metric?: string;
  /** Which extraction of answers to take where the file holds several; the first when absent. */
  filter?: string;
};

type Sample = Record<string, unknown>;

const KNOWN_METRICS = ["acc", "exact_match", "acc_norm", "em", "accuracy", "prompt_level_strict_acc"];
const NOT_METRICS = new Set(
  (
    "doc_id doc target arguments resps filtered_resps doc_hash prompt_hash target_hash filter metrics " +
    "schema_version idx"
  ).split(" "),
);

/**
 * Reads `samples_<task>_<time>.jsonl` of lm-evaluation-harness as rows that can be sliced by the fields of the
 * document. All or nothing: one unreadable line gives no rows, because a dropped row would raise a score.
 */
export function importLmEvalSamples(
  name: string,
  input: ForeignInput,
  options: SamplesOptions = {},
): ForeignImport {
  const read = readText(input);
  if ("problem" in read) return refusedImport("lm-eval-samples", read.problem);
  const samples = readSamples(read.text);
  if (typeof samples === "string") return refusedImport("lm-eval-samples", samples);
  const traps: Trap[] = [];
  const warnings: string[] = [];
  const draft = emptyForeignDraft();
  draft.harness = { name: "lm-evaluation-harness", version: null };
  const notMapped: ForeignImport["notMapped"] = [];
  const chosen = chooseFilter(samples, options.filter, traps);
  const metrics = metricColumns(chosen);
  const metric = options.metric ?? metrics.find(({ isVerdict }) => isVerdict)?.name;
  for (const column of metrics.filter((column) => column.name !== metric)) {
    notMapped.push({
      path: column.name,
      value: column.example,
      reason: `Rows follow ${metric ?? "no column"}.`,
    });
  }
  if (metric === undefined) {
    addTrap(
      traps,
      "not_right_or_wrong",
      "No column says right or wrong for every row, so no rows were taken.",
    );
  } else {
    const judged = judge(chosen, metric);
    countMissing(chosen, traps);
    const rows = toEvaluationRows(judged, traps, warnings);
    draft.rows = rows.rows;
    draft.slices = rows.slices;
    draft.clustersFrom = rows.clustersFrom;
    for (const { field, example, reason } of rows.unused)
      notMapped.push({ path: `doc.${field}`, value: example, reason });
    draft.conditions.push({ name: "metric", value: cleanText(metric) });
    addCondition(draft, "filter", textOf(chosen[0]?.["filter"]));
    const task = /samples_(.+?)(?:_\d{4}-\d{2}-\d{2}T[\d.-]+)?\.jsonl$/.exec(name)?.[1];
    if (task) draft.conditions.push({ name: "task", value: task.slice(0, 200) });
  }
  notMapped.push(...restOf(chosen));
  return { format: "lm-eval-samples", draft, notMapped, traps, warnings, mappedCount: draft.rows.length };
}

function readSamples(text: string): Sample[] | string {
  const samples: Sample[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const source = text.slice(start, end);
    start = end + 1;
    line += 1;
    if (source.trim() === "") continue;
    if (samples.length >= MAX_FOREIGN_ROWS) return `The file has more than ${MAX_FOREIGN_ROWS} rows.`;
    const { value } = readJson(source);
    if (!isObject(value)) return `Line ${line} is not a JSON object, so no rows were taken.`;
    samples.push(value);
  }
  return samples.length === 0 ? "The file is empty." : samples;
}

function chooseFilter(samples: Sample[], wanted: string | undefined, traps: Trap[]): Sample[] {
  const filters = [...new Set(samples.map((sample) => textOf(sample["filter"]) ?? "none"))];
  const filter = wanted !== undefined && filters.includes(wanted) ? wanted : filters[0];
  if (filters.length < 2) return samples;
  addTrap(
    traps,
    "several_filters",
    `Answers were extracted in ${filters.length} ways (${filters.slice(0, 5).join(", ")}); rows follow "${filter}".`,
  );
  return samples.filter((sample) => (textOf(sample["filter"]) ?? "none") === filter);
}

function metricColumns(samples: Sample[]): { name: string; isVerdict: boolean; example: string }[] {
  const names = new Set<string>();
  for (const sample of samples) {
    const listed: unknown = sample["metrics"];
    for (const name of Array.isArray(listed) ? listed : Object.keys(sample)) {
      if (typeof name === "string" && !NOT_METRICS.has(name) && names.size < 50) names.add(name);
    }
  }
  const rank = (name: string) => {
    const place = KNOWN_METRICS.indexOf(name);
    return place === -1 ? KNOWN_METRICS.length : place;
  };
  return [...names]
    .sort((a, b) => rank(a) - rank(b))
    .map((name) => ({
      name,
      isVerdict: samples.every((sample) => verdictOf(sample[name]) !== null),
      example: excerptOf(samples[0]?.[name], 100),
    }));
}

function verdictOf(value: unknown): boolean | null {
  if (value === 1 || value === true) return true;
  return value === 0 || value === false ? false : null;
}

function judge(samples: Sample[], metric: string): JudgedRow[] {
  const shared = sharedChoices(samples);
  return samples.map((sample, position): JudgedRow => {
    const choices = choicesOf(sample);
    const names = choices === null ? null : (shared ?? choices.map((_, index) => letterOf(index)));
    const doc = sample["doc"];
    const base = {
      id: textOf(sample["doc_id"]) ?? `#${position}`,
      isRight: verdictOf(sample[metric]) ?? false,
      fields: scalarFields(doc),
    };
    if (names === null)
      return { ...base, target: targetText(sample["target"]), prediction: predictionOf(sample) };
    const picked = mostLikely(sample, names.length);
    return {
      ...base,
      target: targetAmong(sample["target"], choices ?? [], names),
      prediction: picked === null ? "" : (names[picked.index] ?? ""),
      ...(picked === null ? {} : { confidence: picked.share }),
    };
  });
}

/** The continuations a multiple-choice row was asked to weigh; null for a generated answer. */
function choicesOf(sample: Sample): string[] | null {
  const given = sample["filtered_resps"];
  const isWeighed =
    Array.isArray(given) && given.length > 1 && given.every((pair) => likelihoodOf(pair) !== null);
  if (!isWeighed) return null;
  const asked = sample["arguments"];
  const requests: unknown[] = Array.isArray(asked) ? asked : isObject(asked) ? Object.values(asked) : [];
  return given.map((_, index) => {
    const request = requests[index];
    const text = Array.isArray(request)
      ? (request as unknown[])[1]
      : isObject(request)
        ? request["arg_1"]
        : null;
    return (textOf(text) ?? letterOf(index)).trim();
  });
}

/** The choices' own words where every row has the same ones: then they are classes. */
function sharedChoices(samples: Sample[]): string[] | null {
  const first = choicesOf(samples[0] ?? {});
  if (first === null || new Set(first).size !== first.length) return null;
  const key = JSON.stringify(first);
  return samples.every((sample) => JSON.stringify(choicesOf(sample)) === key) ? first : null;
}

function targetAmong(target: unknown, choices: string[], names: string[]): string {
  const text = targetText(target);
  const index = /^\d{1,3}$/.test(text) ? Number(text) : choices.indexOf(text);
  return names[index] ?? text;
}

function mostLikely(sample: Sample, count: number): { index: number; share: number } | null {
  const given = sample["filtered_resps"];
  const weights = (Array.isArray(given) ? given : [])
    .slice(0, count)
    .map((pair) => likelihoodOf(pair) ?? -Infinity);
  const best = Math.max(...weights);
  if (!Number.isFinite(best)) return null;
  const total = weights.reduce((sum, weight) => sum + Math.exp(weight - best), 0);
  return { index: weights.indexOf(best), share: Math.min(1, 1 / total) };
}

function likelihoodOf(pair: unknown): number | null {
  const value: unknown = Array.isArray(pair) ? pair[0] : undefined;
  if (!Array.isArray(pair) || pair.length !== 2) return null;
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function predictionOf(sample: Sample): string {
  const given = sample["filtered_resps"] ?? sample["resps"];
  let value: unknown = given;
  for (let depth = 0; depth < 4 && Array.isArray(value); depth++) value = (value as unknown[])[0];
  return textOf(value) ?? "";
}

function targetText(target: unknown): string {
  return Array.isArray(target)
    ? target.map((part) => textOf(part) ?? "").join(" | ")
    : (textOf(target) ?? excerptOf(target ?? "", 200));
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `choice ${index + 1}`;
}

/** Ids run from 0: holes are rows that were asked and are not here. */
function countMissing(samples: Sample[], traps: Trap[]): void {
  const ids = new Set(samples.map((sample) => sample["doc_id"]).filter((id) => Number.isSafeInteger(id)));
  let last = -1;
  for (const id of ids) last = Math.max(last, id as number);
  const missing = last + 1 - ids.size;
  if (missing > 0) {
    addTrap(traps, "dropped_rows", `Row ids run to ${last} and ${missing} of them are not in the file.`);
  }
}

function restOf(samples: Sample[]): ForeignImport["notMapped"] {
  const reasons: [string, string][] = [
    ["arguments", "The prompt; the file itself keeps it."],
    ["resps", "Raw answers; the extracted ones were taken."],
    ["doc_hash", "The platform hashes rows itself."],
    ["prompt_hash", "The platform hashes rows itself."],
    ["target_hash", "The platform hashes rows itself."],
  ];
  const first = samples[0] ?? {};
  return reasons
    .filter(([key]) => first[key] !== undefined)
    .map(([key, reason]) => ({ path: key, value: excerptOf(first[key], 120), reason }));
}
