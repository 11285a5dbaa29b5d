import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { toHex } from "@/lib/shared/encoding";
import { canonicalJson } from "@/lib/shared/jcs";
import { type Preprocessing, preprocessingSchema } from "./preprocessing";

/** How a version's files are recognised, and with what they are run. */
export const bundleKinds = ["transformers", "onnx", "gguf", "fasttext", "endpoint", "package"] as const;

export const runTasks = [
  "text-classification",
  "token-classification",
  "zero-shot-classification",
  "nearest-examples",
  "question-answering",
  "image-classification",
  "audio-classification",
  "text-generation",
  "extraction",
  "tabular-classification",
  "tabular-regression",
] as const;
export type RunTask = (typeof runTasks)[number];

const name = z.string().min(1).max(200);
const label = z.string().min(1).max(300);
/** Numbers are decimal strings, so that a contract has one canonical form. */
const decimal = z.string().regex(/^-?\d{1,12}(\.\d{1,9})?$/);
const program = z.strictObject({ name, version: z.string().min(1).max(40) });

const column = z.strictObject({
  /** As rows and forms call it. */
  name,
  type: z.enum(["number", "whole_number", "text"]),
  /** The input of the graph that it goes to, and its place within it. */
  graphInput: name,
  place: z.int().min(0).max(4_095),
});

function isPreprocessing(json: string): boolean {
  try {
    return preprocessingSchema.safeParse(JSON.parse(json)).success;
  } catch {
    return false;
  }
}

const input = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), maxCharacters: z.int().min(1).max(100_000) }),
  z.strictObject({ kind: z.literal("question"), maxCharacters: z.int().min(1).max(100_000) }),
  z.strictObject({ kind: z.literal("fields"), columns: z.array(column).min(1).max(4_096) }),
  z.strictObject({ kind: z.literal("image") }),
  z.strictObject({ kind: z.literal("audio"), samplesPerSecond: z.int().min(1_000).max(192_000) }),
  /** Prepared by this installation, as the file itself says: its own JSON, which holds fractions. */
  z.strictObject({
    kind: z.literal("prepared"),
    preprocessing: z
      .string()
      .max(400_000)
      .refine(isPreprocessing, "This installation does not prepare that."),
    graphInput: name,
  }),
]);

/** Below the bar the answer is `otherwise`, whatever its score. */
const threshold = z.strictObject({ label, atLeast: decimal, otherwise: label });

const output = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("class"),
    labels: z.array(label).min(2).max(1_000),
    /** What the scores are, and which output of the graph holds them, for plain graphs; null: labels alone. */
    scores: z
      .strictObject({ form: z.enum(["probabilities", "logits", "margins"]), graphOutput: name.nullable() })
      .nullable(),
    /** The output that names the class itself, where the graph has one: held against the scores. */
    labelOutput: name.nullable(),
    threshold: threshold.nullable(),
  }),
  /** Right where it is at most `within` away from the true number. */
  z.strictObject({ kind: z.literal("number"), graphOutput: name.nullable(), within: decimal }),
  /** Right where it is the expected text, after outer blanks are cut. */
  z.strictObject({ kind: z.literal("text") }),
  /** Right where it is the same JSON. */
  z.strictObject({ kind: z.literal("json") }),
  /** Right where the same spans bear the same names. */
  z.strictObject({ kind: z.literal("spans"), labels: z.array(label).min(1).max(1_000) }),
]);

const prompt = z.strictObject({
  /** `{{input}}` is where the row's text goes; the whole is shown wherever an answer is. */
  template: z.string().max(20_000).includes("{{input}}"),
  stop: z.array(z.string().min(1).max(100)).max(8),
  maxTokens: z.int().min(1).max(4_096),
  temperature: z.literal("0"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /** What it may say: one of the labels, JSON of a schema, or anything. */
  constraint: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({ kind: z.literal("labels") }),
    z.strictObject({ kind: z.literal("json_schema"), schema: z.string().max(20_000) }),
  ]),
});

const endpoint = z.strictObject({
  url: z.url().max(2_000),
  shape: z.enum(["openai-chat", "hf-inference", "json"]),
  model: z.string().max(200),
  /** For `json`: where the input goes and where the answer and its score are, as JSON pointers. */
  pointers: z.strictObject({ input: name, answer: name, score: name.nullable() }).nullable(),
});

/**
 * How a version is run: drafted from its own files, confirmed by its seller on a run of five rows, part of the version and of
 * every statement about a run of it, and delivered with the files.
 */
export const runContractSchema = z.strictObject({
  version: z.literal(1),
  bundle: z.enum(bundleKinds),
  task: z.enum(runTasks),
  /** The file that runs, by its path in the bundle; the name of a package; null for an endpoint. */
  entry: z.string().min(1).max(400).nullable(),
  input,
  output,
  /** Tokens kept of a text, the closing one among them; null where nothing is cut. */
  maxTokens: z.int().min(1).max(1_000_000).nullable(),
  prompt: prompt.nullable(),
  zeroShot: z.strictObject({ hypothesis: z.string().max(500).includes("{}") }).nullable(),
  /** The file of labelled examples, one JSON `{text, label}` a line, whose nearest gives the answer. */
  examples: z.strictObject({ path: name, nearest: z.int().min(1).max(100) }).nullable(),
  endpoint: endpoint.nullable(),
  rowsPerCall: z.int().min(1).max(4_096),
  threads: z.literal(1),
  runtime: program,
  tokenizer: program.nullable(),
  /** How far a confidence may move between two honest runs, and how many of a thousand answers may flip. */
  tolerance: z.strictObject({ confidence: decimal, flipsPerThousand: z.int().min(0).max(1_000) }),
});
export type RunContract = z.infer<typeof runContractSchema>;

/** Names a contract by its canonical form: SHA-256 of its JCS, in hex. */
export function contractDigest(contract: RunContract): string {
  return toHex(sha256(new TextEncoder().encode(canonicalJson(contract))));
}

/** How an input is prepared that is prepared here. */
export function preprocessingOf(input: Extract<RunContract["input"], { kind: "prepared" }>): Preprocessing {
  return JSON.parse(input.preprocessing) as Preprocessing;
}

/** The answers it can give, where they are a closed list; empty otherwise. */
export function classesOf({ output }: RunContract): readonly string[] {
  return output.kind === "class" ? output.labels : [];
}
