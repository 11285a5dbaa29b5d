/**
 * Writes ONNX files. Only the protobuf fields a reader needs are written, in a fixed order, so equal
 * models give equal bytes. No runtime and no converter is asked.
 */

export const DTYPE = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
} as const;
export type DType = (typeof DTYPE)[keyof typeof DTYPE];

/** An attribute of a node, in the message of the protobuf: its field, its value, its type. */
export type Attribute = (name: string) => Uint8Array;
export type Dimension = number | string;

export type OnnxNode = {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, Attribute>>;
  domain?: string;
};
export type OnnxTensor = {
  name: string;
  type: DType;
  shape: readonly number[];
  raw: Uint8Array;
  outside?: Outside;
};
/** Where the bytes of a weight lie in a file beside the model. */
export type Outside = Readonly<Record<"location" | "offset" | "length", string>>;
/** A table or list of `type`; `fields` is the message of a type that is no tensor. */
export type OnnxValue =
  { name: string; type: DType; shape: readonly Dimension[] } | { name: string; type: Uint8Array };

export type OnnxGraph = {
  name: string;
  nodes: readonly OnnxNode[];
  weights: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
};
export type OnnxModel = {
  graph: OnnxGraph;
  irVersion?: number;
  opsets: readonly { domain?: string; version: number }[];
  metadata?: Readonly<Record<string, string>>;
};

const encoder = new TextEncoder();

/** The bytes of a model file; `metadata` keeps its insertion order. */
export function writeOnnxModel({ graph, irVersion = 8, opsets, metadata = {} }: OnnxModel): Uint8Array {
  return joined([
    varintField(1, irVersion),
    textField(2, "offcut"),
    textField(3, "1"),
    bytesField(7, graphOf(graph)),
    ...opsets.map(({ domain, version }) =>
      bytesField(8, joined([...(domain ? [textField(1, domain)] : []), varintField(2, version)])),
    ),
    ...Object.entries(metadata).map(([key, value]) =>
      bytesField(14, joined([textField(1, key), textField(2, value)])),
    ),
  ]);
}

/** 32-bit floats as a weight. */
export function floats(name: string, shape: readonly number[], values: ArrayLike<number>): OnnxTensor {
  const raw = new Uint8Array(values.length * 4);
  const view = new DataView(raw.buffer);
  for (let at = 0; at < values.length; at += 1) view.setFloat32(at * 4, values[at] ?? 0, true);
  return { name, type: DTYPE.float, shape, raw };
}

/** 8-bit whole numbers as a weight. */
export function bytes(
  name: string,
  type: typeof DTYPE.int8 | typeof DTYPE.uint8 | typeof DTYPE.bool,
  shape: readonly number[],
  values: readonly number[],
): OnnxTensor {
  return { name, type, shape, raw: Uint8Array.from(values, (value) => value & 255) };
}

/** 64-bit whole numbers as a weight. */
export function wholes(name: string, shape: readonly number[], values: readonly number[]): OnnxTensor {
  const raw = new Uint8Array(values.length * 8);
  const view = new DataView(raw.buffer);
  values.forEach((value, at) => view.setBigInt64(at * 8, BigInt(value), true));
  return { name, type: DTYPE.int64, shape, raw };
}

export const attribute = {
  float: (value: number): Attribute => attributeOf([floatField(2, value)], 1),
  int: (value: number): Attribute => attributeOf([varintField(3, value)], 2),
  text: (value: string): Attribute => attributeOf([textField(4, value)], 3),
  graph: (value: OnnxGraph): Attribute => attributeOf([bytesField(6, graphOf(value))], 5),
  floats: (values: readonly number[]): Attribute =>
    attributeOf(
      values.map((value) => floatField(7, value)),
      6,
    ),
  ints: (values: readonly number[]): Attribute =>
    attributeOf(
      values.map((value) => varintField(8, value)),
      7,
    ),
  texts: (values: readonly string[]): Attribute =>
    attributeOf(
      values.map((value) => textField(9, value)),
      8,
    ),
};

/** A list of maps from whole numbers to floats, which is what a ZipMap gives. */
export function listOfMaps(name: string): OnnxValue {
  const floatType = bytesField(2, bytesField(1, varintField(1, DTYPE.float)));
  const map = bytesField(5, joined([varintField(1, DTYPE.int64), floatType]));
  return { name, type: bytesField(4, bytesField(1, map)) };
}

function graphOf({ name, nodes, weights, inputs, outputs }: OnnxGraph): Uint8Array {
  return joined([
    ...nodes.map((node) => bytesField(1, nodeOf(node))),
    textField(2, name),
    ...weights.map((tensor) => bytesField(5, tensorOf(tensor))),
    ...inputs.map((value) => bytesField(11, valueInfo(value))),
    ...outputs.map((value) => bytesField(12, valueInfo(value))),
  ]);
}

function nodeOf({ operator, inputs, outputs, attributes = {}, domain }: OnnxNode): Uint8Array {
  return joined([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, write]) => bytesField(5, write(name))),
    ...(domain ? [textField(7, domain)] : []),
  ]);
}

function attributeOf(value: readonly Uint8Array[], type: number): Attribute {
  return (name) => joined([textField(1, name), ...value, varintField(20, type)]);
}

function tensorOf({ name, type, shape, raw, outside }: OnnxTensor): Uint8Array {
  const held = outside
    ? [
        ...Object.entries(outside).map(([key, value]) =>
          bytesField(13, joined([textField(1, key), textField(2, value)])),
        ),
        varintField(14, 1),
      ]
    : [bytesField(9, raw)];
  return joined([
    ...shape.map((size) => varintField(1, size)),
    varintField(2, type),
    textField(8, name),
    ...held,
  ]);
}

function valueInfo(value: OnnxValue): Uint8Array {
  if (!("shape" in value)) return joined([textField(1, value.name), bytesField(2, value.type)]);
  const dimensions = value.shape.map((size) =>
    bytesField(1, typeof size === "string" ? textField(2, size) : varintField(1, size)),
  );
  const tensorType = joined([varintField(1, value.type), bytesField(2, joined(dimensions))]);
  return joined([textField(1, value.name), bytesField(2, bytesField(1, tensorType))]);
}

function varint(value: number): number[] {
  const bytesOfIt: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytesOfIt.push(Number(rest % 128n) | 128);
    rest /= 128n;
  }
  bytesOfIt.push(Number(rest));
  return bytesOfIt;
}

function varintField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

function floatField(field: number, value: number): Uint8Array {
  const whole = new Uint8Array(5);
  whole[0] = field * 8 + 5;
  new DataView(whole.buffer).setFloat32(1, value, true);
  return whole;
}

function bytesField(field: number, value: Uint8Array): Uint8Array {
  return joined([Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value]);
}

function textField(field: number, value: string): Uint8Array {
  return bytesField(field, encoder.encode(value));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
