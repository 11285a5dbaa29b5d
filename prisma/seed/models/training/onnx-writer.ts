import { DTYPE, type OnnxNode, attribute, floats, writeOnnxModel } from "@/lib/artifact/onnx-writer";
import type { Network } from "./network";

/** The bytes of a feed-forward network (IR 8, opset 13; Gemm, Relu, Softmax); `metadata` keeps its insertion order. */
export function writeOnnx(name: string, network: Network, metadata: Record<string, string>): Uint8Array {
  const first = network.layers[0];
  const last = network.layers.at(-1);
  if (!first || !last) throw new RangeError("a network needs a layer");
  const nodes: OnnxNode[] = [];
  let current = "input";
  network.layers.forEach((layer, index) => {
    const isLast = layer === last;
    const sum = isLast ? "logits" : `sum${index}`;
    nodes.push({ operator: "Gemm", inputs: [current, `weights${index}`, `bias${index}`], outputs: [sum] });
    current = isLast ? sum : `hidden${index}`;
    if (!isLast) nodes.push({ operator: "Relu", inputs: [sum], outputs: [current] });
  });
  nodes.push({
    operator: "Softmax",
    inputs: [current],
    outputs: ["probabilities"],
    attributes: { axis: attribute.int(1) },
  });
  const weights = network.layers.flatMap((layer, index) => [
    floats(`weights${index}`, [layer.inputs, layer.outputs], layer.weights),
    floats(`bias${index}`, [layer.outputs], layer.bias),
  ]);
  const table = (of: string, columns: number) => ({ name: of, type: DTYPE.float, shape: ["rows", columns] });
  return writeOnnxModel({
    graph: {
      name,
      nodes,
      weights,
      inputs: [table("input", first.inputs)],
      outputs: [table("probabilities", last.outputs)],
    },
    opsets: [{ version: 13 }],
    metadata,
  });
}
