import type { Cursor } from "@/lib/shared/cursor";
import { MAX_FIGURES, addTrap, checkFigure, statedNumber } from "./figure";
import {
  type ForeignDraft,
  type ForeignFigure,
  type ForeignImport,
  type Trap,
  emptyForeignDraft,
} from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { finishImport, isoDate, openJson, webAddress } from "./import-parts";

/** Reads an Every Eval Ever record (0.3, and 0.2 as far as it goes): one figure for each evaluation result. */
export function importEveryEvalEver(_name: string, input: ForeignInput): ForeignImport {
  const opened = openJson("every-eval-ever", input);
  if ("refused" in opened) return opened.refused;
  const { cursor, traps, warnings } = opened;
  const draft = emptyForeignDraft();
  const version = cursor.at("schema_version").text(20);
  if (version === null || !/^0\.[23]\./.test(version)) {
    addTrap(traps, "unsupported_version", `This is version ${version ?? "unknown"} of the format, not 0.3.`);
  } else if (!version.startsWith("0.3."))
    warnings.push(`Version ${version} is older than 0.3; what it lacks is empty.`);
  readAbout(cursor, draft, warnings);
  const seen = new Set<string>();
  for (const result of cursor.at("evaluation_results").list().slice(0, MAX_FIGURES)) {
    const figure = readResult(result, draft, traps);
    const id = result.at("evaluation_result_id").text(300);
    const key = id ?? [figure.name, figure.dataSet.name, figure.metric, figure.slice].join("\n");
    if (seen.has(key)) {
      const message = `Two results are ${id ?? `${figure.name}, ${figure.metric}`}; both are kept apart.`;
      addTrap(traps, "repeated_id", message.slice(0, 300));
    }
    seen.add(key);
    draft.figures.push(figure);
  }
  readDetails(cursor, draft, traps);
  if (draft.figures.length === 0) warnings.push("There is no figure in it.");
  return finishImport("every-eval-ever", draft, cursor, traps, warnings);
}

function readAbout(cursor: Cursor, draft: ForeignDraft, warnings: string[]): void {
  const model = cursor.at("model_info");
  draft.model.name = model.at("name").text(300);
  draft.model.id = model.at("id").text(300);
  const source = cursor.at("source_metadata");
  draft.evaluator = {
    name: source.at("source_organization_name").text(300),
    relation: source.at("evaluator_relationship").text(60),
  };
  const library = cursor.at("eval_library");
  const name = library.at("name").text(120);
  draft.harness = name === null ? null : { name, version: library.at("version").text(60) };
  if (name === null) warnings.push("It does not say which program ran the evaluation.");
  draft.ranAt = isoDate(cursor.at("evaluation_timestamp").text(60));
  if (draft.ranAt === null) warnings.push("It does not say when the evaluation was run.");
  const add = (label: string, found: Cursor) => {
    const value = found.text(500);
    if (value !== null) draft.conditions.push({ name: label, value });
  };
  add("evaluation_id", cursor.at("evaluation_id"));
  add("retrieved_timestamp", cursor.at("retrieved_timestamp"));
  add("source_name", source.at("source_name"));
  add("source_type", source.at("source_type"));
  add("developer", model.at("developer"));
  add("inference_platform", model.at("inference_platform"));
  add("inference_engine", model.at("inference_engine").at("name"));
  add("inference_engine version", model.at("inference_engine").at("version"));
  for (const [key, value] of model.at("additional_details").entries().slice(0, 60)) add(key, value);
}

