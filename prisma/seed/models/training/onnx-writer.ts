import type { Network } from "./network";

/**
 * Writes a feed-forward network as an ONNX file (IR 8, opset 13; Gemm, Relu, Softmax).
 * Only the protobuf fields a reader needs are written, in a fixed order, so equal
 * networks give equal bytes.
 */

const FLOAT = 1;
const encoder = new TextEncoder();

/** The bytes of `model.onnx`; `metadata` keeps its insertion order. */
export function writeOnnx(name: string, network: Network, metadata: Record<string, string>): Uint8Array {
  const first = network.layers[0];
  const last = network.layers.at(-1);
  if (!first || !last) throw new RangeError("a network needs a layer");
  return joined([
    varintField(1, 8),
    textField(2, "offcut"),
    textField(3, "1"),
    bytesField(7, graphOf(name, network, first.inputs, last.outputs)),
    bytesField(8, varintField(2, 13)),
    ...Object.entries(metadata).map(([key, value]) =>
      bytesField(14, joined([textField(1, key), textField(2, value)])),
    ),
  ]);
}

function graphOf(name: string, network: Network, inputs: number, outputs: number): Uint8Array {
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let current = "input";
  network.layers.forEach((layer, index) => {
    const isLast = index === network.layers.length - 1;
    const sum = isLast ? "logits" : `sum${index}`;
    nodes.push(nodeOf("Gemm", [current, `weights${index}`, `bias${index}`], sum));
    if (!isLast) nodes.push(nodeOf("Relu", [sum], `hidden${index}`));
    current = isLast ? sum : `hidden${index}`;
    initializers.push(tensorOf(`weights${index}`, [layer.inputs, layer.outputs], layer.weights));
    initializers.push(tensorOf(`bias${index}`, [layer.outputs], layer.bias));
  });
  nodes.push(nodeOf("Softmax", [current], "probabilities", [axisAttribute(1)]));
  return joined([
    ...nodes.map((node) => bytesField(1, node)),
    textField(2, name),
    ...initializers.map((tensor) => bytesField(5, tensor)),
    bytesField(11, valueInfo("input", inputs)),
    bytesField(12, valueInfo("probabilities", outputs)),
  ]);
}

function nodeOf(
  operator: string,
  inputs: string[],
  output: string,
  attributes: Uint8Array[] = [],
): Uint8Array {
  return joined([
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(4, operator),
    ...attributes.map((attribute) => bytesField(5, attribute)),
  ]);
}

function axisAttribute(axis: number): Uint8Array {
  return joined([textField(1, "axis"), varintField(3, axis), varintField(20, 2)]);
}

function tensorOf(name: string, dimensions: number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(values.length * 4);
  const view = new DataView(raw.buffer);
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return joined([
    ...dimensions.map((size) => varintField(1, size)),
    varintField(2, FLOAT),
    textField(8, name),
    bytesField(9, raw),
  ]);
}

function valueInfo(name: string, columns: number): Uint8Array {
  const rows = bytesField(1, textField(2, "rows"));
  const width = bytesField(1, varintField(1, columns));
  const tensorType = joined([varintField(1, FLOAT), bytesField(2, joined([rows, width]))]);
  return joined([textField(1, name), bytesField(2, bytesField(1, tensorType))]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function varintField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

function bytesField(field: number, value: Uint8Array): Uint8Array {
  return joined([Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value]);
}

function textField(field: number, value: string): Uint8Array {
  return bytesField(field, encoder.encode(value));
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
