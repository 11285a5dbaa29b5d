#!/usr/bin/env bash
# fasttext.wasm.js 1.0.0 gives probabilities above one, and throws numbers instead of errors.
#
# The library's predictions are shares of a softmax whose sum is rounded apart from its parts, and a small constant is added
# before its logarithm is taken and undone: a text that the model is sure of comes out above 1 (1.0000x). A file that is no
# model makes `loadModel` throw a number, the address of a C++ exception, which is no instance of Error and has no message.
#
# Source: facebookresearch/fastText, src/fasttext.cc and src/utils.h (std_log), built for WebAssembly; the model is lid.176.ftz, which
# the package itself brings.
# Consequence for a caller: cut probabilities at 1 before they are checked or stored, and name what is thrown.
# Seen, Node 24.21.0: largest probability 1.0000663995742798, thrown: a number.
# Fails when the package begins to answer otherwise.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact fasttext.wasm.js@1.0.0

cat > ask.mjs <<'JS'
import { readFileSync, readdirSync } from "node:fs";
import { getFastTextModule } from "fasttext.wasm.js";

const root = "node_modules/fasttext.wasm.js";
const model = readdirSync(root, { recursive: true }).find((name) => name.endsWith("lid.176.ftz"));
const library = await getFastTextModule();
library.FS.writeFile("model.bin", readFileSync(`${root}/${model}`));
const fastText = new library.FastText();
fastText.loadModel("model.bin");
const probability = (text) => fastText.predict(`${text}\n`, 1, 0).get(0)[0];
const texts = [
  "Всі люди народжуються вільними і рівними у своїй гідності та правах.",
  "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
  "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.",
  "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
];
const most = Math.max(...texts.map(probability));
console.log("largest probability", most);

let thrown;
try {
  library.FS.writeFile("other.bin", new TextEncoder().encode("no model, only a line of text\n"));
  new library.FastText().loadModel("other.bin");
} catch (error) {
  thrown = error;
}
console.log("thrown", typeof thrown);
process.exit(most > 1 && typeof thrown === "number" ? 0 : 1);
JS
node ask.mjs
