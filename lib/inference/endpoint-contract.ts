import { plainContract } from "./plain-contract";
import type { RunContract } from "./run-contract";

export const endpointTasks = ["text-classification", "text-generation", "extraction"] as const;
export type EndpointTask = (typeof endpointTasks)[number];

/** What a seller says of a model that they serve: no file tells any of it. */
export type SaidOfEndpoint = {
  endpoint: NonNullable<RunContract["endpoint"]>;
  task: EndpointTask;
  /** The classes that it answers with; of no meaning for the other tasks. */
  labels: readonly string[];
  /** `{{input}}` is where the row's text goes. */
  template: string;
};

/** What asks an endpoint of each shape, as statements name it in place of a runtime. */
const protocols = {
  "openai-chat": { name: "OpenAI chat completions", version: "v1" },
  "hf-inference": { name: "Hugging Face inference API", version: "v1" },
  json: { name: "JSON over HTTPS", version: "v1" },
} as const;

const ANSWER_TOKENS = 256;

/**
 * How an endpoint is asked: one text a call, without chance. No tolerance is promised, because what answers may be another
 * model by the next call.
 */
export function endpointContract({ endpoint, task, labels, template }: SaidOfEndpoint): RunContract {
  const outputs: Record<EndpointTask, RunContract["output"]> = {
    "text-classification": {
      ...{ kind: "class", labels: [...labels], scores: null, labelOutput: null, threshold: null },
    },
    "text-generation": { kind: "text" },
    extraction: { kind: "json" },
  };
  return {
    ...plainContract,
    ...{ bundle: "endpoint", task, entry: null, endpoint },
    input: { kind: "text", maxCharacters: 20_000 },
    output: outputs[task],
    prompt: {
      ...{ template, stop: [], maxTokens: ANSWER_TOKENS, temperature: "0", seed: 0 },
      constraint: { kind: "none" },
    },
    runtime: protocols[endpoint.shape],
    tolerance: { confidence: "1", flipsPerThousand: 1_000 },
  };
}
