import type { RunContract } from "./run-contract";

/** A literal that is the same in JSON and in Python: text, numbers and lists of them. */
const said = (value: unknown): string => JSON.stringify(value);

/** A program for Python that answers the sample input, in the folder of the files. */
export function pythonSnippet(contract: RunContract): string {
  const { needs, imports, work } = bodies[contract.bundle as keyof typeof bodies](contract);
  return `# pip install ${needs}
# python run.py
import json
import os
${imports}

folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "sample-input.json"), encoding="utf-8") as file:
    rows = json.load(file)
${work}
`;
}

type Body = { needs: string; imports: string; work: string };

const bodies = {
  transformers: layoutBody,
  onnx: graphBody,
  gguf: ({ entry, prompt }: RunContract): Body => ({
    needs: "llama-cpp-python",
    imports: "from llama_cpp import Llama",
    work: `model = Llama(os.path.join(folder, ${said(entry)}), n_ctx=0, n_threads=1, seed=${prompt?.seed ?? 0}, verbose=False)
for row in rows:
    prompt = ${said(prompt?.template)}.replace("{{input}}", row)
    told = model(prompt, max_tokens=${prompt?.maxTokens ?? 1}, temperature=0, stop=${said(prompt?.stop ?? [])})
    print(json.dumps({"text": told["choices"][0]["text"]}, ensure_ascii=False))`,
  }),
  fasttext: ({ entry }: RunContract): Body => ({
    needs: "fasttext",
    imports: "import fasttext",
    work: `model = fasttext.load_model(os.path.join(folder, ${said(entry)}))
for row in rows:
    labels, scores = model.predict(row.replace("\\n", " "))
    print(json.dumps({"label": labels[0].replace("__label__", ""), "score": min(1.0, float(scores[0]))}, ensure_ascii=False))`,
  }),
};

const heads: Partial<Record<RunContract["task"], string>> = {
  "text-classification": "ORTModelForSequenceClassification",
  "zero-shot-classification": "ORTModelForSequenceClassification",
  "token-classification": "ORTModelForTokenClassification",
  "question-answering": "ORTModelForQuestionAnswering",
  "image-classification": "ORTModelForImageClassification",
  "audio-classification": "ORTModelForAudioClassification",
  "text-generation": "ORTModelForCausalLM",
  "nearest-examples": "ORTModelForFeatureExtraction",
};

const asked: Partial<Record<RunContract["task"], (contract: RunContract) => string>> = {
  "zero-shot-classification": ({ output, zeroShot }) =>
    `row, candidate_labels=${said(output.kind === "class" ? output.labels : [])}, hypothesis_template=${said(zeroShot?.hypothesis)}`,
  "question-answering": () => `question=row["question"], context=row["context"]`,
  "image-classification": () => "os.path.join(folder, row)",
  "audio-classification": () => "os.path.join(folder, row)",
  "text-generation": ({ prompt }) =>
    `${said(prompt?.template)}.replace("{{input}}", row), max_new_tokens=${prompt?.maxTokens ?? 1}, do_sample=False, return_full_text=False`,
};

function layoutBody(contract: RunContract): Body {
  const head = heads[contract.task] ?? "ORTModel";
  const task = contract.task === "nearest-examples" ? "feature-extraction" : contract.task;
  const entry = contract.entry ?? "";
  const at = entry.lastIndexOf("/");
  const reader = contract.tokenizer
    ? "tokenizer=AutoTokenizer.from_pretrained(folder)"
    : "feature_extractor=AutoProcessor.from_pretrained(folder)";
  return {
    needs: "optimum[onnxruntime] transformers",
    imports: `from optimum.onnxruntime import ${head}
from transformers import AutoProcessor, AutoTokenizer, pipeline`,
    work: `model = ${head}.from_pretrained(folder, subfolder=${said(entry.slice(0, Math.max(0, at)))}, file_name=${said(entry.slice(at + 1))})
answer = pipeline(${said(task)}, model=model, ${reader})
for row in rows:
    print(json.dumps(answer(${asked[contract.task]?.(contract) ?? "row"}), ensure_ascii=False, default=str))`,
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
    needs: "onnxruntime numpy",
    imports: "import numpy as np\nimport onnxruntime as ort",
    work: `options = ort.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = ort.InferenceSession(os.path.join(folder, ${said(entry)}), options, providers=["CPUExecutionProvider"])
# As the contract says: which column goes where.
columns = ${said(columns.map(({ name, graphInput }) => [name, graphInput]))}
types = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(bool)": np.bool_, "tensor(string)": object}
for row in rows:
    feeds = {}
    for one in session.get_inputs():
        cells = [row] if isinstance(row, str) else [row[name] for name, graph_input in columns if graph_input == one.name]
        values = cells if one.type == "tensor(string)" else [float(cell) for cell in cells]
        shape = [1] if len(one.shape) == 1 else [1, len(cells)]
        feeds[one.name] = np.array(values, dtype=types[one.type]).reshape(shape)
    names = ${said(outputs.filter((name) => typeof name === "string"))}
    told = session.run(names, feeds)
    print(json.dumps({name: value.ravel().tolist() for name, value in zip(names, told)}, ensure_ascii=False))`,
  };
}
