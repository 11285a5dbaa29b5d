import { type Cursor, textOf } from "@/lib/shared/cursor";
import { addTrap, checkFigure, statedNumber } from "./figure";
import { type ForeignDraft, type ForeignImport, type Trap } from "./foreign-draft";
import { type ForeignInput } from "./foreign-source";
import { isObject } from "@/lib/shared/is-object";
import { addCondition, importJson, isoDate } from "./import-parts";
import { type JudgedRow, MAX_FOREIGN_ROWS, scalarFields, toEvaluationRows } from "./judged-rows";

/**
 * Reads an Inspect evaluation log (JSON, version 2): figures for each scorer and the answered samples as rows.
 * A run that asked fewer samples than its data set has is marked as incomplete, however well it scored.
 */
export function importInspectLog(_name: string, input: ForeignInput): Promise<ForeignImport> {
  return importJson("inspect-log", input, (reading) => {
    const { cursor, draft, traps, warnings } = reading;
    const version = cursor.at("version").number();
    if (version !== 2) {
      addTrap(traps, "unsupported_version", `This is version ${version ?? "unknown"} of the format, not 2.`);
    }
    readRun(cursor, draft);
    judgeCompleteness(cursor, traps);
    const completed = cursor.at("results").at("completed_samples").count();
    readFigures(cursor, draft, completed, traps);
    readSamples(cursor, draft, traps, warnings);
    compareWithRows(draft, traps);
    cursor.at("plan").note("How the task was asked; the file itself keeps it.");
    cursor.at("reductions").note("The same scores once more, by sample.");
  });
}

function readRun(cursor: Cursor, draft: ForeignDraft): void {
  const run = cursor.at("eval");
  draft.model.id = run.at("model").text(300);
  draft.model.name = draft.model.id?.split("/").at(-1) ?? null;
  draft.harness = {
    name: "Inspect",
    version: run.at("packages").at("inspect_ai").text(80),
  };
  draft.ranAt =
    isoDate(cursor.at("stats").at("completed_at").text(60)) ?? isoDate(run.at("created").text(60));
  const add = (name: string, found: Cursor) => addCondition(draft, name, found.text(500));
  add("task", run.at("task"));
  add("task_version", run.at("task_version"));
  add("commit", run.at("revision").at("commit"));
  add("epochs", run.at("config").at("epochs"));
  add("shuffled", run.at("dataset").at("shuffled"));
}

function judgeCompleteness(cursor: Cursor, traps: Trap[]): void {
  const run = cursor.at("eval");
  const status = cursor.at("status").text(60);
  if (status !== "success") addTrap(traps, "incomplete_run", `The run ended as "${status ?? "unknown"}".`);
  const size = run.at("dataset").at("samples").count();
  const total = cursor.at("results").at("total_samples").count();
  const completed = cursor.at("results").at("completed_samples").count();
  const epochs = run.at("config").at("epochs").count() ?? 1;
  if (epochs > 1) {
    addTrap(
      traps,
      "several_epochs",
      `Every sample was asked ${epochs} times; they are not independent rows.`,
    );
  }
  const asked = completed === null ? null : completed / Math.max(1, epochs);
  if (size !== null && asked !== null && asked < size) {
    addTrap(traps, "incomplete_run", `The data set has ${size} samples and ${asked} were completed.`);
  }
  if (total !== null && completed !== null && completed < total) {
    addTrap(traps, "dropped_rows", `${total} samples were asked and ${completed} completed.`);
  }
  const limit = run.at("config").at("limit");
  if (limit.value !== undefined && limit.value !== null) {
    const shown = Array.isArray(limit.take()) ? "a range" : (limit.text(40) ?? "something");
    addTrap(traps, "limit_set", `The run was limited to ${shown}: it is not full evidence.`);
  }
}

function readFigures(cursor: Cursor, draft: ForeignDraft, completed: number | null, traps: Trap[]): void {
  const dataSet = cursor.at("eval").at("dataset");
  const task = cursor.at("eval").at("task").text(300) ?? "task";
  for (const score of cursor.at("results").at("scores").list()) {
    const scorer = score.first("name", "scorer").text(200);
    score.at("scorer").take();
    const scored = score.at("scored_samples").count();
    const unscored = score.at("unscored_samples").count() ?? 0;
    if (unscored > 0 || (scored !== null && completed !== null && scored < completed)) {
      const missing = unscored > 0 ? unscored : (completed ?? 0) - (scored ?? 0);
      addTrap(
        traps,
        "dropped_rows",
        `${missing} completed samples were not scored by ${scorer ?? "a scorer"}.`,
      );
    }
    const metrics = new Map(score.at("metrics").entries());
    const error = metrics.get("stderr")?.at("value");
    const errorValue = error ? statedNumber(error.take()).value : null;
    metrics.get("stderr")?.at("name").take();
    for (const [metric, found] of metrics) {
      if (metric === "stderr") continue;
      found.at("name").take();
      const { value, text } = statedNumber(found.at("value").take());
      draft.figures.push(
        checkFigure(
          {
            name: task,
            metric,
            filter: scorer,
            dataSet: { name: dataSet.at("name").text(300) },
            value,
            valueText: text,
            n: scored ?? completed,
            standardError: metric === "accuracy" || metric === "mean" ? errorValue : null,
            date: draft.ranAt,
          },
          traps,
          true,
        ),
      );
    }
  }
}

