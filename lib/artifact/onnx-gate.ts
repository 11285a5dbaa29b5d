import { readFields, readPackedVarints, readString, WireError, type WireField } from "./protobuf-wire";

/**
 * Decides from the bytes alone whether an ONNX file may be run: plain feed-forward
 * networks only. Everything not expressly allowed is refused, because the native
 * runtime reads files of its working directory when a model asks it to.
 * A changed weight looks like any other weight: only the digest pin catches that.
 */

export type OnnxRefusal =
  | "too_large"
  | "not_onnx"
  | "unexpected_field"
  | "repeated_field"
  | "external_data"
  | "subgraph"
  | "custom_domain"
  | "operator_not_allowed"
  | "opset_not_supported"
  | "too_many_nodes"
  | "tensor_not_supported"
  | "tensor_size_mismatch"
  | "shape_not_supported";

export type OnnxSummary = {
  operators: readonly string[];
  parameterCount: number;
  input: { name: string; columns: number };
  output: { name: string; columns: number };
  metadata: Readonly<Record<string, string>>;
};

export type GateVerdict =
  { accepted: true; summary: OnnxSummary } | { accepted: false; code: OnnxRefusal; message: string };

export const MAX_ONNX_BYTES = 64 * 1024 * 1024;
const MAX_NODES = 1_000;
const MAX_PARAMETERS = 16_000_000;
const MAX_COLUMNS = 65_536;

/** None of these can loop, branch, read a file or make its output larger than its weights allow. */
const allowedOperators: ReadonlySet<string> = new Set([
  "Gemm",
  "MatMul",
  "Add",
  "Relu",
  "LeakyRelu",
  "Sigmoid",
  "Tanh",
  "Softmax",
  "Flatten",
  "Identity",
]);

/** Field number → may it occur more than once. Every other field is refused. */
const MODEL = new Map([
  [1, false],
  [2, false],
  [3, false],
  [4, false],
  [5, false],
  [6, false],
  [7, false],
  [8, true],
  [14, true],
]);
const GRAPH = new Map([
  [1, true],
  [2, false],
  [5, true],
  [10, false],
  [11, true],
  [12, true],
  [13, true],
]);
const NODE = new Map([
  [1, true],
  [2, true],
  [3, false],
  [4, false],
  [5, true],
  [6, false],
  [7, false],
]);
const ATTRIBUTE = new Map([
  [1, false],
  [2, false],
  [3, false],
  [4, false],
  [7, true],
  [8, true],
  [13, false],
  [20, false],
]);
const TENSOR = new Map([
  [1, true],
  [2, false],
  [4, true],
  [7, true],
  [8, false],
  [9, false],
  [12, false],
  [14, false],
]);
const PAIR = new Map([
  [1, false],
  [2, false],
]);
const VALUE_INFO = new Map([
  [1, false],
  [2, false],
  [3, false],
]);
const TYPE = new Map([[1, false]]);
const SHAPE = new Map([[1, true]]);

class Refused extends Error {
  constructor(
    readonly code: OnnxRefusal,
    message: string,
  ) {
    super(message);
  }
}

/** Reads the file and says what it holds, or why it will not be run. Never throws. */
export function inspectOnnx(file: Uint8Array): GateVerdict {
  try {
    return { accepted: true, summary: summaryOf(file) };
  } catch (error) {
    if (error instanceof Refused) return { accepted: false, code: error.code, message: error.message };
    if (error instanceof WireError)
      return {
        accepted: false,
        code: "not_onnx",
        message: `This is not a readable ONNX file: ${error.message}.`,
      };
    throw error;
  }
}

function summaryOf(file: Uint8Array): OnnxSummary {
  if (file.length > MAX_ONNX_BYTES) refuse("too_large", `The file is larger than ${MAX_ONNX_BYTES} bytes.`);
  if (file.length === 0) refuse("not_onnx", "The file is empty.");
  const model = allowed(readFields(file), MODEL, "model");
  const graphBytes = only(model, 7) ?? refuse("not_onnx", "The file holds no network.");
  checkOpsets(all(model, 8));
  checkDomain(only(model, 4), "model");
  const metadata = metadataOf(all(model, 14));
  const graph = allowed(readFields(graphBytes), GRAPH, "graph");
  const nodes = all(graph, 1);
  if (nodes.length === 0) refuse("not_onnx", "The network has no operators.");
  if (nodes.length > MAX_NODES) refuse("too_many_nodes", `The network has more than ${MAX_NODES} operators.`);
  const operators = nodes.map(operatorOf);
  const initializers = all(graph, 5).map(tensorOf);
  const parameterCount = initializers.reduce((total, tensor) => total + tensor.elements, 0);
  if (parameterCount > MAX_PARAMETERS)
    refuse("too_large", `The network has more than ${MAX_PARAMETERS} weights.`);
  const weights = new Set(initializers.map((tensor) => tensor.name));
  const inputs = all(graph, 11)
    .map(valueInfoOf)
    .filter((value) => !weights.has(value.name));
  const outputs = all(graph, 12).map(valueInfoOf);
  const [input] = inputs;
  const [output] = outputs;
  if (!input || !output || inputs.length > 1 || outputs.length > 1) {
    refuse("shape_not_supported", "The network must have one input and one output.");
  }
  return { operators: [...new Set(operators)].sort(), parameterCount, input, output, metadata };
}

