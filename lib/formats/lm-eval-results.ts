import type { Cursor } from "@/lib/shared/cursor";
import { MAX_FIGURES, addTrap, checkFigure, statedNumber } from "./figure";
import { type ForeignImport, type Trap } from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { creditModel, modelArguments } from "./credited-model";
import { addCondition, importJson } from "./import-parts";

/**
 * Reads `results_<time>.json` of lm-evaluation-harness: one figure for each task, metric and filter, its standard
 * error recomputed. A run with a `limit`, or fewer rows than its task has, is marked as incomplete.
 */
export function importLmEvalResults(_name: string, input: ForeignInput): Promise<ForeignImport> {
  return importJson("lm-eval-results", input, (reading) => {
    const { cursor, draft, traps, warnings } = reading;
    readRun(cursor, draft);
    const counts = readCounts(cursor, traps);
    readLimit(cursor, counts.areWhole, traps);
    const date = draft.ranAt;
    const groups = new Map(
      cursor
        .at("group_subtasks")
        .entries()
        .map(([group, tasks]) => [group, tasks.texts(300)]),
    );
    for (const [task, metrics] of cursor.at("results").entries().slice(0, MAX_FIGURES)) {
      const parts = groups.get(task) ?? [];
      if (parts.length > 0 || cursor.at("groups").has(task)) {
        metrics.note(groupReason(parts));
        continue;
      }
      draft.figures.push(
        ...readTask(cursor, task, metrics, { n: counts.effective.get(task) ?? null, date }, traps),
      );
    }
    if (draft.figures.length === 0) warnings.push("There is no figure in it.");
    if (draft.figures.some(({ n }) => n === null))
      warnings.push("Some figures have no number of rows, so nothing follows from them.");
    cursor.at("groups").note("Means over groups of tasks: the tasks themselves were taken.");
    cursor.at("configs").note("How each task is made; the file itself keeps it.");
    cursor.at("pretty_env_info").note("The machine's description; the file itself keeps it.");
  });
}

/** A group is no data set: its figure is a mean of means. */
function groupReason(parts: readonly string[]): string {
  const named = parts.length > 0 ? ` (${parts.join(", ").slice(0, 300)})` : "";
  return `A mean over a group of tasks${named}: the tasks themselves were taken.`;
}

function readRun(cursor: Cursor, draft: ForeignImport["draft"]): void {
  const config = cursor.at("config");
  const args = modelArguments(config.at("model_args"));
  const loaded = args.find(([key]) => key === "pretrained" || key === "model")?.[1];
  const digests = ["peft_sha", "delta_sha"].flatMap((key): [string, string][] => {
    const digest = config.at(key).text(100);
    return digest === null ? [] : [[key, digest]];
  });
  creditModel(draft, {
    name: loaded ?? cursor.at("model_name").text(300),
    revision: config.at("model_sha").text(100),
    args: [...args, ...digests],
  });
  cursor.at("model_name").take();
  draft.model.revision ??= config.at("model_revision").text(100);
  draft.harness = {
    name: "lm-evaluation-harness",
    version: cursor.at("lm_eval_version").text(60) ?? cursor.at("git_hash").text(60),
  };
  const date = cursor.at("date").number();
  if (date !== null && date > 0 && date < 1e11) draft.ranAt = new Date(date * 1000).toISOString();
  const add = (name: string, found: Cursor) => addCondition(draft, name, found.text(500));
  for (const name of ["random_seed", "numpy_seed", "torch_seed", "fewshot_seed", "gen_kwargs", "model_dtype"])
    add(name, config.at(name));
  for (const name of ["chat_template_sha", "system_instruction_sha", "fewshot_as_multiturn"])
    add(name, cursor.at(name));
  for (const group of ["n-shot", "versions", "task_hashes"]) {
    for (const [task, value] of cursor.at(group).entries().slice(0, 200)) add(`${group}: ${task}`, value);
  }
}

/** A limit that left out nothing is none; one below 1 is a share of each task. */
function readLimit(cursor: Cursor, areWhole: boolean, traps: Trap[]): void {
  const limit = cursor.at("config").at("limit");
  if (limit.value === undefined || limit.value === null) return;
  const count = limit.number();
  if (areWhole && count !== null) return;
  const isShare = count !== null && count > 0 && count < 1;
  const stated = isShare ? `${Number((count * 100).toPrecision(6))} %` : `${limit.text(40) ?? "some"} rows`;
  addTrap(traps, "limit_set", `The run was limited to ${stated} of each task: it is not full evidence.`);
}

function readCounts(cursor: Cursor, traps: Trap[]): { effective: Map<string, number>; areWhole: boolean } {
  const effectives = new Map<string, number>();
  let whole = 0;
  for (const [task, samples] of cursor.at("n-samples").entries()) {
    const original = samples.at("original").count();
    const effective = samples.at("effective").count();
    if (effective !== null) effectives.set(task, effective);
    if (original !== null && effective !== null && effective >= original) whole += 1;
    if (original !== null && effective !== null && effective < original) {
      addTrap(traps, "incomplete_run", `${task} has ${original} rows and ${effective} were asked.`);
    }
  }
  return { effective: effectives, areWhole: whole > 0 && whole === cursor.at("n-samples").entries().length };
}

function readTask(
  cursor: Cursor,
  task: string,
  metrics: Cursor,
  run: { n: number | null; date: string | null },
  traps: Trap[],
): ForeignImport["draft"]["figures"] {
  const config = cursor.at("configs").at(task);
  const dataSet = {
    name: config.at("dataset_path").text(300) ?? task,
    config: config.at("dataset_name").text(300),
    split: config.at("test_split").text(100) ?? config.at("validation_split").text(100),
  };
  const entries = metrics.entries();
  const found = new Map(entries);
  const own = found.get("samples")?.count() ?? null;
  metrics.at("alias").take();
  const figures: ForeignImport["draft"]["figures"] = [];
  for (const [key, value] of entries) {
    const [metric = key, filter = null] = key.split(",", 2);
    if (["alias", "samples", "name", "sample_len"].includes(key) || metric.endsWith("_stderr")) continue;
    if (typeof value.value === "object") continue;
    const error = found.get(filter === null ? `${metric}_stderr` : `${metric}_stderr,${filter}`);
    const stated = statedNumber(value.take());
    const higher = cursor.at("higher_is_better").at(task).at(metric).boolean();
    const errorValue = error ? statedNumber(error.take()) : null;
    if (error && errorValue?.value === null) {
      addTrap(
        traps,
        "not_a_number",
        `The standard error of ${task}, ${metric} reads "${errorValue.text.slice(0, 40)}".`,
      );
    }
    const figure = {
      name: task,
      metric,
      filter,
      dataSet,
      value: stated.value,
      valueText: stated.text,
      n: own ?? run.n,
      lowerIsBetter: higher === null ? null : !higher,
      standardError: errorValue?.value ?? null,
      date: run.date,
    };
    figures.push(checkFigure(figure, traps, { isPrintedInFull: true }));
  }
  return figures;
}
