import { type EndpointTask, endpointContract, endpointTasks } from "./endpoint-contract";
import { type RunContract, runContractSchema } from "./run-contract";
import { type EditableField, type TypedContract, typedLines } from "./typed-contract";

type Endpoint = NonNullable<RunContract["endpoint"]>;

const shapes = ["openai-chat", "hf-inference", "json"] as const;
const plainPointers = { input: "/input", answer: "/answer", score: null };

/** How an endpoint is asked as far as its address tells: the rest its seller writes. */
export function draftedEndpoint(url: string): RunContract {
  const { pathname, hostname } = new URL(url);
  const shape = pathname.endsWith("/chat/completions")
    ? "openai-chat"
    : hostname.endsWith(".huggingface.co")
      ? "hf-inference"
      : "json";
  return endpointContract({
    endpoint: { url, shape, model: "", pointers: shape === "json" ? plainPointers : null },
    ...{ task: "text-generation", labels: [], template: "{{input}}" },
  });
}

/** What the seller of an endpoint says of it, with what is said now. */
export function endpointFields(contract: RunContract & { endpoint: Endpoint }): EditableField[] {
  const { endpoint, task, output, prompt } = contract;
  const pointers = endpoint.pointers ?? plainPointers;
  const all: [name: string, value: string, label: string, hint: string, isLong?: boolean][] = [
    ["shape", endpoint.shape, "Shape of a question", `One of: ${shapes.join(", ")}.`],
    ["model", endpoint.model, "Name of the model", "As your server knows it. Empty where it asks for none."],
    ["task", task, "Task", `One of: ${endpointTasks.join(", ")}.`],
    [
      "labels",
      output.kind === "class" ? output.labels.join("\n") : "",
      "Answers",
      "For text-classification: one class a line. Whatever else it answers is refused.",
      true,
    ],
    [
      "template",
      prompt?.template ?? "",
      "Prompt",
      "{{input}} stands where the row’s text goes. Visitors see the whole of it.",
      true,
    ],
    ["inputPointer", pointers.input, "Where the text goes", POINTER],
    ["answerPointer", pointers.answer, "Where the answer is", POINTER],
    ["scorePointer", pointers.score ?? "", "Where its score is", `${POINTER} Empty where there is none.`],
  ];
  return all.map(([name, value, label, hint, isLong = false]) => ({ name, value, label, hint, isLong }));
}

const POINTER = "For json: a JSON pointer, such as /data/0/text.";

/** The names of those fields that no other contract has. */
export const endpointNames = ["shape", "model", "inputPointer", "answerPointer", "scorePointer"] as const;

/** The contract with what was typed; or what is wrong, by field, in a sentence each. */
export function editEndpoint(
  contract: RunContract & { endpoint: Endpoint },
  typed: TypedContract,
): { contract: RunContract } | { wrong: Record<string, string> } {
  const before = Object.fromEntries(endpointFields(contract).map(({ name, value }) => [name, value]));
  const said = (name: string) => (typed[name] ?? before[name] ?? "").replaceAll("\r\n", "\n");
  const shape = shapes.find((one) => one === said("shape").trim());
  const task = endpointTasks.find((one) => one === said("task").trim());
  const pointers = {
    input: said("inputPointer").trim(),
    answer: said("answerPointer").trim(),
    score: said("scorePointer").trim() || null,
  };
  const labels = typedLines(said("labels"));
  const wrong = wrongOf({ shape, task, labels, template: said("template"), model: said("model"), pointers });
  if (!shape || !task || Object.keys(wrong).length > 0) return { wrong };
  const read = runContractSchema.safeParse(
    endpointContract({
      endpoint: {
        ...{ url: contract.endpoint.url, shape, model: said("model").trim() },
        pointers: shape === "json" ? pointers : null,
      },
      ...{ task, labels, template: said("template") },
    }),
  );
  return read.success
    ? { contract: read.data }
    : { wrong: { shape: "This makes no contract that can be run." } };
}

type Said = {
  shape: Endpoint["shape"] | undefined;
  task: EndpointTask | undefined;
  labels: readonly string[];
  template: string;
  model: string;
  pointers: { input: string; answer: string; score: string | null };
};

function wrongOf({ shape, task, labels, template, model, pointers }: Said): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!shape) wrong.shape = "Choose one of the shapes that are named.";
  if (!task) wrong.task = "Choose one of the tasks that are named.";
  if (shape === "hf-inference" && task === "extraction")
    wrong.task = "The Hugging Face inference API has no such task.";
  if (shape === "openai-chat" && model.trim() === "") wrong.model = "Name the model that is asked.";
  if (model.length > 200) wrong.model = "A name has at most 200 characters.";
  const areClasses =
    labels.length >= 2 && labels.length <= 1_000 && labels.every(({ length }) => length <= 300);
  if (task === "text-classification" && !areClasses)
    wrong.labels = "Name 2 to 1,000 classes, each with at most 300 characters.";
  else if (new Set(labels).size !== labels.length) wrong.labels = "Two classes have the same name.";
  if (!template.includes("{{input}}") || template.length > 20_000)
    wrong.template = "The prompt holds {{input}} and at most 20,000 characters.";
  if (shape !== "json") return wrong;
  const isPointer = (text: string) => text.length <= 200 && /^(?:\/(?:[^~/]|~[01])*)+$/.test(text);
  if (!isPointer(pointers.input)) wrong.inputPointer = "Write a JSON pointer, such as /data/0/text.";
  if (!isPointer(pointers.answer)) wrong.answerPointer = "Write a JSON pointer, such as /label.";
  if (pointers.score !== null && !isPointer(pointers.score))
    wrong.scorePointer = "Write a JSON pointer, such as /score, or nothing.";
  return wrong;
}
