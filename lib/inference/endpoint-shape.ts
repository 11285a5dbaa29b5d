import type { ModelInput } from "./model-input";
import type { RowAnswer } from "./row-answer";
import type { RunContract } from "./run-contract";

type Endpoint = NonNullable<RunContract["endpoint"]>;
type Asked = Pick<RunContract, "task" | "output" | "prompt" | "zeroShot">;

/** What is sent to an endpoint of each shape, for one row. */
export function endpointBody(endpoint: Endpoint, contract: Asked, input: ModelInput): unknown {
  switch (endpoint.shape) {
    case "openai-chat":
      return chatBody(endpoint, contract, input);
    case "hf-inference":
      return inferenceBody(contract, input);
    case "json":
      return withPointer({}, endpoint.pointers?.input ?? "/input", plainInput(input));
  }
}

/** What one answer says of its row; a sentence that it is refused with where it has not the declared shape. */
export function endpointAnswer(endpoint: Endpoint, contract: Asked, body: unknown): RowAnswer {
  const answer = read(endpoint, contract, body);
  return answer ?? { refused: `The answer has not the shape of ${shapeNames[endpoint.shape]}.` };
}

const shapeNames: Record<Endpoint["shape"], string> = {
  "openai-chat": "a chat completion",
  "hf-inference": "the Hugging Face inference API for this task",
  json: "the declared paths",
};

function chatBody({ model }: Endpoint, { prompt, output }: Asked, input: ModelInput): unknown {
  const text = textOf(input);
  const content = prompt ? prompt.template.replaceAll("{{input}}", () => text) : text;
  return {
    model,
    messages: [{ role: "user", content }],
    temperature: 0,
    ...(prompt && { max_tokens: prompt.maxTokens, seed: prompt.seed }),
    ...(prompt && prompt.stop.length > 0 && { stop: prompt.stop }),
    ...(output.kind === "json" && { response_format: { type: "json_object" } }),
    stream: false,
  };
}

/** Sources: the task pages of the Hugging Face inference API, as its own client sends and reads them. */
function inferenceBody({ task, output, zeroShot, prompt }: Asked, input: ModelInput): unknown {
  if (input.kind === "question") return { inputs: { question: input.question, context: input.context } };
  const inputs =
    input.kind === "text" && prompt
      ? prompt.template.replaceAll("{{input}}", () => input.text)
      : plainInput(input);
  if (task === "zero-shot-classification" && output.kind === "class")
    return {
      inputs,
      parameters: {
        candidate_labels: output.labels,
        ...(zeroShot && { hypothesis_template: zeroShot.hypothesis }),
      },
    };
  if (task === "text-generation")
    return {
      inputs,
      parameters: {
        do_sample: false,
        return_full_text: false,
        ...(prompt && { max_new_tokens: prompt.maxTokens }),
      },
    };
  return { inputs };
}

function read(endpoint: Endpoint, contract: Asked, body: unknown): RowAnswer | null {
  switch (endpoint.shape) {
    case "openai-chat":
      return written(at(body, "/choices/0/message/content"), contract);
    case "hf-inference":
      return readInference(contract, body);
    case "json": {
      const answer = at(body, endpoint.pointers?.answer ?? "/answer");
      const score = endpoint.pointers?.score ? at(body, endpoint.pointers.score) : undefined;
      if (contract.output.kind === "number") return typeof answer === "number" ? { number: answer } : null;
      if (answer === undefined) return null;
      if (typeof answer !== "string" && contract.output.kind === "json")
        return { text: JSON.stringify(answer) };
      return written(answer, contract, typeof score === "number" ? score : undefined);
    }
  }
}

/** A text, or one of the classes. */
function written(answer: unknown, { output }: Asked, score?: number): RowAnswer | null {
  if (typeof answer !== "string") return null;
  if (output.kind !== "class") return { text: answer };
  const said = answer.trim();
  const label = output.labels.find((one) => one.toLowerCase() === said.toLowerCase());
  if (label === undefined)
    return { refused: `It answered ${JSON.stringify(said.slice(0, 60))}, which is not among its classes.` };
  return { label, ...(score !== undefined && { score }) };
}

function readInference({ task, output }: Asked, body: unknown): RowAnswer | null {
  const first = Array.isArray(body) && Array.isArray(body[0]) ? body[0] : body;
  if (task === "question-answering") {
    const answer = at(body, "/answer");
    const score = at(body, "/score");
    return typeof answer === "string" && typeof score === "number" ? { text: answer, score } : null;
  }
  if (task === "text-generation") {
    const text = at(first, "/0/generated_text") ?? at(body, "/generated_text");
    return typeof text === "string" ? { text } : null;
  }
  if (task === "token-classification") return readSpans(first);
  const scores = task === "zero-shot-classification" ? zeroShotScores(body) : scoresIn(first);
  const ranked = scores?.toSorted((a, b) => b.score - a.score);
  const best = ranked?.[0];
  if (!ranked || !best || output.kind !== "class") return null;
  if (!output.labels.includes(best.label)) return { refused: "Its answer is not among its classes." };
  return { label: best.label, score: best.score, scores: ranked.slice(0, 20) };
}

type Scored = { label: string; score: number };

function scoresIn(list: unknown): Scored[] | null {
  if (!Array.isArray(list)) return null;
  return list.every(isScored) ? list : null;
}

/** Either a list of scored labels, or labels and scores side by side. */
function zeroShotScores(body: unknown): Scored[] | null {
  const [labels, scores] = [at(body, "/labels"), at(body, "/scores")];
  if (!Array.isArray(labels) || !Array.isArray(scores)) return scoresIn(body);
  return scoresIn(labels.map((label: unknown, place) => ({ label, score: scores[place] as unknown })));
}

function isScored(one: unknown): one is Scored {
  const { label, score } = (one ?? {}) as Partial<Scored>;
  return typeof label === "string" && typeof score === "number" && Number.isFinite(score);
}

function readSpans(list: unknown): RowAnswer | null {
  if (!Array.isArray(list)) return null;
  const spans = list.map((one) => {
    const { entity_group, start, end, word, score } = (one ?? {}) as Record<string, unknown>;
    return typeof entity_group === "string" && typeof start === "number" && typeof end === "number"
      ? {
          ...{ label: entity_group, start, end, text: typeof word === "string" ? word : "" },
          ...(typeof score === "number" && { score }),
        }
      : null;
  });
  return spans.every((span) => span !== null) ? { spans } : null;
}

function textOf(input: ModelInput): string {
  if (input.kind === "text") return input.text;
  if (input.kind === "question") return `${input.context}\n\n${input.question}`;
  return JSON.stringify(plainInput(input));
}

function plainInput(input: ModelInput): unknown {
  if (input.kind === "text") return input.text;
  if (input.kind === "fields") return input.values;
  if (input.kind === "question") return { question: input.question, context: input.context };
  return input.base64;
}

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
function at(body: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((held, step) => {
    return held !== null && typeof held === "object" && Object.hasOwn(held, step)
      ? (held as Record<string, unknown>)[step]
      : undefined;
  }, body);
}

function withPointer(body: Record<string, unknown>, pointer: string, value: unknown): unknown {
  return stepsOf(pointer).reduceRight<unknown>((held, step) => ({ [step]: held }), value) ?? body;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
