/** Runs a GGUF file with llama.cpp on one thread of the processor: it continues the contract's prompt. */
import { open as openFile, stat } from "node:fs/promises";
import path from "node:path";
import {
  getLlama,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  LlamaText,
  SpecialTokensText,
} from "node-llama-cpp";
import { beforeStop, cutText } from "./text-cut.mjs";

const INPUT = "{{input}}";
const TOKENS_A_BATCH = 512;
const MOST_CONTEXT_TOKENS = 8_192;
const MAX_SCORES = 20;
const notANumber = { refused: "The answer is not a number." };

export async function open({ folder, contract }) {
  const llama = await getLlama({
    ...{ gpu: false, build: "never", skipDownload: true, numa: false },
    ...{ maxThreads: contract.threads, progressLogs: false, logLevel: LlamaLogLevel.error },
  });
  const modelPath = path.join(folder, contract.entry);
  await refusePromises(modelPath);
  const model = await llama.loadModel({ modelPath, gpuLayers: 0, checkTensors: true });
  const contextSize = Math.min(model.trainContextSize, MOST_CONTEXT_TOKENS);
  const batchSize = Math.min(contextSize, TOKENS_A_BATCH);
  const says = await saying[contract.prompt.constraint.kind]({ llama, model, contract });

  const answerOne = async ({ text }) => {
    const prompt = promptOf(model, contract, text);
    if (prompt.length === 0) return { refused: "There is nothing to go on from." };
    if (prompt.length + says.mostTokens > contextSize)
      return { refused: `The prompt and its answer are more than the ${contextSize} tokens that it reads.` };
    // A context of its own: nothing of another row is held in it.
    const context = await model.createContext({
      ...{ contextSize, batchSize, sequences: 1, threads: contract.threads, flashAttention: false },
    });
    try {
      return { ...(await says.answer(context.getSequence(), prompt)), tokens: prompt.length };
    } finally {
      await context.dispose();
    }
  };
  return {
    answer: async (rows) => {
      const answers = [];
      for (const row of rows) answers.push(await answerOne(row));
      return answers;
    },
  };
}

const HEAD_BYTES = 24;
const LEAST_TENSOR_BYTES = 24;
const LEAST_MEMBER_BYTES = 13;

/** A header may promise more than its file can hold: the library would count it, for as long as it is let. */
async function refusePromises(file) {
  const { size } = await stat(file);
  if (size < HEAD_BYTES) throw new Error("the file ends within its header");
  await using handle = await openFile(file);
  const { buffer: head } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const [tensors, members] = [head.readBigUInt64LE(8), head.readBigUInt64LE(16)];
  const promised = tensors * BigInt(LEAST_TENSOR_BYTES) + members * BigInt(LEAST_MEMBER_BYTES);
  if (promised > BigInt(size)) throw new Error("the header promises more than the file holds");
}

/** The tokens of the whole prompt. Names of control tokens are such in the template alone; in a row's text they are text. */
function promptOf(model, { prompt: { template }, maxTokens }, text) {
  const [first, ...others] = template.split(INPUT).map((part) => new SpecialTokensText(part));
  const opening = model.tokens.shouldPrependBosToken ? [model.tokens.bos] : [];
  const whole = (input) => {
    const parts = LlamaText([first, ...others.flatMap((part) => [input, part])]);
    return [...opening, ...parts.tokenize(model.tokenizer)];
  };
  return whole(cutText(text, (input) => whole(input).length, maxTokens));
}

/** For each constraint of a contract, how an answer is made, and the most tokens that it takes. */
const saying = {
  none: async ({ model, contract }) => writing(model, contract.prompt),
  json_schema: async ({ llama, model, contract }) => {
    const schema = JSON.parse(contract.prompt.constraint.schema);
    return writing(model, contract.prompt, await llama.createGrammarForJsonSchema(schema));
  },
  labels: async ({ model, contract }) => choosing(model, contract.output.labels),
};

/** The likeliest token after each other, to a stop or the end. The score is how likely the whole was, as the model says it. */
function writing(model, { stop, maxTokens, seed }, grammar) {
  const answer = async (sequence, prompt) => {
    const rules = grammar && {
      grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }),
    };
    const options = { temperature: 0, seed, yieldEogToken: true, ...rules };
    const said = [];
    let [text, score] = ["", 1];
    for await (const next of sequence.evaluateWithMetadata(prompt, { confidence: true }, options)) {
      score *= next.confidence;
      if (model.isEogToken(next.token)) break;
      said.push(next.token);
      const written = model.detokenize(said);
      text = beforeStop(written, stop);
      if (text !== written || said.length === maxTokens || (grammar && isWholeJson(text))) break;
    }
    return Number.isFinite(score) ? { text, score } : notANumber;
  };
  return { answer, mostTokens: maxTokens };
}

/** An object or a list is whole as soon as it can be read. */
function isWholeJson(text) {
  if (!/[}\]]\s*$/u.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One of the labels: how likely each continues the prompt, shared out among them. */
function choosing(model, labels) {
  const choices = labels.map((label) => ({ label, tokens: model.tokenize(label) }));
  for (const one of choices) {
    const longer = choices.find(
      (other) => other !== one && one.tokens.every((token, at) => other.tokens[at] === token),
    );
    if (longer)
      throw new Error(
        `the label ${longer.label} begins with the label ${one.label}: they cannot be told apart`,
      );
  }
  const answer = async (sequence, prompt) => {
    const first = await chancesAfter(sequence, prompt, prompt.length - 1);
    const logs = [];
    for (const { tokens } of choices) {
      const later = await chancesAfter(sequence, tokens.slice(0, -1), 0);
      await sequence.eraseContextTokenRanges([{ start: prompt.length, end: sequence.nextTokenIndex }]);
      const chances = [...first, ...later];
      logs.push(tokens.reduce((sum, token, at) => sum + Math.log(chances[at].get(token)), 0));
    }
    const most = Math.max(...logs);
    const shares = logs.map((log) => Math.exp(log - most));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const scores = choices
      .map(({ label }, at) => ({ label, score: shares[at] / total }))
      .toSorted((a, b) => b.score - a.score);
    if (!Number.isFinite(total)) return notANumber;
    return { ...scores[0], scores: scores.slice(0, MAX_SCORES) };
  };
  return { answer, mostTokens: Math.max(...choices.map(({ tokens }) => tokens.length)) };
}

/** Reads the tokens; how likely each other one is to follow, for every token from that place on. */
async function chancesAfter(sequence, tokens, from) {
  if (tokens.length === 0) return [];
  const found = await sequence.controlledEvaluate(
    tokens.map((token, at) => (at < from ? token : [token, { generateNext: { probabilities: true } }])),
  );
  return found.slice(from).map(({ next }) => next.probabilities);
}
