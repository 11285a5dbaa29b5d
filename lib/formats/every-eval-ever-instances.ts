import { sameValue } from "@/lib/measurement/canonical-value";
import { textOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { addTrap } from "./figure";
import { type ForeignImport, type Trap, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readText } from "./foreign-source";
import { addCondition, refusedImport } from "./import-parts";
import { type JudgedRow, scalarFields, toEvaluationRows } from "./judged-rows";
import { readObjectLines } from "./json-lines";

type Instance = Record<string, unknown>;

/**
 * Reads the instances beside an Every Eval Ever record (`*_samples.jsonl`) as rows. One sample may stand there once for
 * each of several results; rows follow the first result of the file.
 */
export function importEveryEvalEverInstances(_name: string, input: ForeignInput): ForeignImport {
  const format = "every-eval-ever-instances";
  const read = readText(input);
  if ("problem" in read) return refusedImport(format, read.problem);
  const instances = readObjectLines(read.text);
  if (typeof instances === "string") return refusedImport(format, instances);
  const draft = emptyForeignDraft();
  const traps: Trap[] = [];
  const warnings: string[] = [];
  const chosen = chooseResult(instances, traps);
  const [first = {}] = chosen;
  draft.model.id = textOf(first["model_id"])?.slice(0, 300) ?? null;
  draft.model.name = draft.model.id?.split("/").at(-1) ?? null;
  addCondition(draft, "task", textOf(first["evaluation_name"])?.slice(0, 200) ?? null);
  for (const key of ["evaluation_id", "evaluation_result_id", "interaction_type", "schema_version"])
    addCondition(draft, key, textOf(first[key])?.slice(0, 500) ?? null);
  const notMapped: ForeignImport["notMapped"] = [];
  if (chosen.some((instance) => typeof evaluationOf(instance)["is_correct"] !== "boolean")) {
    const message = "A row does not say whether it is right, so no rows were taken.";
    addTrap(traps, "not_right_or_wrong", message);
  } else {
    const rows = toEvaluationRows(chosen.map(judge), traps, warnings);
    draft.rows = rows.rows;
    draft.slices = rows.slices;
    draft.clustersFrom = rows.clustersFrom;
    for (const { field, example, reason } of rows.unused)
      notMapped.push({ path: `metadata.${field}`, value: example, reason });
  }
  for (const key of ["input", "output", "messages", "token_usage", "performance"]) {
    if (isObject(first[key]) || Array.isArray(first[key]))
      notMapped.push({
        path: key,
        value: "",
        reason: "Prompts, answers and their cost; the file keeps them.",
      });
  }
  return { format, draft, notMapped, traps, warnings, mappedCount: draft.rows.length };
}

function chooseResult(instances: readonly Instance[], traps: Trap[]): Instance[] {
  const resultOf = (instance: Instance) =>
    JSON.stringify([instance["model_id"], instance["evaluation_result_id"] ?? instance["evaluation_name"]]);
  const results = new Set(instances.map(resultOf));
  const [followed] = results;
  if (results.size > 1) {
    const message = `The file holds rows of ${results.size} results; rows follow the first, ${followed?.slice(0, 200)}.`;
    addTrap(traps, "several_filters", message);
  }
  return instances.filter((instance) => resultOf(instance) === followed);
}

function judge(instance: Instance, position: number): JudgedRow {
  const { is_correct: isRight } = evaluationOf(instance);
  const prediction = answerOf(instance);
  const input = isObject(instance["input"]) ? instance["input"] : {};
  const listed = Array.isArray(input["reference"]) ? (input["reference"] as unknown[]) : [input["reference"]];
  const references = listed.flatMap((reference) => textOf(reference) ?? []);
  return {
    id: textOf(instance["sample_id"]) ?? `#${position}`,
    ...(typeof input["raw"] === "string" ? { text: input["raw"] } : {}),
    target: references.find((reference) => sameValue(reference, prediction)) ?? references[0] ?? "",
    prediction,
    isRight: isRight === true,
    fields: scalarFields(instance["metadata"]),
  };
}

/** The answer that was taken out of what the model wrote; the whole of it where none was. */
function answerOf(instance: Instance): string {
  const listed: unknown = instance["answer_attribution"];
  const attributions = (Array.isArray(listed) ? (listed as unknown[]) : []).filter(isObject);
  const last = attributions.findLast((one) => one["is_terminal"] === true) ?? attributions.at(-1);
  const extracted = textOf(last?.["extracted_value"]);
  const output = isObject(instance["output"]) ? instance["output"]["raw"] : null;
  return extracted ?? textOf(Array.isArray(output) ? (output as unknown[])[0] : output) ?? "";
}

function evaluationOf(instance: Instance): Record<string, unknown> {
  return isObject(instance["evaluation"]) ? instance["evaluation"] : {};
}
