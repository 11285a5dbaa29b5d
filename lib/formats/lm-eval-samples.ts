import { cleanText } from "@/lib/shared/clean-text";
import { excerptOf, textOf } from "@/lib/shared/cursor";
import { sameValue } from "@/lib/measurement/canonical-value";
import { addTrap } from "./figure";
import { type ForeignImport, type Trap, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readText } from "./foreign-source";
import { addCondition, refusedImport } from "./import-parts";
import { type JudgedRow, NOT_STATED, scalarFields, toEvaluationRows } from "./judged-rows";
import { readObjectLines } from "./json-lines";
import { listedValues } from "./listed-values";
import { type WeighedRow, letterOf, readChoices, weighedChoices } from "./weighed-choices";

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
  const samples = readObjectLines(read.text);
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
    const judged = judge(chosen, metric, warnings);
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

/** Measures such as Matthews' correlation keep the right class and the one that was picked. */
function verdictOf(value: unknown): boolean | null {
  if (value === 1 || value === true) return true;
  if (value === 0 || value === false) return false;
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [gold, picked] = value as unknown[];
  return Number.isSafeInteger(gold) && Number.isSafeInteger(picked) ? gold === picked : null;
}

function judge(samples: Sample[], metric: string, warnings: string[]): JudgedRow[] {
  const bases = samples.map((sample, position) => ({
    id: textOf(sample["doc_id"]) ?? `#${position}`,
    isRight: verdictOf(sample[metric]) ?? false,
    fields: scalarFields(sample["doc"]),
  }));
  const weighed = samples.map((sample) => weighedChoices(sample["filtered_resps"], sample["arguments"]));
  const rows = samples.flatMap((sample, index): WeighedRow[] => {
    const asked = weighed[index];
    const { isRight = false } = bases[index] ?? {};
    return asked ? [{ ...asked, target: sample["target"], doc: sample["doc"], isRight }] : [];
  });
  const chosen = readChoices(rows, metric);
  const shared = rows.length === samples.length ? sharedChoices(rows) : null;
  let unstated = 0;
  let next = 0;
  const judged = samples.map((sample, index): JudgedRow => {
    const base = bases[index] ?? { id: `#${index}`, isRight: false, fields: new Map() };
    const choice = weighed[index] ? chosen[next++] : undefined;
    if (!choice) return { ...base, ...generated(sample, base.isRight) };
    const nameOf = (place: number) => shared?.[place] ?? letterOf(place);
    const { gold, picked, confidence } = choice;
    if (gold === null) unstated += 1;
    const isListed = picked !== null && (gold?.includes(picked) ?? false);
    const target = isListed ? picked : gold?.[0];
    return {
      ...base,
      target: target === undefined ? NOT_STATED : nameOf(target),
      prediction: picked === null ? "" : nameOf(picked),
      ...(confidence === null ? {} : { confidence }),
    };
  });
  if (unstated > 0) warnings.push(`${unstated} wrong rows do not say which choice was right.`);
  return judged;
}

/** The choices' own words where every row has the same ones: then they are classes. */
function sharedChoices(rows: readonly WeighedRow[]): string[] | null {
  const first = (rows[0]?.choices ?? []).map((choice) => choice.trim());
  if (first.length === 0 || new Set(first).size !== first.length) return null;
  const areShared = rows.every(
    ({ choices }) =>
      choices.length === first.length && choices.every((choice, place) => choice.trim() === first[place]),
  );
  return areShared ? first : null;
}

/** A generated answer; where several count as right, its target is the one that it gives. */
function generated(sample: Sample, isRight: boolean): Pick<JudgedRow, "target" | "prediction"> {
  const prediction = predictionOf(sample);
  const { target } = sample;
  const listed = listedValues(target);
  const given = isRight ? listed?.find((text) => sameValue(text, prediction)) : undefined;
  const first = Array.isArray(target) ? listed?.[0] : undefined;
  return { target: given ?? first ?? textOf(target) ?? excerptOf(target ?? "", 200), prediction };
}

function predictionOf(sample: Sample): string {
  const given = sample["filtered_resps"] ?? sample["resps"];
  let value: unknown = given;
  for (let depth = 0; depth < 4 && Array.isArray(value); depth++) value = (value as unknown[])[0];
  return textOf(value) ?? "";
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
