import { type NotMapped, textOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { type StatedValue, readStatedValue } from "./stated-value";

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
  source: { url: string; name: string | null } | null;
} & StatedValue;

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
    read.modelName ??= textOf(model["name"]);
    model["results"].forEach((result: unknown, at: number) =>
      readResult(read, `${path}.results[${at}]`, result),
    );
  });
  return read;
}

function readResult(read: CardResults, path: string, result: unknown): void {
  const task = isObject(result) ? result["task"] : null;
  const dataset = isObject(result) ? result["dataset"] : null;
  const metrics = isObject(result) ? result["metrics"] : null;
  if (!isObject(result) || !isObject(task) || textOf(task["type"]) === null) {
    return drop(read, path, result, "its task is missing");
  }
  if (!isObject(dataset) || textOf(dataset["type"]) === null || textOf(dataset["name"]) === null) {
    return drop(read, path, result, "its data set is missing");
  }
  if (!Array.isArray(metrics)) return drop(read, path, result, "its metrics are missing");
  metrics.forEach((metric: unknown, at: number) => {
    const where = `${path}.metrics[${at}]`;
    const value = isObject(metric) ? readStatedValue(metric["value"]) : null;
    if (!isObject(metric) || textOf(metric["type"]) === null || !value) {
      return drop(read, where, metric, "its type or value is missing");
    }
    if (read.results.length >= MAX_RESULTS) return drop(read, where, metric, "the card has too many results");
    read.results.push({
      task: { type: textOf(task["type"]) ?? "", name: textOf(task["name"]) },
      dataset: {
        type: textOf(dataset["type"]) ?? "",
        name: textOf(dataset["name"]) ?? "",
        config: textOf(dataset["config"]),
        split: textOf(dataset["split"]),
        revision: textOf(dataset["revision"]),
      },
      metric: {
        type: textOf(metric["type"]) ?? "",
        name: textOf(metric["name"]),
        config: textOf(metric["config"]),
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
  const url = isObject(source) ? textOf(source["url"]) : null;
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  return { url, name: isObject(source) ? textOf(source["name"]) : null };
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
