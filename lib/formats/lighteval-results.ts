import type { Cursor } from "@/lib/shared/cursor";
import { creditModel, modelArguments } from "./credited-model";
import { MAX_FIGURES, addTrap, checkFigure, statedNumber } from "./figure";
import type { ForeignDraft, ForeignFigure, ForeignImport, Trap } from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { addCondition, importJson } from "./import-parts";

/**
 * Reads `results_<time>.json` of LightEval: one figure for each task and metric. Its own means over tasks are left out
 * and named; a run told to stop early, or on fewer documents than its task has, is marked as incomplete.
 */
export function importLightEvalResults(_name: string, input: ForeignInput): Promise<ForeignImport> {
  return importJson("lighteval-results", input, ({ cursor, draft, traps, warnings }) => {
    readRun(cursor, draft);
    const tasks = readTasks(cursor, traps);
    const limit = cursor.at("config_general").at("max_samples").count();
    if (limit !== null && !tasks.areWhole) {
      const message = `The run was limited to ${limit} rows of each task: it is not full evidence.`;
      addTrap(traps, "limit_set", message);
    }
    for (const [task, metrics] of cursor.at("results").entries().slice(0, MAX_FIGURES)) {
      if (task === "all" || /[:|]_average([:|]|$)/.test(task))
        metrics.note("A mean over tasks: the tasks themselves were taken.");
      else draft.figures.push(...readMetrics(task, metrics, tasks.byName.get(baseName(task)), traps));
    }
    if (draft.figures.length === 0) warnings.push("There is no figure in it.");
    if (draft.figures.some(({ n }) => n === null))
      warnings.push("Some figures have no number of rows, so nothing follows from them.");
    for (const summary of ["summary_tasks", "summary_general"])
      cursor.at(summary).note("Hashes and lengths of prompts; the file itself keeps them.");
  });
}

function readRun(cursor: Cursor, draft: ForeignDraft): void {
  const general = cursor.at("config_general");
  const config = general.at("model_config");
  const args = modelArguments(config);
  const stated = args.find(([key]) => key === "model_name" || key === "pretrained")?.[1];
  const named = general.at("model_name").text(300) ?? stated ?? null;
  const base = args.find(([key]) => key === "base_model")?.[1];
  const isLaidOver = args.some(([key, value]) => /^(adapter|delta)_weights$/.test(key) && value === "true");
  const laidOver = isLaidOver && base && named ? ([["adapter", named]] as const) : [];
  creditModel(draft, {
    name: laidOver.length > 0 ? (base ?? null) : named,
    revision: laidOver.length > 0 ? null : general.at("model_sha").text(100),
    args: [...laidOver, ...args],
  });
  draft.harness = { name: "LightEval", version: general.at("lighteval_sha").text(60) };
  for (const name of ["model_sha", "model_dtype", "model_size", "num_fewshot_seeds", "generation_parameters"])
    addCondition(draft, name, general.at(name).text(500));
  for (const [task, version] of cursor.at("versions").entries().slice(0, 200))
    addCondition(draft, `version: ${task}`, version.text(100));
}

type Task = { n: number | null; dataSet: Partial<ForeignFigure["dataSet"]> };

function readTasks(cursor: Cursor, traps: Trap[]): { byName: Map<string, Task>; areWhole: boolean } {
  const byName = new Map<string, Task>();
  let whole = 0;
  const entries = cursor.at("config_tasks").entries();
  for (const [task, config] of entries) {
    const original = config.at("original_num_docs").count();
    const effective = config.at("effective_num_docs").count();
    if (original !== null && effective !== null && effective >= original) whole += 1;
    if (original !== null && effective !== null && effective < original)
      addTrap(traps, "incomplete_run", `${task} has ${original} rows and ${effective} were asked.`);
    byName.set(baseName(task), {
      n: effective,
      dataSet: {
        name: config.at("hf_repo").text(300),
        config: config.at("hf_subset").text(300),
        split: config.at("evaluation_splits").texts(100).join(", ") || null,
        revision: config.at("hf_revision").text(100),
      },
    });
  }
  return { byName, areWhole: entries.length > 0 && whole === entries.length };
}

/** `suite|task|shots`: how many examples were shown stands at the end, or not at all. */
function baseName(task: string): string {
  return task.replace(/[|:]\d+([|:]\d+)?$/, "").replaceAll("|", ":");
}

function readMetrics(task: string, metrics: Cursor, about: Task | undefined, traps: Trap[]): ForeignFigure[] {
  const entries = metrics.entries();
  const found = new Map(entries);
  return entries.flatMap(([metric, value]) => {
    if (metric.endsWith("_stderr") && found.has(metric.slice(0, -"_stderr".length))) return [];
    const { value: score, text } = statedNumber(value.take());
    const error = found.get(`${metric}_stderr`);
    const figure = {
      name: task,
      metric,
      dataSet: { ...about?.dataSet, name: about?.dataSet.name ?? task },
      value: score,
      valueText: text,
      n: about?.n ?? null,
      standardError: error ? statedNumber(error.take()).value : null,
    };
    return [checkFigure(figure, traps, { isPrintedInFull: true })];
  });
}
