import { z } from "zod";
import { type KnownFile, graphFacts, readSettings } from "./bundle-facts";
import { type Drafted, plainContract } from "./plain-contract";
import { boundsOf } from "./draft-graph";
import type { RunContract, RunTask } from "./run-contract";
import { runtimes } from "./runtimes";

const DEFAULT_TOKENS = 512;
const MOST_TOKENS = 1_000_000;
const TEXTS_PER_CALL = 16;
const ENTRY = /^(onnx\/)?(model|decoder_model_merged)(_(quantized|fp16|int8|uint8|q4|q4f16|bnb4))?\.onnx$/;
const EXAMPLES = /\.jsonl$/;

const count = z.number().int().min(1).optional().catch(undefined);
const configSchema = z.object({
  model_type: z.string().default(""),
  architectures: z.array(z.string()).default([]).catch([]),
  id2label: z
    .record(z.string().regex(/^\d{1,6}$/), z.string())
    .default({})
    .catch({}),
  max_position_embeddings: count,
});
type Config = z.infer<typeof configSchema>;
/** Toolkits write 10³⁰ where nothing bounds a text. */
const tokenizerSchema = z.object({ model_max_length: z.number().optional().catch(undefined) });
const preparationSchema = z.object({ sampling_rate: count });

const tokenizer = { name: "@huggingface/tokenizers", version: "0.2.0" };
const listensTo = ["wav2vec2", "hubert", "wavlm", "unispeech", "audio-spectrogram-transformer", "clap"];

/** A Hugging Face repository layout: `config.json` names the head, and so what it answers. */
export function draftLayout(files: readonly KnownFile[], graphs: readonly KnownFile[]): Drafted {
  const config = readSettings(files, "config.json", configSchema);
  if (!config) return { reason: "Its config.json cannot be read as JSON, or is larger than 1 MB." };
  const entries = graphs
    .filter(({ path }) => ENTRY.test(path))
    .toSorted((a, b) => a.path.length - b.path.length);
  const [entry] = entries;
  if (!entry)
    return {
      reason:
        "No network is named as the library looks for it: model.onnx, or model_quantized.onnx and the like.",
    };
  const examples = files.find(({ path }) => EXAMPLES.test(path));
  const task = taskOf(config, examples !== undefined);
  if (!task)
    return {
      reason: `Its config.json names ${config.architectures[0] ?? "no architecture"}, which answers none of the tasks that are run here.`,
    };
  const isRead = task !== "image-classification" && task !== "audio-classification";
  if (isRead && !files.some(({ path }) => path === "tokenizer.json"))
    return { reason: "Its tokenizer.json is missing: without it no text can be read." };
  const facts = graphFacts(entry.facts);
  if (facts.whyNotRun !== "") return { reason: facts.whyNotRun };
  const { tolerance, rowsPerCall } = boundsOf(facts);
  return {
    contract: {
      ...plainContract,
      bundle: "transformers",
      ...{ task, entry: entry.path, tolerance },
      input: inputOf(task, files),
      output: outputOf(task, config),
      maxTokens: isRead ? tokensOf(config, files) : null,
      prompt: task === "text-generation" ? plainPrompt : null,
      zeroShot: task === "zero-shot-classification" ? { hypothesis: "This example is {}." } : null,
      examples: task === "nearest-examples" && examples ? { path: examples.path, nearest: 5 } : null,
      rowsPerCall: task === "text-classification" ? Math.min(rowsPerCall, TEXTS_PER_CALL) : 1,
      runtime: runtimes.transformers,
      tokenizer: isRead ? tokenizer : null,
    },
  };
}

const plainPrompt = {
  template: "{{input}}",
  stop: [],
  maxTokens: 64,
  temperature: "0",
  seed: 0,
  constraint: { kind: "none" },
} as const satisfies RunContract["prompt"];

function taskOf(
  { architectures: [head = ""], model_type, id2label }: Config,
  hasExamples: boolean,
): RunTask | null {
  const hears = listensTo.includes(model_type);
  if (/ForTokenClassification$/.test(head)) return "token-classification";
  if (/ForQuestionAnswering$/.test(head)) return "question-answering";
  if (/ForImageClassification$/.test(head)) return "image-classification";
  if (/ForAudioClassification$/.test(head) || (hears && /Classification$/.test(head)))
    return "audio-classification";
  if (/ForSequenceClassification$/.test(head))
    return Object.values(id2label).some((label) => /^entail/i.test(label))
      ? "zero-shot-classification"
      : "text-classification";
  if (/(ForCausalLM|LMHeadModel)$/.test(head)) return "text-generation";
  return hasExamples && /(Model|ForMaskedLM)$/.test(head) ? "nearest-examples" : null;
}

function inputOf(task: RunTask, files: readonly KnownFile[]): RunContract["input"] {
  if (task === "image-classification") return { kind: "image" };
  if (task === "audio-classification") {
    const rate = readSettings(files, "preprocessor_config.json", preparationSchema)?.sampling_rate;
    return { kind: "audio", samplesPerSecond: rate ?? 16_000 };
  }
  return { kind: task === "question-answering" ? "question" : "text", maxCharacters: 10_000 };
}

function outputOf(task: RunTask, config: Config): RunContract["output"] {
  const labels = labelsOf(config);
  if (task === "question-answering" || task === "text-generation") return { kind: "text" };
  if (task === "token-classification")
    return {
      kind: "spans",
      labels: [...new Set(labels.map((label) => label.replace(/^[BIESLU]-/, "")))].filter(
        (label) => label !== "O",
      ),
    };
  // Which classes are meant, only the seller knows.
  const isOpen = task === "zero-shot-classification" || task === "nearest-examples";
  return {
    kind: "class",
    labels: isOpen ? ["first class", "second class"] : labels,
    ...{ scores: null, labelOutput: null, threshold: null },
  };
}

/** In the order of their numbers. Without any the library calls two of them so. */
function labelsOf({ id2label }: Config): string[] {
  const labels = Object.entries(id2label).toSorted(([a], [b]) => Number(a) - Number(b));
  return labels.length > 0 ? labels.map(([, label]) => label) : ["LABEL_0", "LABEL_1"];
}

function tokensOf({ max_position_embeddings: places }: Config, files: readonly KnownFile[]): number {
  const most = readSettings(files, "tokenizer_config.json", tokenizerSchema)?.model_max_length;
  const bounds = [places, most].filter((bound) => bound !== undefined && bound >= 1 && bound <= MOST_TOKENS);
  return bounds.length > 0 ? Math.floor(Math.min(...(bounds as number[]))) : DEFAULT_TOKENS;
}
