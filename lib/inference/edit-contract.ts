import { canonicalJson } from "@/lib/shared/jcs";
import { editEndpoint, endpointFields, endpointNames } from "./edit-endpoint";
import { type RunContract, runContractSchema } from "./run-contract";
import { type EditableField, type TypedContract, typedLines } from "./typed-contract";

/** The fields of a contract that its seller knows and no file says, with what stands in them now. */
export function editableFields({ input, output, ...contract }: RunContract): EditableField[] {
  const { endpoint } = contract;
  if (endpoint) return endpointFields({ input, output, ...contract, endpoint });
  const fields: EditableField[] = [];
  const ask: Ask = (name, value, label, hint, isLong = false) => {
    fields.push({ name, label, hint, value, isLong });
  };
  const tasks = tasksOf({ input, output, ...contract });
  if (tasks.length > 1) ask("task", contract.task, "Task", `One of: ${tasks.join(", ")}.`);
  if (input.kind === "fields")
    ask(
      "columns",
      input.columns.map(({ name }) => name).join("\n"),
      "Columns",
      "One name a line, in the order in which the model reads them.",
      true,
    );
  if (output.kind === "class") {
    if (!namesClassesItself(contract))
      ask(
        "labels",
        output.labels.join("\n"),
        "Answers",
        "One class a line, in the order of the model’s own numbers.",
        true,
      );
    const { threshold } = output;
    const said = threshold ? `${threshold.label} >= ${threshold.atLeast} else ${threshold.otherwise}` : "";
    ask(
      "threshold",
      said,
      "Threshold",
      "Empty, or like: spam >= 0.9 else ham. Below it the other is the answer.",
    );
  }
  if (output.kind === "number")
    ask(
      "within",
      output.within,
      "Right within",
      "How far from the true number an answer may be and still be right.",
    );
  if (contract.prompt) askPrompt(contract.prompt, ask);
  if (contract.zeroShot)
    ask("hypothesis", contract.zeroShot.hypothesis, "Sentence per class", "{} stands where the class goes.");
  if (contract.maxTokens !== null)
    ask(
      "maxTokens",
      String(contract.maxTokens),
      "Tokens of a text",
      "Longer texts are cut, the closing token stays.",
    );
  ask(
    "rowsPerCall",
    String(contract.rowsPerCall),
    "Rows a call",
    "1 where an answer depends on the rows beside it.",
  );
  return fields;
}

type Ask = (name: string, value: string, label: string, hint: string, isLong?: boolean) => void;

function askPrompt(prompt: NonNullable<RunContract["prompt"]>, ask: Ask): void {
  ask(
    "template",
    prompt.template,
    "Prompt",
    "{{input}} stands where the row’s text goes. Visitors see the whole of it.",
    true,
  );
  ask(
    "stop",
    prompt.stop.join("\n"),
    "Stop at",
    "One text a line, at most 8: the answer ends before it.",
    true,
  );
  ask("promptTokens", String(prompt.maxTokens), "Tokens of an answer", "1 to 4,096.");
  const { constraint } = prompt;
  if (constraint.kind === "json_schema")
    ask("schema", constraint.schema, "JSON schema", "Every answer is JSON of it.", true);
}

/** The contract as it is with what was typed; or what is wrong, by field, in a sentence each. */
export function editContract(
  contract: RunContract,
  typed: TypedContract,
): { contract: RunContract } | { wrong: Record<string, string> } {
  const { endpoint } = contract;
  if (endpoint) return editEndpoint({ ...contract, endpoint }, typed);
  const wrong: Record<string, string> = {};
  const chosen = typed.task?.trim() as RunContract["task"] | undefined;
  const isOther = chosen !== undefined && chosen !== contract.task;
  if (isOther && !tasksOf(contract).includes(chosen)) wrong.task = "Choose one of the tasks that are named.";
  const base = isOther && !wrong.task ? withTask(contract, chosen) : contract;
  const edited = {
    ...base,
    input: inputOf(base.input, typed, wrong),
    output: outputOf(base, typed, wrong),
    prompt: promptOf(base.prompt, typed, wrong),
    zeroShot:
      base.zeroShot && typed.hypothesis !== undefined
        ? { hypothesis: typed.hypothesis.trim() }
        : base.zeroShot,
    maxTokens: base.maxTokens === null ? null : numberOf(typed.maxTokens, base.maxTokens),
    rowsPerCall: numberOf(typed.rowsPerCall, base.rowsPerCall),
  };
  if (Object.keys(wrong).length > 0) return { wrong };
  const read = runContractSchema.safeParse(edited);
  return read.success ? { contract: read.data } : { wrong: wrongOf(read.error.issues) };
}

/** Tasks that the same files may be run for. */
function tasksOf({ bundle, task }: RunContract): RunContract["task"][] {
  if (bundle === "gguf") return ["text-generation", "text-classification", "extraction"];
  const ofLayout = ["text-classification", "zero-shot-classification"] as const;
  return bundle === "transformers" && ofLayout.some((one) => one === task) ? [...ofLayout] : [task];
}

const OPEN_SCHEMA = { type: "object", properties: { value: { type: "string" } } };

/** What another task of the same files needs beside, where nothing is said of it yet. */
function withTask(contract: RunContract, task: RunContract["task"]): RunContract {
  if (contract.bundle === "transformers")
    return {
      ...contract,
      task,
      zeroShot: task === "zero-shot-classification" ? { hypothesis: "This example is {}." } : null,
    };
  const { output, constraint } = wayOf(task, contract.output);
  return { ...contract, task, output, prompt: contract.prompt && { ...contract.prompt, constraint } };
}

