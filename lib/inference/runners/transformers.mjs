/** Runs a Hugging Face repository layout with the library made for it, from its own files only. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { RawImage, env, pipeline } from "@huggingface/transformers";
import { seenOfPicture } from "./picture.mjs";
import { samplesOf } from "./sound.mjs";
import { beforeStop, cutText } from "./text-cut.mjs";
import { placeFinder, spansOf } from "./text-place.mjs";
import { sessionOptions } from "../session-options.ts";

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.useFSCache = false;
env.useBrowserCache = false;

const MAX_SCORES = 20;
const SUFFIXES = {
  quantized: "q8",
  fp16: "fp16",
  int8: "int8",
  uint8: "uint8",
  q4: "q4",
  q4f16: "q4f16",
  bnb4: "bnb4",
};
const PIPELINES = { "nearest-examples": "feature-extraction" };

export async function open({ folder, contract }) {
  env.localModelPath = path.dirname(folder);
  const { dir, name } = path.parse(contract.entry);
  const [, base, suffix] = /^(.+?)(?:_(quantized|fp16|int8|uint8|q4|q4f16|bnb4))?$/.exec(name);
  const pipe = await pipeline(PIPELINES[contract.task] ?? contract.task, path.basename(folder), {
    local_files_only: true,
    device: "cpu",
    dtype: SUFFIXES[suffix] ?? "fp32",
    subfolder: dir,
    model_file_name: base,
    session_options: sessionOptions,
  });
  const task = tasks[contract.task];
  if (!task) throw new Error(`${contract.task} is not run here`);
  const answer = await task({ pipe, folder, contract });
  return { answer };
}

/** For each task, what makes a bundle ready and answers its rows. */
const tasks = {
  "text-classification": async ({ pipe, contract }) => {
    const top_k = contract.output.labels.length;
    return async (rows) => {
      const texts = rows.map(({ text }) => cutText(text, countOf(pipe), contract.maxTokens));
      return (await pipe(texts, { top_k })).map(ranked);
    };
  },
  "token-classification": async ({ pipe, contract }) => {
    return eachRow(async ({ text }) => {
      const read = cutText(text, countOf(pipe), contract.maxTokens);
      const tokens = await pipe(read, { ignore_labels: [] });
      const place = placeFinder(read);
      const placed = tokens.map(({ entity, score, word }) => ({ tag: entity, score, place: place(word) }));
      return { spans: spansOf(read, placed) };
    });
  },
  "zero-shot-classification": async ({ pipe, contract }) => {
    const { labels } = contract.output;
    const hypotheses = labels.map((label) => contract.zeroShot.hypothesis.replace("{}", label));
    const count = (text) => Math.max(...hypotheses.map((text_pair) => pairCount(pipe, text, text_pair)));
    return eachRow(async ({ text }) => {
      const read = cutText(text, count, contract.maxTokens);
      const found = await pipe(read, labels, { hypothesis_template: contract.zeroShot.hypothesis });
      return ranked(found.labels.map((label, at) => ({ label, score: found.scores[at] })));
    });
  },
  "nearest-examples": async ({ pipe, folder, contract }) => {
    const embed = async (text) => {
      const read = cutText(text, countOf(pipe), contract.maxTokens);
      return (await pipe(read, { pooling: "mean", normalize: true })).data;
    };
    const examples = [];
    for (const { text, label } of await readExamples(path.join(folder, contract.examples.path)))
      examples.push({ label, vector: await embed(text) });
    return eachRow(async ({ text }) => nearest(await embed(text), examples, contract.examples.nearest));
  },
  "question-answering": async ({ pipe, contract }) => {
    return eachRow(async ({ question, context }) => {
      const asked = question.normalize("NFC");
      const read = cutText(context, (text) => pairCount(pipe, asked, text), contract.maxTokens);
      const { answer, score } = await pipe(asked, read);
      const place = wholePlace(read, answer);
      return { text: place ? read.slice(place.start, place.end) : answer, score };
    });
  },
  "image-classification": async ({ pipe, contract }) => {
    const top_k = contract.output.labels.length;
    return eachRow(async ({ base64 }) => {
      const image = await RawImage.fromBlob(new Blob([Buffer.from(base64, "base64")]));
      return { ...ranked(await pipe(image, { top_k })), seen: await seenOfPicture(base64) };
    }, "The picture cannot be read.");
  },
  "audio-classification": async ({ pipe, contract }) => {
    const top_k = contract.output.labels.length;
    return eachRow(async ({ base64 }) => {
      const { samples, seen } = await samplesOf(base64, contract.input.samplesPerSecond);
      return { ...ranked(await pipe(samples, { top_k })), seen };
    }, "The sound cannot be read.");
  },
  "text-generation": async ({ pipe, contract }) => {
    const { template, stop, maxTokens } = contract.prompt;
    return eachRow(async ({ text }) => {
      const prompt = template.replaceAll("{{input}}", () => text.normalize("NFC"));
      const [{ generated_text }] = await pipe(prompt, {
        max_new_tokens: maxTokens,
        do_sample: false,
        return_full_text: false,
      });
      return { text: beforeStop(generated_text, stop) };
    });
  },
};

/** One row after another: no answer can depend on the rows beside it. A row that cannot be read is refused by itself. */
function eachRow(answer, unreadable) {
  return async (rows) => {
    const answers = [];
    for (const row of rows) {
      try {
        answers.push(await answer(row));
      } catch (error) {
        if (unreadable === undefined) throw error;
        answers.push({ refused: unreadable });
      }
    }
    return answers;
  };
}

function ranked(scores) {
  const [best] = scores;
  if (!scores.every(({ score }) => Number.isFinite(score))) return { refused: "The answer is not a number." };
  return { label: best.label, score: best.score, scores: scores.slice(0, MAX_SCORES) };
}

const countOf = (pipe) => (text) => pipe.tokenizer.encode(text).length;
const pairCount = (pipe, text, text_pair) => pipe.tokenizer.encode(text, { text_pair }).length;

/** An answer as the text has it: the tokens that make it are written together and folded. */
function wholePlace(text, answer) {
  const place = placeFinder(text);
  const words = answer.split(/\s+/u).filter(Boolean);
  const places = words.map((word) => place(word));
  const [first, last] = [places[0], places.at(-1)];
  return first && last ? { start: first.start, end: last.end } : null;
}

const MAX_EXAMPLES = 5_000;

async function readExamples(file) {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0 || lines.length > MAX_EXAMPLES)
    throw new Error(`the bundle names ${lines.length} examples; 1 to ${MAX_EXAMPLES} are compared`);
  return lines.map((line) => {
    const { text, label } = JSON.parse(line);
    if (typeof text !== "string" || typeof label !== "string")
      throw new Error("an example is a text and its label");
    return { text, label };
  });
}

/** The label that most of the nearest bear, each weighed by how alike it is; the score is its share of the weight. */
function nearest(vector, examples, count) {
  const alike = examples
    .map(({ label, vector: other }) => ({ label, weight: Math.max(0, dot(vector, other)) }))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, count);
  const weights = new Map();
  for (const { label, weight } of alike) weights.set(label, (weights.get(label) ?? 0) + weight);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return { refused: "No example is like it." };
  const scores = [...weights].map(([label, weight]) => ({ label, score: weight / total }));
  return ranked(scores.toSorted((a, b) => b.score - a.score));
}

function dot(one, other) {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += one[at] * other[at];
  return sum;
}
