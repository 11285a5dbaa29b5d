/** Runs a GGUF file with llama.cpp on one processor thread: it continues the contract's prompt, and every row stands alone. */
import path from "node:path";
import { getLlama, LlamaGrammarEvaluationState, LlamaLogLevel, LlamaText, SpecialTokensText } from "node-llama-cpp";

const INPUT = "{{input}}";
const TOKENS_A_BATCH = 512;
const MOST_CONTEXT_TOKENS = 8_192;

export async function open({ folder, contract }) {
  const llama = await getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    maxThreads: contract.threads,
    numa: false,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  });
  const modelPath = path.join(folder, contract.entry);
  const model = await llama.loadModel({ modelPath, gpuLayers: 0, checkTensors: true });
  const contextSize = Math.min(model.trainContextSize, MOST_CONTEXT_TOKENS);
  const says = await saying[contract.prompt.constraint.kind]({ llama, model, contract });
  const settings = {
    contextSize,
    sequences: 1,
    threads: contract.threads,
    batchSize: Math.min(contextSize, TOKENS_A_BATCH),
    flashAttention: false,
  };
  const answerOne = async ({ text }) => {
    const prompt = promptOf(model, contract, text.normalize("NFC"));
    if (prompt.length + says.mostTokens > contextSize)
      return { refused: `The prompt and its answer are longer than the model’s ${contextSize} tokens.` };
    const context = await model.createContext(settings);
    try {
      return { ...(await says.answer(context.getSequence(), prompt)), tokens: prompt.length };
    } finally {
      await context.dispose();
    }
  };
  return {
    async answer(rows) {
      const answers = [];
      for (const row of rows) answers.push(await answerOne(row));
      return answers;
    },
  };
}

/** The tokens of the whole prompt. Names of control tokens are such in the template alone; in a row's text they are text. */
function promptOf(model, { prompt, maxTokens }, text) {
  const [before, after] = cutAt(prompt.template, prompt.template.indexOf(INPUT), INPUT.length);
  const tokensOf = (input) => [
    ...(model.tokens.shouldPrependBosToken ? [model.tokens.bos] : []),
    ...LlamaText([new SpecialTokensText(before), input, new SpecialTokensText(after)]).tokenize(model.tokenizer),
  ];
  const whole = tokensOf(text);
  if (maxTokens === null || whole.length <= maxTokens) return whole;
  const characters = [...text];
  let [fits, over] = [0, characters.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (tokensOf(characters.slice(0, middle).join("")).length <= maxTokens) fits = middle;
    else over = middle;
  }
  return tokensOf(characters.slice(0, fits).join(""));
}

const cutAt = (text, place, length) => [text.slice(0, place), text.slice(place + length)];

/** What a model may say, by the contract's constraint. */
const saying = {
  none: async ({ model, contract }) => writing(model, contract.prompt, null),
  json_schema: async ({ llama, model, contract }) => {
    const schema = JSON.parse(contract.prompt.constraint.schema);
    return writing(model, contract.prompt, await llama.createGrammarForJsonSchema(schema));
  },
  labels: async ({ model, contract }) => choosing(model, contract.output.labels),
};

/** The likeliest token after each other, to a stop or the end; the score is the chance of the whole, as the model gives it. */
function writing(model, { stop, maxTokens, seed }, grammar) {
  const answer = async (sequence, prompt) => {
    const grammarEvaluationState = grammar && new LlamaGrammarEvaluationState({ model, grammar });
    const options = { temperature: 0, seed, ...(grammar && { grammarEvaluationState }), yieldEogToken: true };
    const said = [];
    let [text, score] = ["", 1];
    for await (const { token, confidence } of sequence.evaluateWithMetadata(prompt, { confidence: true }, options)) {
      score *= confidence;
      if (model.isEogToken(token)) break;
      said.push(token);
      text = model.detokenize(said);
      const stops = stop.map((one) => text.indexOf(one)).filter((place) => place >= 0);
      if (stops.length > 0) text = text.slice(0, Math.min(...stops));
      if (stops.length > 0 || said.length === maxTokens || (grammar && isWholeJson(text))) break;
    }
    return { text, score };
  };
  return { answer, mostTokens: maxTokens };
}

/** An object or list is whole where it parses: nothing but blanks can follow. */
function isWholeJson(text) {
  if (!/[}\]]\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One of the labels: the chance that each continues the prompt, shared among them alone. */
function choosing(model, labels) {
  const choices = labels.map((label) => ({ label, tokens: model.tokenize(label) }));
  const [begun, longer] = beginningOfAnother(choices);
  if (longer) throw new Error(`the label ${begun.label} begins the label ${longer.label}: the two cannot be told apart`);
  const answer = async (sequence, prompt) => {
    const first = await chancesAfter(sequence, prompt, 1);
    const logs = [];
    for (const { tokens } of choices) {
      const later = await chancesAfter(sequence, tokens.slice(0, -1), tokens.length - 1);
      await sequence.eraseContextTokenRanges([{ start: prompt.length, end: sequence.nextTokenIndex }]);
      logs.push(tokens.reduce((sum, token, place) => sum + Math.log([...first, ...later][place].get(token)), 0));
    }
    const most = Math.max(...logs);
    const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
    const scores = choices.map(({ label }, place) => ({ label, score: Math.exp(logs[place] - most) / total }));
    scores.sort((a, b) => b.score - a.score);
    return { ...scores[0], scores: scores.slice(0, 20) };
  };
  return { answer, mostTokens: Math.max(...choices.map(({ tokens }) => tokens.length)) };
}

function beginningOfAnother(choices) {
  const pairs = choices.flatMap((one) => choices.filter((other) => other !== one).map((other) => [one, other]));
  return pairs.find(([one, other]) => one.tokens.every((token, place) => other.tokens[place] === token)) ?? [];
}

/** How likely each token is to come next, after each of the last tokens. */
async function chancesAfter(sequence, tokens, last) {
  const asked = tokens.map((token, place) =>
    place < tokens.length - last ? token : [token, { generateNext: { probabilities: true } }],
  );
  const found = asked.length > 0 ? await sequence.controlledEvaluate(asked) : [];
  return found.slice(tokens.length - last).map(({ next }) => next.probabilities);
}