function checkOpsets(opsets: readonly Uint8Array[]): void {
  if (opsets.length === 0) refuse("opset_not_supported", "The file names no operator set.");
  for (const opset of opsets) {
    const fields = allowed(readFields(opset), PAIR, "operator set");
    checkDomain(only(fields, 1), "operator set");
    const version = fields.find((field) => field.field === 2)?.value ?? 0;
    if (version < 7 || version > 23)
      refuse("opset_not_supported", `Operator set ${version} is not supported; 7 to 23 are.`);
  }
}

function checkDomain(bytes: Uint8Array | undefined, where: string): void {
  const domain = bytes ? readString(bytes) : "";
  if (domain !== "" && domain !== "ai.onnx")
    refuse("custom_domain", `The ${where} uses the domain "${shown(domain)}".`);
}

function metadataOf(pairs: readonly Uint8Array[]): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const pair of pairs) {
    const fields = allowed(readFields(pair), PAIR, "metadata");
    const key = readString(only(fields, 1) ?? new Uint8Array());
    if (key in metadata) refuse("repeated_field", `The metadata names "${shown(key)}" twice.`);
    metadata[key] = readString(only(fields, 2) ?? new Uint8Array());
  }
  return metadata;
}

function operatorOf(bytes: Uint8Array): string {
  const node = allowed(readFields(bytes), NODE, "operator");
  checkDomain(only(node, 7), "operator");
  const operator = readString(only(node, 4) ?? new Uint8Array());
  for (const attribute of all(node, 5)) checkAttribute(attribute, operator);
  if (!allowedOperators.has(operator))
    refuse("operator_not_allowed", `The operator "${shown(operator)}" is not on the list.`);
  return operator;
}

function checkAttribute(bytes: Uint8Array, operator: string): void {
  const fields = readFields(bytes);
  if (fields.some((field) => field.field === 6 || field.field === 11)) {
    refuse("subgraph", `The operator "${shown(operator)}" holds a network of its own.`);
  }
  allowed(fields, ATTRIBUTE, "attribute");
}

function tensorOf(bytes: Uint8Array): { name: string; elements: number } {
  const fields = readFields(bytes);
  const location = fields.find((field) => field.field === 14)?.value ?? 0;
  if (location !== 0 || fields.some((field) => field.field === 13)) {
    refuse("external_data", "The file asks for weights from another file.");
  }
  allowed(fields, TENSOR, "weights");
  const type = fields.find((field) => field.field === 2)?.value ?? 0;
  if (type !== 1 && type !== 7)
    refuse("tensor_not_supported", "Weights must be 32-bit floats or 64-bit integers.");
  const dimensions = fields
    .filter((field) => field.field === 1)
    .flatMap((field) => (field.wireType === 2 ? readPackedVarints(field.bytes) : [field.value]));
  const elements = dimensions.reduce((product, size) => product * size, 1);
  if (elements !== storedElements(fields, type)) {
    refuse("tensor_size_mismatch", "The weights are not as many as their dimensions say.");
  }
  return { name: readString(only(fields, 8) ?? new Uint8Array()), elements };
}

function storedElements(fields: readonly WireField[], type: number): number {
  const raw = only(fields, 9);
  if (raw) return raw.length / (type === 1 ? 4 : 8);
  const typed = fields.filter((field) => field.field === (type === 1 ? 4 : 7));
  return typed.reduce((total, field) => {
    if (field.wireType !== 2) return total + 1;
    return total + (type === 1 ? field.bytes.length / 4 : readPackedVarints(field.bytes).length);
  }, 0);
}

function valueInfoOf(bytes: Uint8Array): { name: string; columns: number } {
  const value = allowed(readFields(bytes), VALUE_INFO, "input or output");
  const type = allowed(readFields(only(value, 2) ?? new Uint8Array()), TYPE, "type");
  const tensor = allowed(readFields(only(type, 1) ?? new Uint8Array()), PAIR, "tensor type");
  const isFloat = tensor.some((field) => field.field === 1 && field.value === 1);
  const shape = allowed(readFields(only(tensor, 2) ?? new Uint8Array()), SHAPE, "shape");
  const [, width] = all(shape, 1).map(
    (dimension) => readFields(dimension).find((field) => field.field === 1)?.value ?? 0,
  );
  if (!isFloat || shape.length !== 2 || !width || width > MAX_COLUMNS) {
    refuse(
      "shape_not_supported",
      "Input and output must be tables of 32-bit floats with a fixed number of columns.",
    );
  }
  return { name: readString(only(value, 1) ?? new Uint8Array()), columns: width };
}

function allowed(fields: WireField[], rules: ReadonlyMap<number, boolean>, where: string): WireField[] {
  const seen = new Set<number>();
  for (const { field } of fields) {
    const mayRepeat = rules.get(field);
    if (mayRepeat === undefined)
      refuse("unexpected_field", `The ${where} holds field ${field}, which is not on the list.`);
    if (!mayRepeat && seen.has(field)) refuse("repeated_field", `The ${where} holds field ${field} twice.`);
    seen.add(field);
  }
  return fields;
}

function all(fields: readonly WireField[], number: number): Uint8Array[] {
  return fields.filter((field) => field.field === number).map((field) => bytesOf(field));
}

function only(fields: readonly WireField[], number: number): Uint8Array | undefined {
  const found = fields.find((field) => field.field === number);
  return found && bytesOf(found);
}

function bytesOf(field: WireField): Uint8Array {
  if (field.wireType !== 2) throw new WireError("a message was expected");
  return field.bytes;
}

function shown(text: string): string {
  return text.slice(0, 60);
}

function refuse(code: OnnxRefusal, message: string): never {
  throw new Refused(code, message);
}