const VERDICTS: Record<string, boolean | null> = { C: true, I: false, N: false, P: null };

function readSamples(cursor: Cursor, draft: ForeignDraft, traps: Trap[], warnings: string[]): void {
  const samples = cursor.at("samples").value;
  if (!Array.isArray(samples) || samples.length === 0) {
    warnings.push("The log holds no samples, so nothing can be sliced.");
    return;
  }
  cursor.at("samples").take();
  if (samples.length > MAX_FOREIGN_ROWS) {
    warnings.push(`The log holds more than ${MAX_FOREIGN_ROWS} samples: no rows were taken.`);
    return;
  }
  const scorers = Object.keys((samples as unknown[]).map(scoresOf).find((scores) => scores !== null) ?? {});
  const scorer = scorers[0];
  if (scorer === undefined) {
    warnings.push("The samples carry no scores, so nothing can be sliced.");
    return;
  }
  if (scorers.length > 1) {
    addTrap(traps, "several_filters", `Samples have several scores; rows follow the first, "${scorer}".`);
  }
  const judged: JudgedRow[] = [];
  let partly = 0;
  samples.forEach((sample: unknown, position) => {
    const row = judgeSample(sample, scorer, position);
    if (row === "partly") partly += 1;
    else judged.push(row);
  });
  if (partly > 0) {
    const message = `${partly} samples are neither right nor wrong, so no rows were taken.`;
    addTrap(traps, "not_right_or_wrong", message);
    return;
  }
  const read = toEvaluationRows(judged, traps, warnings);
  draft.rows = read.rows;
  draft.slices = read.slices;
  draft.clustersFrom = read.clustersFrom;
  for (const { field, reason } of read.unused) warnings.push(`Field "${field}" was not used. ${reason}`);
}

function judgeSample(sample: unknown, scorer: string, position: number): JudgedRow | "partly" {
  const record = isObject(sample) ? sample : {};
  const score = scoresOf(sample)?.[scorer];
  const value = isObject(score) ? score["value"] : undefined;
  const isRight = verdictOf(value);
  if (isRight === null) return "partly";
  const target = record["target"];
  const id = textOf(record["id"]) ?? `#${position}`;
  const epoch = textOf(record["epoch"]) ?? "1";
  return {
    id: `${id} ${epoch}`,
    cluster: id,
    ...(typeof record["input"] === "string" ? { text: record["input"] } : {}),
    target: Array.isArray(target)
      ? target.map((part) => textOf(part) ?? "").join(" | ")
      : (textOf(target) ?? ""),
    prediction: (isObject(score) ? textOf(score["answer"]) : null) ?? "",
    isRight,
    fields: scalarFields(record["metadata"]),
  };
}

/** A sample that failed or was never scored counts as wrong; only a partial score is neither. */
function verdictOf(value: unknown): boolean | null {
  if (typeof value === "string" && Object.hasOwn(VERDICTS, value)) return VERDICTS[value] ?? null;
  if (typeof value === "boolean") return value;
  if (value === 1 || value === 0) return value === 1;
  return value === undefined || value === null ? false : null;
}

function scoresOf(sample: unknown): Record<string, unknown> | null {
  return isObject(sample) && isObject(sample["scores"]) ? sample["scores"] : null;
}

function compareWithRows(draft: ForeignDraft, traps: Trap[]): void {
  const [first] = draft.figures.filter(({ metric }) => metric === "accuracy");
  if (!first || first.value === null || draft.rows.length === 0) return;
  const right = draft.rows.filter(({ label, prediction }) => label === prediction).length;
  if (Math.abs(right / draft.rows.length - first.value) > 0.5 / draft.rows.length) {
    addTrap(
      traps,
      "score_differs",
      `The stated accuracy is ${first.valueText}; its samples give ${right} of ${draft.rows.length}.`,
    );
  }
}
