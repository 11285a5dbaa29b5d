import path from "node:path";
import type { RunContract } from "./run-contract";

const said = (value: unknown): string => JSON.stringify(value);

/** A program for Node that answers the sample input with the same library, in the folder of the files. */
export function typescriptSnippet(contract: RunContract): string {
  const { name, version } = contract.runtime;
  const body = bodies[contract.bundle as keyof typeof bodies](contract);
  return `// npm install ${name}@${version}
// node run.ts
import { readFileSync } from "node:fs";
import path from "node:path";
${body.imports}

const folder = import.meta.dirname;
const rows = JSON.parse(readFileSync(path.join(folder, "sample-input.json"), "utf8"));
${body.work}
`;
}

type Body = { imports: string; work: string };

const bodies = {
  transformers: layoutBody,
  onnx: graphBody,
  gguf: (contract: RunContract): Body => ({
    imports: `import { getLlama } from "node-llama-cpp";`,
    work: `const llama = await getLlama({ gpu: false });
const model = await llama.loadModel({ modelPath: path.join(folder, ${said(contract.entry)}) });
${generation(contract)}`,
  }),
  fasttext: ({ entry }: RunContract): Body => ({
    imports: `import { getFastTextModule } from "fasttext.wasm.js";`,
    work: `const library = await getFastTextModule();
library.FS.writeFile("model.bin", readFileSync(path.join(folder, ${said(entry)})));
const model = new library.FastText();
model.loadModel("model.bin");
for (const text of rows) {
  const [score, label] = model.predict(text.normalize("NFC").replace(/[\\r\\n]+/g, " ") + "\\n", 1, 0).get(0);
  console.log(JSON.stringify({ label: label.replace("__label__", ""), score: Math.min(1, score) }));
}`,
  }),
};

function generation({ prompt }: RunContract): string {
  const { template = "{{input}}", maxTokens = 1, seed = 0, stop = [] } = prompt ?? {};
  return `for (const text of rows) {
  const context = await model.createContext({ contextSize: Math.min(model.trainContextSize, 8192), threads: 1 });
  const prompt = ${said(template)}.replaceAll("{{input}}", () => text.normalize("NFC"));
  const said = [];
  const opening = model.tokens.shouldPrependBosToken ? [model.tokens.bos!] : [];
  for await (const token of context.getSequence().evaluate([...opening, ...model.tokenize(prompt, true)], { temperature: 0, seed: ${seed} })) {
    if (model.isEogToken(token) || said.push(token) === ${maxTokens}) break;
    if (${said(stop)}.some((end) => model.detokenize(said).includes(end))) break;
  }
  console.log(JSON.stringify({ text: model.detokenize(said) }));
  await context.dispose();
}`;
}

const asked: Partial<Record<RunContract["task"], (contract: RunContract) => string>> = {
  "zero-shot-classification": ({ output, zeroShot }) =>
    `row, ${said(output.kind === "class" ? output.labels : [])}, { hypothesis_template: ${said(zeroShot?.hypothesis)} }`,
  "question-answering": () => "row.question, row.context",
  "image-classification": () => "path.join(folder, row)",
  "audio-classification": () => "path.join(folder, row)",
  "text-generation": ({ prompt }) =>
    `${said(prompt?.template)}.replaceAll("{{input}}", () => row), { max_new_tokens: ${prompt?.maxTokens}, do_sample: false, return_full_text: false }`,
  "nearest-examples": () => `row, { pooling: "mean", normalize: true }`,
};

function layoutBody(contract: RunContract): Body {
  const { dir, name } = path.posix.parse(contract.entry ?? "");
  const [, base = name, suffix = ""] =
    /^(.+?)(?:_(quantized|fp16|int8|uint8|q4|q4f16|bnb4))?$/.exec(name) ?? [];
  const dtype = suffix === "quantized" ? "q8" : suffix || "fp32";
  const task = contract.task === "nearest-examples" ? "feature-extraction" : contract.task;
  const options = { subfolder: dir, model_file_name: base, dtype, device: "cpu", local_files_only: true };
  return {
    imports: `import { env, pipeline } from "@huggingface/transformers";`,
    work: `env.allowRemoteModels = false;
env.localModelPath = path.dirname(folder);
const answer: any = await pipeline(${said(task)}, path.basename(folder), ${said(options)} as any);
for (const row of rows) console.log(JSON.stringify(await answer(${asked[contract.task]?.(contract) ?? "row"})));`,
  };
}

function graphBody({ entry, input, output }: RunContract): Body {
  const outputs =
    output.kind === "number"
      ? [output.graphOutput]
      : output.kind === "class"
        ? [output.scores?.graphOutput, output.labelOutput]
        : [];
  const columns = input.kind === "fields" ? input.columns : [];
  return {
    imports: `import ort from "onnxruntime-node";`,
    work: `const session = await ort.InferenceSession.create(path.join(folder, ${said(entry)}), { intraOpNumThreads: 1, interOpNumThreads: 1 });
// As the contract says: which column goes where.
const columns: { name: string; graphInput: string }[] = ${said(columns.map(({ name, graphInput }) => ({ name, graphInput })))};
const arrays: Record<string, any> = { float32: Float32Array, float64: Float64Array, int64: BigInt64Array, int32: Int32Array, bool: Uint8Array };
for (const row of rows) {
  const feeds: Record<string, any> = {};
  for (const { name, type, shape } of session.inputMetadata as any) {
    const cells: string[] = typeof row === "string" ? [row] : columns.filter((one) => one.graphInput === name).map((one) => row[one.name]);
    const read = type === "int64" ? BigInt : Number;
    const values = type === "string" ? cells : arrays[type].from(cells, read);
    feeds[name] = new ort.Tensor(type, values, shape.length === 1 ? [1] : [1, cells.length]);
  }
  const results = await session.run(feeds, ${said(outputs.filter((name) => typeof name === "string"))});
  const told = Object.entries(results).map(([name, { data }]: any) => [name, Array.from(data, (value) => (typeof value === "bigint" ? Number(value) : value))]);
  console.log(JSON.stringify(Object.fromEntries(told)));
}`,
  };
}
