import { type RunContract, preprocessingOf } from "./run-contract";

/** One thing that a contract says, in words. */
export type ContractFact = { name: string; words: string };

const bundles: Record<RunContract["bundle"], string> = {
  transformers: "a Hugging Face layout",
  onnx: "a plain ONNX network",
  gguf: "a GGUF file",
  fasttext: "a fastText model",
  endpoint: "served by its seller",
  package: "a package",
};

/** A run contract as people read it. */
export function contractFacts(contract: RunContract): ContractFact[] {
  const { bundle, task, entry, runtime, tokenizer, maxTokens, prompt, rowsPerCall } = contract;
  const facts: (ContractFact | false)[] = [
    {
      name: "What it is",
      words: `${bundles[bundle]}${entry === null ? "" : `, ${entry}`}, for ${task.replaceAll("-", " ")}`,
    },
    { name: "Reads", words: inputWords(contract.input) },
    { name: "Answers", words: outputWords(contract.output) },
    maxTokens !== null && {
      name: "Cut",
      words: `texts of more than ${count(maxTokens, "token")}; the closing token stays`,
    },
    prompt !== null && {
      name: "Prompt",
      words: `${prompt.template} — temperature 0, seed ${prompt.seed}, at most ${count(prompt.maxTokens, "token")}${prompt.stop.length > 0 ? `, up to ${prompt.stop.map((stop) => JSON.stringify(stop)).join(" or ")}` : ""}`,
    },
    {
      name: "Run with",
      words: `${runtime.name} ${runtime.version}${tokenizer ? `, ${tokenizer.name} ${tokenizer.version}` : ""}, one thread, ${count(rowsPerCall, "row")} a call`,
    },
    { name: "Two honest runs", words: toleranceWords(contract.tolerance) },
  ];
  return facts.filter((fact) => fact !== false);
}

function inputWords(input: RunContract["input"]): string {
  switch (input.kind) {
    case "text":
      return `a text of at most ${count(input.maxCharacters, "character")}`;
    case "question":
      return "a question, and the text that holds its answer";
    case "fields":
      return `${count(input.columns.length, "column")}: ${shortList(input.columns.map(({ name }) => name))}`;
    case "image":
      return "a picture, PNG or JPEG";
    case "audio":
      return `a sound, WAV, at ${input.samplesPerSecond.toLocaleString("en")} samples a second`;
    case "prepared":
      return `input that is prepared as the file itself says (${preprocessingOf(input).kind})`;
  }
}

function outputWords(output: RunContract["output"]): string {
  switch (output.kind) {
    case "class": {
      const { labels, threshold } = output;
      const bar = threshold
        ? `; ${threshold.label} from ${threshold.atLeast} on, ${threshold.otherwise} below`
        : "";
      return `one of ${labels.length}: ${shortList(labels)}${bar}`;
    }
    case "number":
      return `a number, right within ${output.within}`;
    case "text":
      return "a text, right where it is the expected one";
    case "json":
      return "JSON, right where it is the same";
    case "spans":
      return `spans of the text, named ${shortList(output.labels)}`;
  }
}

function toleranceWords({ confidence, flipsPerThousand }: RunContract["tolerance"]): string {
  const flips = flipsPerThousand === 0 ? "no answer" : `${flipsPerThousand} of 1,000 answers`;
  return `${flips} may differ, and a confidence by ${confidence} at most`;
}

const LISTED = 8;

function shortList(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return `${names.slice(0, LISTED).join(", ")}${rest > 0 ? ` and ${rest.toLocaleString("en")} more` : ""}`;
}

function count(n: number, word: string): string {
  return `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
}
