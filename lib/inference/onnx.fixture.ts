import {
  DTYPE,
  type OnnxGraph,
  type OnnxTensor,
  type Outside,
  attribute,
  bytes,
  floats,
  wholes,
  writeOnnxModel,
} from "@/lib/artifact/onnx-writer";

/** Models of tests in few words: IR 8, operator set 13, 32-bit floats, 64-bit whole numbers and truths. */

type Type = "float" | "int64" | "bool";
type Value = { name: string; type: Type; dimensions: (number | string)[] };
type Attribute = number | number[] | Graph;
type Node = { operator: string; inputs: string[]; outputs: string[]; attributes?: Record<string, Attribute> };
type Tensor = {
  name: string;
  dimensions: number[];
  values: readonly number[];
  type?: Type;
  /** Where its values lie instead, in a file beside the model: `location`, `offset`, `length`. */
  outside?: Outside;
};

export type Graph = { inputs: Value[]; outputs: Value[]; nodes: Node[]; tensors: Tensor[] };

/** The bytes of a model of one graph. */
export function onnxBytes(graph: Graph): Buffer {
  return Buffer.from(writeOnnxModel({ graph: graphOf(graph), opsets: [{ version: 13 }] }));
}

function graphOf({ inputs, outputs, nodes, tensors }: Graph): OnnxGraph {
  const valueOf = ({ name, type, dimensions }: Value) => ({ name, type: DTYPE[type], shape: dimensions });
  return {
    name: "graph",
    nodes: nodes.map(({ attributes = {}, ...node }) => {
      const held = Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)] as const);
      return { ...node, attributes: Object.fromEntries(held) };
    }),
    weights: tensors.map(tensorOf),
    inputs: inputs.map(valueOf),
    outputs: outputs.map(valueOf),
  };
}

function attributeOf(value: Attribute) {
  if (typeof value === "number") return attribute.int(value);
  return Array.isArray(value) ? attribute.ints(value) : attribute.graph(graphOf(value));
}

function tensorOf({ name, dimensions, values, type = "float", outside }: Tensor): OnnxTensor {
  const tensor =
    type === "float"
      ? floats(name, dimensions, values)
      : type === "int64"
        ? wholes(name, dimensions, values)
        : bytes(name, DTYPE.bool, dimensions, values);
  return outside ? { ...tensor, outside } : tensor;
}
