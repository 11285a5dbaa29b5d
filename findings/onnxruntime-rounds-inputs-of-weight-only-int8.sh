#!/usr/bin/env bash
# onnxruntime-node 1.27.0 and 1.30.0 compute with inputs of 8 bits where only the weights of a model are of 8 bits.
#
# A model whose weights are int8 behind DequantizeLinear and whose inputs are 32-bit floats ("weight-only" quantisation) says
# by its own operators: make the weights floats again, then multiply floats. At the default optimisation level the pair
# DequantizeLinear + MatMul is fused into MatMulNBits, whose accuracy level lets the kernel round the inputs to 8 bits as
# well. Nothing warns. Scores move in the second or third digit; near a tie the class flips. With the session option
# `session.qdq_matmulnbits_accuracy_level` set to "0", or at the optimisation level "basic", the answers are those that the
# operators say.
#
# Source: ONNX operator specification, DequantizeLinear and MatMul; onnxruntime, onnxruntime_session_options_config_keys.h.
# Consequence for a caller: set the option, or figures belong to another computation than the file describes; a run at
# "basic" and one at the default are no repetition of each other.
# Fails when one of these versions begins to answer otherwise.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export ONNXRUNTIME_NODE_INSTALL=skip ORT_DISABLE_TELEMETRY=1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact \
  v1.27.0@npm:onnxruntime-node@1.27.0 v1.30.0@npm:onnxruntime-node@1.30.0

cat > ask.cjs <<'JS'
const [rows, inner, outer] = [16, 64, 8];
let state = 7;
const draw = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648) * 2 - 1;
const inputs = Float32Array.from({ length: rows * inner }, draw);
const weights = Int8Array.from({ length: inner * outer }, () => Math.round(draw() * 100));
const scale = 0.01;

// Protobuf by hand: only the fields a reader needs.
const varint = (value) => (value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]);
const number = (field, value) => Buffer.from([...varint(field * 8), ...varint(value)]);
const message = (field, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
};
const tensor = (name, type, sizes, raw) =>
  message(5, ...sizes.map((size) => number(1, size)), number(2, type), message(8, name), message(9, raw));
const node = (operator, ins, out) =>
  message(1, ...ins.map((name) => message(1, name)), message(2, out), message(4, operator));
const value = (field, name, columns) => {
  const shape = message(2, message(1, message(2, "rows")), message(1, number(1, columns)));
  return message(field, message(1, name), message(2, message(1, number(1, 1), shape)));
};
const graph = message(
  7,
  node("DequantizeLinear", ["w", "s"], "f"),
  node("MatMul", ["x", "f"], "y"),
  message(2, "weight_only"),
  tensor("w", 3, [inner, outer], Buffer.from(weights.buffer)),
  tensor("s", 1, [], Buffer.from(Float32Array.of(scale).buffer)),
  value(11, "x", inner),
  value(12, "y", outer),
);
const model = new Uint8Array(Buffer.concat([number(1, 8), graph, message(8, number(2, 13))]));

const right = Array.from({ length: rows * outer }, (_, at) => {
  const [row, column] = [Math.floor(at / outer), at % outer];
  let sum = 0;
  for (let k = 0; k < inner; k += 1) sum += inputs[row * inner + k] * weights[k * outer + column] * Math.fround(scale);
  return sum;
});

async function farthest(version, options) {
  const ort = require(`v${version}`);
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 4, ...options });
  const { y } = await session.run({ x: new ort.Tensor("float32", inputs, [rows, inner]) });
  return Math.max(...right.map((one, at) => Math.abs(one - y.data[at])));
}

(async () => {
  const version = process.argv[2];
  const asked = { extra: { session: { qdq_matmulnbits_accuracy_level: "0" } } };
  const found = {
    default: await farthest(version, {}),
    basic: await farthest(version, { graphOptimizationLevel: "basic" }),
    "accuracy level 0": await farthest(version, asked),
  };
  for (const [name, distance] of Object.entries(found)) console.log(version, name, distance.toExponential(1));
  const isAsStated = found.default > 1e-3 && found.basic < 1e-5 && found["accuracy level 0"] < 1e-5;
  process.exit(isAsStated ? 0 : 1);
})();
JS
# Each in a process of its own: two versions cannot be loaded into one.
for version in 1.27.0 1.30.0; do node ask.cjs "$version"; done
# Seen, Node 24.21.0, x64 with AVX-512, the largest distance of 128 sums from the same in double precision, both versions:
#   default 2.8e-2, basic 1.5e-6, accuracy level 0 1.5e-6
