/** Writes ONNX files for tests: IR 8, operator set 13, 32-bit floats, 64-bit whole numbers and truths. */

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
  outside?: Record<string, string>;
};

export type Graph = { inputs: Value[]; outputs: Value[]; nodes: Node[]; tensors: Tensor[] };

const TYPES = { float: 1, int64: 7, bool: 9 };

/** The bytes of a model of one graph. */
export function onnxBytes(graph: Graph): Buffer {
  return Buffer.concat([number(1, 8), message(7, graphBytes(graph)), message(8, number(2, 13))]);
}

function graphBytes({ inputs, outputs, nodes, tensors }: Graph): Buffer {
  return Buffer.concat([
    ...nodes.map((node) => message(1, nodeBytes(node))),
    text(2, "graph"),
    ...tensors.map((tensor) => message(5, tensorBytes(tensor))),
    ...inputs.map((value) => message(11, valueBytes(value))),
    ...outputs.map((value) => message(12, valueBytes(value))),
  ]);
}

function nodeBytes({ operator, inputs, outputs, attributes = {} }: Node): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, attributeBytes(name, value))),
  ]);
}

function attributeBytes(name: string, value: Attribute): Buffer {
  if (typeof value === "number") return Buffer.concat([text(1, name), number(3, value), number(20, 2)]);
  if (Array.isArray(value))
    return Buffer.concat([text(1, name), ...value.map((one) => number(8, one)), number(20, 7)]);
  return Buffer.concat([text(1, name), message(6, graphBytes(value)), number(20, 5)]);
}

function tensorBytes({ name, dimensions, values, type = "float", outside }: Tensor): Buffer {
  const entries = Object.entries(outside ?? {}).map(([key, value]) =>
    message(13, Buffer.concat([text(1, key), text(2, value)])),
  );
  return Buffer.concat([
    ...dimensions.map((size) => number(1, size)),
    number(2, TYPES[type]),
    text(8, name),
    ...(outside ? [...entries, number(14, 1)] : [message(9, rawBytes(values, type))]),
  ]);
}

function rawBytes(values: readonly number[], type: Type): Buffer {
  if (type === "float") return Buffer.from(Float32Array.from(values).buffer);
  return type === "bool" ? Buffer.from(values) : Buffer.from(BigInt64Array.from(values, BigInt).buffer);
}

function valueBytes({ name, type, dimensions }: Value): Buffer {
  const shape = dimensions.map((size) =>
    message(1, typeof size === "number" ? number(1, size) : text(2, size)),
  );
  const tensor = Buffer.concat([number(1, TYPES[type]), message(2, Buffer.concat(shape))]);
  return Buffer.concat([text(1, name), message(2, message(1, tensor))]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

function number(field: number, value: number): Buffer {
  return Buffer.from([...varint(field * 8), ...varint(value)]);
}

function message(field: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}
