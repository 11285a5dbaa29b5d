import { z } from "zod";

/** A file of a bundle as it is known here: what its structure said when it was kept, and its text where it is read. */
export type KnownFile = {
  path: string;
  format: string;
  /** What `lib/artifact` found in it. */
  facts: unknown;
  /** Of the few files of settings that are read (`settingsFiles`). */
  text: string | null;
};

/** Settings that a toolkit writes beside a model. Each is read up to `MAX_SETTINGS_BYTES`. */
export const settingsFiles = ["config.json", "tokenizer_config.json", "preprocessor_config.json"] as const;
export const MAX_SETTINGS_BYTES = 1024 * 1024;

export type GraphValue = {
  name: string;
  /** As ONNX Runtime calls it, or "sequence", "map" and "unknown". */
  type: string;
  /** Null for a size that is only known when rows come. */
  shape: readonly (number | null)[];
};

export type GraphFacts = {
  inputs: readonly GraphValue[];
  outputs: readonly GraphValue[];
  operators: readonly string[];
  labels: readonly string[];
  /** Why it will not be run, in a sentence; empty where it may be. */
  whyNotRun: string;
  /** Why a row's answer may depend on the rows beside it. */
  neighbours: readonly string[];
  /** Where weights are whole numbers of eight bits. */
  quantised: "no" | "weights" | "static" | "dynamic";
  /** Of a classifier: the table of its scores, which may be no output of the graph yet, and the output that names the class. */
  classifier: { scoresOutput: string | null; labelOutput: string | null } | null;
};

const texts = z.array(z.string()).default([]);
const graphSchema = z.object({
  inputs: texts,
  outputs: texts,
  inputTypes: texts,
  outputTypes: texts,
  operators: texts,
  labels: texts,
  whyNotRun: z.string().default(""),
  neighbours: texts,
  quantised: z.enum(["no", "weights", "static", "dynamic"]).default("no"),
  scoresOutput: z.string().optional(),
  labelOutput: z.string().optional(),
});

/** What is known of a graph from the facts of its file: the one place that knows how they are kept. */
export function graphFacts(facts: unknown): GraphFacts {
  const { inputs, outputs, inputTypes, outputTypes, scoresOutput, labelOutput, ...rest } =
    graphSchema.parse(facts);
  const isClassifier = scoresOutput !== undefined && labelOutput !== undefined;
  return {
    ...rest,
    inputs: inputs.map((name, at) => valueOf(name, inputTypes[at])),
    outputs: outputs.map((name, at) => valueOf(name, outputTypes[at])),
    classifier: isClassifier
      ? { scoresOutput: scoresOutput || null, labelOutput: labelOutput || null }
      : null,
  };
}

function valueOf(name: string, type = "unknown"): GraphValue {
  const [, element = type, sizes = ""] = /^(\w+)\[(.*)\]$/.exec(type) ?? [];
  const shape = sizes === "" ? [] : sizes.split(",").map((size) => (size === "?" ? null : Number(size)));
  return { name, type: element, shape };
}

const ggufSchema = z.object({
  contextLength: z.int().min(1).optional(),
  hasChatTemplate: z.boolean().default(false),
});

export const ggufFacts = (facts: unknown) => ggufSchema.parse(facts);

const fasttextSchema = z.object({ labels: z.array(z.string()).min(2) });

export const fasttextFacts = (facts: unknown) => fasttextSchema.parse(facts);

/** The settings of a bundle by the name of their file; what cannot be read says nothing. */
export function readSettings<T>(files: readonly KnownFile[], name: string, schema: z.ZodType<T>): T | null {
  const text = files.find(({ path }) => path === name)?.text;
  if (text === null || text === undefined) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
