import type { Cursor } from "@/lib/shared/cursor";
import { addTrap } from "./figure";
import { type ForeignDraft, type ForeignImport, type Trap } from "./foreign-draft";
import { type ForeignInput } from "./foreign-source";
import { creditModel, modelArguments } from "./credited-model";
import { type Reading, addCondition, importJson, isoDate } from "./import-parts";
import { type InspectRun, compareWithSamples, readInspectFigures } from "./inspect-figures";
import { judgeSamples } from "./inspect-samples";
import { MAX_FOREIGN_ROWS, toEvaluationRows } from "./judged-rows";

/**
 * Reads an Inspect evaluation log (JSON, version 2): figures for each scorer and the answered samples as rows.
 * A run that asked fewer samples than its data set has is marked as incomplete, however well it scored.
 */
export function importInspectLog(_name: string, input: ForeignInput): Promise<ForeignImport> {
  return importJson("inspect-log", input, readInspectLog);
}

/** The same of a log that was parsed already. */
export function readInspectLog(reading: Reading): void {
  const { cursor, draft, traps } = reading;
  const version = cursor.at("version").number();
  if (version !== 2) {
    addTrap(traps, "unsupported_version", `This is version ${version ?? "unknown"} of the format, not 2.`);
  }
  readRun(cursor, draft);
  const run = {
    epochs: Math.max(1, cursor.at("eval").at("config").at("epochs").count() ?? 1),
    completed: cursor.at("results").at("completed_samples").count(),
  };
  judgeCompleteness(cursor, run, traps);
  if (cursor.at("invalidated").boolean() === true)
    addTrap(traps, "withdrawn", "Its author withdrew this log.");
  readInspectFigures(cursor, draft, run, traps);
  readSamples(reading, run);
  cursor.at("plan").note("How the task was asked; the file itself keeps it.");
  cursor.at("reductions").note("The same scores once more, by sample.");
}

function readRun(cursor: Cursor, draft: ForeignDraft): void {
  const run = cursor.at("eval");
  const model = run.at("model").text(300);
  // A server of models names an adapter behind the model that it is laid over.
  const [, name = model, adapter] = /^(vllm\/[^:]+):(.+)$/.exec(model ?? "") ?? [];
  const args = modelArguments(run.at("model_args"));
  creditModel(draft, { name, revision: null, args: adapter ? [["adapter", adapter], ...args] : args });
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

function judgeCompleteness(cursor: Cursor, { epochs, completed }: InspectRun, traps: Trap[]): void {
  const run = cursor.at("eval");
  const status = cursor.at("status").text(60);
  if (status !== "success") addTrap(traps, "incomplete_run", `The run ended as "${status ?? "unknown"}".`);
  const size = run.at("dataset").at("samples").count();
  const total = cursor.at("results").at("total_samples").count();
  if (epochs > 1) {
    addTrap(
      traps,
      "several_epochs",
      `Every sample was asked ${epochs} times; they are not independent rows.`,
    );
  }
  const asked = completed === null ? null : completed / epochs;
  if (size !== null && asked !== null && asked < size) {
    addTrap(traps, "incomplete_run", `The data set has ${size} samples and ${asked} were completed.`);
  }
  if (total !== null && completed !== null && completed < total) {
    addTrap(traps, "dropped_rows", `${total} samples were asked and ${completed} completed.`);
  }
  for (const kind of ["limit", "sample_id"]) judgeLimit(run.at("config").at(kind), size, traps);
}

/** A limit that leaves out nothing of the data set is none. */
function judgeLimit(limit: Cursor, size: number | null, traps: Trap[]): void {
  if (limit.value === undefined || limit.value === null) return;
  const value = limit.take();
  const isRange = Array.isArray(value) && limit.path.endsWith("limit");
  const [first, last]: unknown[] = isRange ? (value as unknown[]) : [0, value];
  const named = Array.isArray(value) ? value.length : typeof value === "string" ? 1 : null;
  const reach = limit.path.endsWith("limit") ? last : named;
  if (size !== null && first === 0 && typeof reach === "number" && reach >= size) return;
  const shown = isRange ? "a range" : named !== null ? `${named} named samples` : String(value).slice(0, 40);
  addTrap(traps, "limit_set", `The run was limited to ${shown}: it is not full evidence.`);
}

function readSamples({ cursor, draft, traps, warnings }: Reading, { epochs, completed }: InspectRun): void {
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
  const named: unknown = cursor.at("eval").at("dataset").at("sample_ids").value;
  const asked = completed ?? (Array.isArray(named) ? named.length * epochs : 0);
  if (samples.length < asked) {
    const message = `${asked - samples.length} completed samples are not in the file: ${samples.length} of ${asked} are.`;
    addTrap(traps, "dropped_rows", message);
  }
  const found = judgeSamples(samples, traps);
  if (found === null) {
    if (draft.rows.length === 0 && !traps.some(({ code }) => code === "not_right_or_wrong"))
      warnings.push("The samples carry no scores, so nothing can be sliced.");
    return;
  }
  const read = toEvaluationRows(found.judged, traps, warnings);
  draft.rows = read.rows;
  draft.slices = read.slices;
  draft.clustersFrom = read.clustersFrom;
  for (const { field, reason } of read.unused) warnings.push(`Field "${field}" was not used. ${reason}`);
  compareWithSamples(draft, found.judged, found.scorer, epochs, traps);
}
