import { Cursor } from "@/lib/shared/cursor";
import { addTrap, checkFigure } from "./figure";
import { type ForeignImport, type Trap, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readText, readYaml } from "./foreign-source";
import {
  addCondition,
  finishImport,
  hubAddress,
  isoDate,
  refusedImport,
  type Reading,
  webAddress,
} from "./import-parts";
import { readStatedValue } from "./stated-value";

/** Reads a Hugging Face `.eval_results/*.yaml`: a list of stated figures, in the present form and the earlier one. */
export function importHfEvalResults(_name: string, input: ForeignInput): ForeignImport {
  const read = readText(input);
  if ("problem" in read) return refusedImport("hf-eval-results", read.problem);
  const parsed = readYaml(read.text);
  if (parsed.problem !== null) return refusedImport("hf-eval-results", parsed.problem);
  if (!Array.isArray(parsed.value)) return refusedImport("hf-eval-results", "The file is not a list.");
  const cursor = Cursor.over(parsed.value);
  const reading: Reading = { cursor, draft: emptyForeignDraft(), traps: [], warnings: [] };
  const { draft, traps, warnings } = reading;
  const seen = new Set<string>();
  for (const result of cursor.list().slice(0, 2_000)) {
    const dataSet = result.at("dataset");
    const id = dataSet.at("id").text(300);
    const task = dataSet.first("task_id", "config").text(300);
    if (id === null || (task === null && !dataSet.has("split"))) {
      warnings.push(`A result was left out, because its data set or task is missing: ${result.path}.`);
      result.note("Left out: its data set or task is missing.");
      continue;
    }
    const split = dataSet.at("split").text(100);
    const key = JSON.stringify([id, task, split, dataSet.at("revision").text(100)]);
    if (seen.has(key)) addTrap(traps, "repeated_id", `Two results are for ${id}, ${task ?? split}.`);
    seen.add(key);
    const value = readStatedValue(result.at("value").take());
    const source = result.at("source");
    draft.figures.push(
      checkFigure(
        {
          name: task ?? id,
          // The file names no measure: it follows from the benchmark.
          metric: "score",
          dataSet: {
            name: id,
            config: task,
            split,
            revision: dataSet.at("revision").text(100),
            url: hubAddress(id),
          },
          value: value?.value ?? null,
          valueText: value?.valueText ?? "",
          scale: value?.isPercent ? "percent" : "not_stated",
          source: {
            url: webAddress(source.at("url").text(2_000)),
            name: source.first("name", "org", "user").text(300),
          },
          date: isoDate(result.at("date").text(60)),
        },
        traps,
      ),
    );
    judgeScale(draft.figures.at(-1)?.value ?? null, id, traps);
    result.at("verifyToken").note("Only Hugging Face can check it.");
    addCondition(draft, `notes on ${id}`.slice(0, 200), result.at("notes").text(2_000));
  }
  if (draft.figures.length === 0) warnings.push("There is no figure in it.");
  return finishImport("hf-eval-results", reading);
}

function judgeScale(value: number | null, id: string, traps: Trap[]): void {
  if (value === null || value <= 1 || value > 100) return;
  const message = `The result for ${id} is ${value}: the file does not say whether that is percent.`;
  addTrap(traps, "percent_or_proportion", message.slice(0, 300));
}