type Way = { output: RunContract["output"]; constraint: NonNullable<RunContract["prompt"]>["constraint"] };

/** What a generator answers for a task, and what holds it to that. */
function wayOf(task: RunContract["task"], output: RunContract["output"]): Way {
  if (task === "extraction")
    return {
      output: { kind: "json" },
      constraint: { kind: "json_schema", schema: canonicalJson(OPEN_SCHEMA) },
    };
  if (task !== "text-classification") return { output: { kind: "text" }, constraint: { kind: "none" } };
  const labels = output.kind === "class" ? output.labels : ["first", "second"];
  return {
    output: { kind: "class", labels, scores: null, labelOutput: null, threshold: null },
    constraint: { kind: "labels" },
  };
}

/** The library answers with the names in the files, whatever a contract calls them. */
function namesClassesItself({ bundle, task }: Pick<RunContract, "bundle" | "task">): boolean {
  const isOpen = task === "zero-shot-classification" || task === "nearest-examples";
  return bundle === "fasttext" || (bundle === "transformers" && !isOpen);
}

type Wrong = Record<string, string>;

function inputOf(
  input: RunContract["input"],
  { columns }: TypedContract,
  wrong: Wrong,
): RunContract["input"] {
  if (input.kind !== "fields" || columns === undefined) return input;
  const names = typedLines(columns);
  const [first] = input.columns;
  const isOneInput = input.columns.every(({ graphInput }) => graphInput === first?.graphInput);
  if (new Set(names).size !== names.length) wrong.columns = "Two columns have the same name.";
  else if (names.length !== input.columns.length && !isOneInput)
    wrong.columns = `The model reads ${input.columns.length} columns; these are ${names.length}.`;
  return {
    ...input,
    columns: names.map((name, place) => {
      const column = input.columns[place];
      return column ? { ...column, name } : { ...(first ?? { type: "number", graphInput: "" }), name, place };
    }),
  };
}

function outputOf(contract: RunContract, typed: TypedContract, wrong: Wrong): RunContract["output"] {
  const { output } = contract;
  if (output.kind === "number") return { ...output, within: typed.within?.trim() ?? output.within };
  if (output.kind !== "class") return output;
  const isFixed = typed.labels === undefined || namesClassesItself(contract);
  const labels = isFixed ? output.labels : typedLines(typed.labels ?? "");
  if (new Set(labels).size !== labels.length) wrong.labels = "Two classes have the same name.";
  return { ...output, labels, threshold: thresholdOf(output.threshold, typed.threshold, labels, wrong) };
}

type Threshold = Extract<RunContract["output"], { kind: "class" }>["threshold"];

function thresholdOf(
  threshold: Threshold,
  typed: string | undefined,
  labels: readonly string[],
  wrong: Wrong,
): Threshold {
  if (typed === undefined) return threshold;
  if (typed.trim() === "") return null;
  const [, label = "", atLeast = "", otherwise = ""] =
    /^(.+?)\s*(?:>=|≥)\s*([\d.]+)\s+else\s+(.+)$/.exec(typed.trim()) ?? [];
  if (!labels.includes(label) || !labels.includes(otherwise))
    wrong.threshold = "Write it like spam >= 0.9 else ham, with two of the classes.";
  return { label, atLeast, otherwise };
}

function promptOf(prompt: RunContract["prompt"], typed: TypedContract, wrong: Wrong): RunContract["prompt"] {
  if (!prompt) return null;
  const { constraint } = prompt;
  const schema = typed.schema?.trim();
  if (schema !== undefined && !isJson(schema)) wrong.schema = "This is no JSON.";
  return {
    ...prompt,
    template: typed.template?.replaceAll("\r\n", "\n") ?? prompt.template,
    stop: typed.stop === undefined ? prompt.stop : typedLines(typed.stop),
    maxTokens: numberOf(typed.promptTokens, prompt.maxTokens),
    constraint:
      constraint.kind === "json_schema" && schema !== undefined ? { ...constraint, schema } : constraint,
  };
}

const sentences: Record<string, [field: string, sentence: string]> = {
  input: ["columns", "Name 1 to 4,096 columns, each with at most 200 characters."],
  output: ["labels", "Name 2 to 1,000 classes, each with at most 300 characters."],
  prompt: [
    "template",
    "The prompt holds {{input}} and at most 20,000 characters; at most 8 stops; 1 to 4,096 tokens.",
  ],
  zeroShot: ["hypothesis", "The sentence holds {} and at most 500 characters."],
  maxTokens: ["maxTokens", "Write a whole number from 1 to 1,000,000."],
  rowsPerCall: ["rowsPerCall", "Write a whole number from 1 to 4,096."],
};

function wrongOf(issues: readonly { path: PropertyKey[] }[]): Wrong {
  return Object.fromEntries(
    issues.map(({ path: [part, place] }) =>
      place === "within"
        ? ["within", "Write a number with digits and a point, such as 0.5."]
        : place === "threshold"
          ? ["threshold", "Write it like spam >= 0.9 else ham."]
          : (sentences[String(part)] ?? ["labels", "This makes no contract that can be run."]),
    ),
  );
}

function numberOf(typed: string | undefined, before: number): number {
  return typed === undefined ? before : Number(typed.replaceAll(",", "").trim() || Number.NaN);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Every name that a form may send. */
export const editableNames = [
  ...["task", "columns", "labels", "threshold", "within", "template", "stop", "promptTokens", "schema"],
  ...["hypothesis", "maxTokens", "rowsPerCall", ...endpointNames],
] as const;
