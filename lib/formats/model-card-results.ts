import type { NotMapped } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";

/** One figure of a card's `model-index`, as stated there: nothing about it has been checked. */
export type CardResult = {
  task: { type: string; name: string | null };
  dataset: {
    type: string;
    name: string;
    config: string | null;
    split: string | null;
    revision: string | null;
  };
  metric: { type: string; name: string | null; config: string | null };
  /** Null when the text is not a number. Never converted between percent and share. */
  value: number | null;
  plusMinus: number | null;
  isPercent: boolean;
  valueText: string;
  source: { url: string; name: string | null } | null;
};

export type CardResults = {
  modelName: string | null;
  results: CardResult[];
  notMapped: NotMapped[];
  warnings: string[];
};

const MAX_RESULTS = 2_000;

/**
 * Reads `model-index`. A result that lacks what the format requires is left out with a warning and listed as
 * not mapped, and the card is kept; results on one data set with different `config` stay separate.
 */
export function readModelIndex(index: unknown): CardResults {
  const read: CardResults = { modelName: null, results: [], notMapped: [], warnings: [] };
  if (!Array.isArray(index)) {
    drop(read, "model-index", index, "it is not a list");
    return read;
  }
  index.forEach((model: unknown, position) => {
    const path = `model-index[${position}]`;
    if (!isObject(model) || !Array.isArray(model["results"]))
      return drop(read, path, model, "it has no list of results");
    read.modelName ??= textOrNull(model["name"]);
    model["results"].forEach((result: unknown, at: number) =>
      readResult(read, `${path}.results[${at}]`, result),
    );
  });
  return read;
}

/** "20.0 ± 1.2" is 20 give or take 1.2; "91.5%" is 91.5 marked as percent. */
export function readCardValue(
  value: unknown,
): Pick<CardResult, "value" | "plusMinus" | "isPercent" | "valueText"> | null {
  if (typeof value === "number") {
    return {
      value: Number.isFinite(value) ? value : null,
      plusMinus: null,
      isPercent: false,
      valueText: String(value),
    };
  }
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = String.raw`[-+]?\d{1,30}(?:\.\d{0,30})?(?:e[-+]?\d{1,3})?`;
  const match = new RegExp(
    String.raw`^\s*(${number})\s*(%?)\s*(?:(?:±|\+/-|\+-)\s*(${number})\s*(%?))?\s*$`,
    "i",
  ).exec(value.slice(0, 200));
  const parsed = match ? Number(match[1]) : Number.NaN;
  const spread = match?.[3] === undefined ? null : Number(match[3]);
  return {
    value: Number.isFinite(parsed) ? parsed : null,
    plusMinus: spread !== null && Number.isFinite(spread) ? spread : null,
    isPercent: Boolean(match?.[2] || match?.[4]),
    valueText: value.trim(),
  };
}

function readResult(read: CardResults, path: string, result: unknown): void {
  const task = isObject(result) ? result["task"] : null;
  const dataset = isObject(result) ? result["dataset"] : null;
  const metrics = isObject(result) ? result["metrics"] : null;
  if (!isObject(result) || !isObject(task) || textOrNull(task["type"]) === null) {
    return drop(read, path, result, "its task is missing");
  }
  if (!isObject(dataset) || textOrNull(dataset["type"]) === null || textOrNull(dataset["name"]) === null) {
    return drop(read, path, result, "its data set is missing");
  }
  if (!Array.isArray(metrics)) return drop(read, path, result, "its metrics are missing");
  metrics.forEach((metric: unknown, at: number) => {
    const where = `${path}.metrics[${at}]`;
    const value = isObject(metric) ? readCardValue(metric["value"]) : null;
    if (!isObject(metric) || textOrNull(metric["type"]) === null || !value) {
      return drop(read, where, metric, "its type or value is missing");
    }
    if (read.results.length >= MAX_RESULTS) return drop(read, where, metric, "the card has too many results");
    read.results.push({
      task: { type: textOrNull(task["type"]) ?? "", name: textOrNull(task["name"]) },
      dataset: {
        type: textOrNull(dataset["type"]) ?? "",
        name: textOrNull(dataset["name"]) ?? "",
        config: textOrNull(dataset["config"]),
        split: textOrNull(dataset["split"]),
        revision: textOrNull(dataset["revision"]),
      },
      metric: {
        type: textOrNull(metric["type"]) ?? "",
        name: textOrNull(metric["name"]),
        config: textOrNull(metric["config"]),
      },
      ...value,
      source: sourceOf(result["source"]),
    });
    for (const key of ["args", "verified", "verifyToken"]) {
      if (metric[key] !== undefined)
        keep(read, `${where}.${key}`, metric[key], "only Hugging Face can check or use it");
    }
  });
  if (dataset["args"] !== undefined)
    keep(read, `${path}.dataset.args`, dataset["args"], "there is no field for it");
}

function sourceOf(source: unknown): CardResult["source"] {
  const url = isObject(source) ? textOrNull(source["url"]) : null;
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  return { url, name: isObject(source) ? textOrNull(source["name"]) : null };
}

function drop(read: CardResults, path: string, value: unknown, why: string): void {
  read.warnings.push(`A result was left out, because ${why}: ${path}.`);
  keep(read, path, value, `Left out: ${why}.`);
}

function keep(read: CardResults, path: string, value: unknown, reason: string): void {
  read.notMapped.push({ path, value: shownValue(value), reason });
}

/** A value as text, whatever it is. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return String(value);
  }
}

/** Text of a scalar; null for anything else and for blank text. */
export function textOrNull(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