function readResult(result: Cursor, draft: ForeignDraft, traps: Trap[]): ForeignFigure {
  const metric = result.at("metric_config");
  const details = result.at("score_details");
  const uncertainty = details.at("uncertainty");
  const data = result.at("source_data");
  const name = result.at("evaluation_name").text(300) ?? "evaluation";
  const lowest = statedNumber(metric.at("min_score").take());
  const highest = statedNumber(metric.at("max_score").take());
  const score = statedNumber(details.at("score").take());
  const samples = data.at("samples_number").count();
  const n = uncertainty.at("num_samples").count();
  const interval = uncertainty.at("confidence_interval");
  const lower = interval.at("lower").number();
  const upper = interval.at("upper").number();
  const place = `${name} (${draft.model.name ?? "model"})`.slice(0, 150);
  if (n !== null && samples !== null && n < samples) {
    addTrap(traps, "dropped_rows", `${place} rests on ${n} of ${samples} rows.`);
  }
  judgeBounds(score.value, lowest, highest, metric.at("has_unknown_level").boolean(), place, traps);
  const figure: ForeignFigure = checkFigure(
    {
      name,
      metric: metric.first("metric_id", "metric_name", "metric_kind").text(200) ?? "score",
      slice: null,
      dataSet: {
        name: data.at("dataset_name").text(300),
        config: null,
        split: data.at("hf_split").text(60),
        revision: null,
        url: webAddress(data.at("url").texts(2_000)[0] ?? null) ?? hubAddress(data.at("hf_repo").text(300)),
      },
      value: score.value,
      valueText: score.text,
      scale: scaleOf(metric.at("metric_unit").text(60), lowest.value, highest.value),
      lowerIsBetter: metric.at("lower_is_better").boolean(),
      n,
      standardError: uncertainty.at("standard_error").at("value").number(),
      interval:
        lower === null || upper === null
          ? null
          : {
              lower,
              upper,
              level: interval.at("confidence_level").number(),
              method: interval.at("method").text(120),
            },
      source: { url: null, name: draft.evaluator.name },
      date: isoDate(result.at("evaluation_timestamp").text(60)) ?? draft.ranAt,
    },
    traps,
  );
  data.at("source_type").take();
  metric.at("score_type").take();
  return figure;
}

function judgeBounds(
  score: number | null,
  lowest: { value: number | null; text: string },
  highest: { value: number | null; text: string },
  hasUnknownLevel: boolean | null,
  place: string,
  traps: Trap[],
): void {
  for (const { value, text } of [lowest, highest]) {
    if (value === null && text !== "" && !/^-?infinity$/i.test(text))
      addTrap(traps, "not_a_number", `A bound of ${place} reads "${text.slice(0, 40)}".`);
  }
  if (score === null) return;
  if (hasUnknownLevel === true && score === -1) {
    addTrap(traps, "not_a_number", `${place} is −1, which stands for "unknown" there.`);
    return;
  }
  const isBelow = lowest.value !== null && score < lowest.value;
  const isAbove = highest.value !== null && score > highest.value;
  if (isBelow || isAbove) {
    const looksPercent = highest.value === 1 && score > 1 && score <= 100;
    addTrap(
      traps,
      looksPercent ? "percent_or_proportion" : "out_of_range",
      `${place} is ${score}, outside its bounds ${lowest.text || "−∞"} to ${highest.text || "∞"}.`,
    );
  }
}

function scaleOf(unit: string | null, lowest: number | null, highest: number | null): ForeignFigure["scale"] {
  if (unit !== null && /^(percent|%|percentage)/i.test(unit)) return "percent";
  if (unit !== null && /^(proportion|share|fraction|ratio)/i.test(unit)) return "proportion";
  if (unit !== null) return "other";
  if (lowest === 0 && highest === 1) return "proportion";
  return lowest === 0 && highest === 100 ? "percent" : "not_stated";
}

function readDetails(cursor: Cursor, draft: ForeignDraft, traps: Trap[]): void {
  const details = cursor.at("detailed_evaluation_results");
  const rows = details.at("total_rows").count();
  const largest = draft.figures.reduce((most, { n }) => Math.max(most, n ?? 0), 0);
  if (rows !== null && largest > rows) {
    addTrap(traps, "dropped_rows", `The rows beside it are ${rows}; a figure rests on ${largest}.`);
  }
  for (const key of ["file_path", "checksum", "hash_algorithm", "format"]) {
    const value = details.at(key).text(500);
    if (value !== null) draft.conditions.push({ name: `rows: ${key}`, value });
  }
}

function hubAddress(repository: string | null): string | null {
  return repository !== null && /^[\w.-]+\/[\w.-]+$/.test(repository)
    ? `https://huggingface.co/datasets/${repository}`
    : null;
}
