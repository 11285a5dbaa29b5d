/** Runs a supervised fastText model, plain or quantised, on the library's own code built for WebAssembly. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { getFastTextModule } from "fasttext.wasm.js";

const PREFIX = "__label__";

export async function open({ folder, contract }) {
  const library = await getFastTextModule();
  library.FS.writeFile("model.bin", await readFile(path.join(folder, contract.entry)));
  const model = new library.FastText();
  named(() => model.loadModel("model.bin"));
  const count = Math.min(20, contract.output.labels.length);
  return { answer: async (rows) => rows.map(({ text }) => answerOf(model, text, count)) };
}

/** One line is one text: what breaks lines is a blank, as where fastText reads a file it would begin another row. */
function answerOf(model, text, count) {
  const line = text.normalize("NFC").replace(/[\r\n\u2028\u2029\v\f\0]+/g, " ");
  const found = named(() => model.predict(`${line}\n`, count, 0));
  const scores = [];
  for (let at = 0; at < found.size(); at += 1) {
    const [score, label] = found.get(at);
    // Rounding in the library lifts some sums a little above one.
    scores.push({ label: label.replace(PREFIX, ""), score: Math.min(1, score) });
  }
  found.delete();
  const [best] = scores;
  return best ? { label: best.label, score: best.score, scores } : { refused: "No word of it is known." };
}

/** What the library throws is a number. */
function named(work) {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error ? error : new Error("fastText cannot read this file");
  }
}
