import { sameValue } from "@/lib/measurement/canonical-value";
import { excerptOf, textOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { addTrap } from "./figure";
import { type ForeignImport, type Trap, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readText } from "./foreign-source";
import { addCondition, refusedImport } from "./import-parts";
import { type JudgedRow, NOT_STATED, scalarFields, toEvaluationRows } from "./judged-rows";
import { readObjectLines } from "./json-lines";
import { listedValues } from "./listed-values";
import { type WeighedRow, letterOf, readChoices } from "./weighed-choices";

type Detail = Record<string, unknown>;
const KNOWN_METRICS = ["acc", "exact_match", "em", "extractive_match", "acc_norm", "quasi_exact_match"];

/** Reads the details of a LightEval task (`details_<task>_<time>.parquet`, as lines of JSON) as rows. */
export function importLightEvalDetails(name: string, input: ForeignInput): ForeignImport {
  const format = "lighteval-details";
  const read = readText(input);
  if ("problem" in read) return refusedImport(format, read.problem);
  const details = readObjectLines(read.text);
  if (typeof details === "string") return refusedImport(format, details);
  const draft = emptyForeignDraft();
  draft.harness = { name: "LightEval", version: null };
  const traps: Trap[] = [];
  const warnings: string[] = [];
  const notMapped: ForeignImport["notMapped"] = [];
  const metrics = [...new Set(details.flatMap((detail) => Object.keys(metricsOf(detail))))];
  const inOrder = [...KNOWN_METRICS.filter((metric) => metrics.includes(metric)), ...metrics];
  const metric = inOrder.find((one) => details.every((detail) => isVerdict(metricsOf(detail)[one])));
  for (const other of metrics.filter((one) => one !== metric)) {
    const value = excerptOf(metricsOf(details[0] ?? {})[other] ?? "", 100);
    notMapped.push({ path: `metrics.${other}`, value, reason: `Rows follow ${metric ?? "no metric"}.` });
  }
  if (metric === undefined) {
    const message = "No metric says right or wrong for every row, so no rows were taken.";
    addTrap(traps, "not_right_or_wrong", message);
  } else {
    const rows = toEvaluationRows(judge(details, metric), traps, warnings);
    draft.rows = rows.rows;
    draft.slices = rows.slices;
    draft.clustersFrom = rows.clustersFrom;
    for (const { field, example, reason } of rows.unused)
      notMapped.push({ path: field, value: example, reason });
    addCondition(draft, "metric", metric);
    const stated = textOf(docOf(details[0] ?? {})["task_name"]);
    const named = /details_(.+?)(?:_\d{4}-\d{2}-\d{2}T[\d.-]+)?\.\w+$/.exec(name)?.[1];
    addCondition(draft, "task", (stated ?? named ?? null)?.slice(0, 200) ?? null);
  }
  notMapped.push({
    path: "prompts",
    value: "",
    reason: "Prompts and raw answers; the file itself keeps them.",
  });
  return { format, draft, notMapped, traps, warnings, mappedCount: draft.rows.length };
}

function judge(details: readonly Detail[], metric: string): JudgedRow[] {
  const isRight = (detail: Detail) => Number(metricsOf(detail)[metric]) === 1;
  const weighed = details.map((detail): WeighedRow | null => {
    const doc = docOf(detail);
    const choices = listedValues(doc["choices"]) ?? [];
    const likelihoods = likelihoodsOf(detail);
    if (choices.length < 2 || likelihoods.length !== choices.length) return null;
    return { choices, likelihoods, target: doc["gold_index"], doc: null, isRight: isRight(detail) };
  });
  const rows = weighed.filter((row) => row !== null);
  const chosen = readChoices(rows, metric);
  const words = rows[0]?.choices.map((choice) => choice.trim()) ?? [];
  const areShared = rows.every(({ choices }) => choices.every((choice, at) => choice.trim() === words[at]));
  const nameOf = (place: number) => (areShared ? (words[place] ?? letterOf(place)) : letterOf(place));
  let next = 0;
  return details.map((detail, position): JudgedRow => {
    const doc = docOf(detail);
    const query = doc["query"] ?? doc["example"];
    const base = {
      id: textOf(doc["id"]) ?? `#${position}`,
      ...(typeof query === "string" ? { text: query } : {}),
      isRight: isRight(detail),
      fields: scalarFields(doc["specific"] ?? doc["specifics"]),
    };
    const choice = weighed[position] ? chosen[next++] : undefined;
    if (!choice) return { ...base, ...generated(detail, base.isRight) };
    const { gold, picked, confidence } = choice;
    const target = picked !== null && gold?.includes(picked) ? picked : gold?.[0];
    return {
      ...base,
      target: target === undefined ? NOT_STATED : nameOf(target),
      prediction: picked === null ? "" : nameOf(picked),
      ...(confidence === null ? {} : { confidence }),
    };
  });
}

/** A written answer; its targets are the choices at the places of the gold ones, or a list of their own. */
function generated(detail: Detail, isRight: boolean): Pick<JudgedRow, "target" | "prediction"> {
  const doc = docOf(detail);
  const response = isObject(detail["model_response"]) ? detail["model_response"] : {};
  const texts = response["text_post_processed"] ?? response["text"] ?? detail["predictions"];
  const prediction = firstText(texts);
  const choices = listedValues(doc["choices"]) ?? [];
  const places = listedValues(doc["gold_index"]) ?? [textOf(doc["gold_index"]) ?? ""];
  const listed = listedValues(doc["gold"]) ?? places.flatMap((place) => choices[Number(place)] ?? []);
  const given = isRight ? listed.find((text) => sameValue(text, prediction)) : undefined;
  return { target: given ?? listed[0] ?? NOT_STATED, prediction };
}

function firstText(value: unknown): string {
  let found: unknown = value;
  for (let depth = 0; depth < 4 && Array.isArray(found); depth++) found = (found as unknown[])[0];
  return textOf(found) ?? "";
}

function likelihoodsOf(detail: Detail): number[] {
  const response = isObject(detail["model_response"]) ? detail["model_response"] : {};
  const given = response["logprobs"] ?? detail["pred_logits"] ?? detail["predictions"];
  const list = Array.isArray(given) ? (given as unknown[]) : [];
  const numbers = list.map((one) => (Array.isArray(one) ? (one as unknown[])[0] : one));
  return numbers.every((one) => typeof one === "number") ? numbers : [];
}

/** Later versions keep the document apart, earlier ones beside everything else. */
function docOf(detail: Detail): Detail {
  return isObject(detail["doc"]) ? detail["doc"] : detail;
}

function metricsOf(detail: Detail): Record<string, unknown> {
  const found = detail["metric"] ?? detail["metrics"];
  return isObject(found) ? found : {};
}

function isVerdict(value: unknown): boolean {
  return value === 0 || value === 1 || typeof value === "boolean";
}
