/** Runs a Hugging Face repository layout with the library made for it, from its own files only. */
import path from "node:path";
import { env, pipeline } from "@huggingface/transformers";
import { RawImage } from "@huggingface/transformers";

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.useFSCache = false;
env.useBrowserCache = false;

const DTYPES = {
  fp16: "fp16",
  quantized: "q8",
  int8: "int8",
  uint8: "uint8",
  q4: "q4",
  q4f16: "q4f16",
  bnb4: "bnb4",
};

export async function open({ folder, contract }) {
  env.localModelPath = path.dirname(folder);
  const { dir, name } = path.parse(contract.entry);
  const [, base, suffix = ""] = /^(.*?)(?:_(fp16|quantized|int8|uint8|q4|q4f16|bnb4))?$/.exec(name);
  const pipe = await pipeline(contract.task, path.basename(folder), {
    local_files_only: true,
    device: "cpu",
    dtype: DTYPES[suffix] ?? "fp32",
    subfolder: dir,
    model_file_name: base,
    session_options: { intraOpNumThreads: contract.threads, interOpNumThreads: contract.threads },
  });
  const answer = answers[contract.task];
  if (!answer) throw new Error(`${contract.task} is not run here`);
  return { answer: async (rows) => answer(pipe, rows, contract) };
}

const answers = {
  "text-classification": async (pipe, rows, contract) => {
    const texts = rows.map(({ text }) => cutText(pipe.tokenizer, text.normalize("NFC"), contract.maxTokens));
    const found = await pipe(texts, { top_k: contract.output.labels.length });
    return found.map(ranked);
  },
  "image-classification": async (pipe, rows, contract) => {
    const images = await Promise.all(rows.map(({ base64 }) => pictureOf(base64)));
    const found = await pipe(images, { top_k: contract.output.labels.length });
    return (Array.isArray(found[0]) ? found : [found]).map(ranked);
  },
};

function pictureOf(base64) {
  return RawImage.fromBlob(new Blob([Buffer.from(base64, "base64")]));
}

function ranked(scores) {
  const [best] = scores;
  return { label: best.label, score: best.score, scores: scores.slice(0, 20) };
}

/** The longest beginning whose tokens, the closing one among them, are at most so many: nothing is cut after them. */
function cutText(tokenizer, text, maxTokens) {
  const count = (one) => tokenizer.encode(one).length;
  if (maxTokens === null || text.length < maxTokens || count(text) <= maxTokens) return text;
  const characters = [...text];
  let [fits, over] = [0, characters.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (count(characters.slice(0, middle).join("")) <= maxTokens) fits = middle;
    else over = middle;
  }
  return characters.slice(0, fits).join("");
}
