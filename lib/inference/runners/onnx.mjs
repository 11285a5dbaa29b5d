/** Runs a plain ONNX file: numbers, whole numbers and texts in; scores, labels or a number out. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import ort from "onnxruntime-node";
import { featuresOfImage, matrixOf } from "../features.ts";
import { unpackInput } from "../packed-input.ts";
import { prepareInput } from "../prepare-input.ts";
import { sessionOptions } from "../session-options.ts";
import { classAnswers, numberAnswers } from "./onnx-answers.mjs";
import { withOutput } from "./onnx-output.mjs";
import { greyLevels } from "./picture.mjs";

export async function open({ folder, contract: stated }) {
  const contract = { ...stated, input: readInput(stated.input) };
  const file = path.join(folder, contract.entry);
  const session = await openSession(file, contract.output.scores?.graphOutput);
  const types = new Map(session.inputMetadata.map(({ name, type, shape }) => [name, { type, shape }]));
  return { answer: async (rows) => answerRows(session, types, rows, contract) };
}

/** Asks for scores that the file does not hand out by itself: how is told in `onnx-output.mjs`. */
async function openSession(file, scores) {
  const session = await ort.InferenceSession.create(file, sessionOptions);
  if (typeof scores !== "string" || session.outputNames.includes(scores)) return session;
  const more = withOutput(await readFile(file), scores);
  return ort.InferenceSession.create(new Uint8Array(more), sessionOptions);
}

/** What this installation prepares is said in JSON of the file's own. */
function readInput(input) {
  return input.kind === "prepared" ? { ...input, preprocessing: JSON.parse(input.preprocessing) } : input;
}

/** Rows that no number can be read from are refused by themselves; the others run. */
async function answerRows(session, types, rows, contract) {
  const prepared = await Promise.all(rows.map((row) => preparedRow(row, contract.input)));
  const refusals = prepared.map(({ refused }) => refused ?? null);
  const runnable = prepared.filter(({ refused }) => refused === undefined);
  if (runnable.length === 0) return refusals.map((refused) => ({ refused }));
  const feeds = feedsOf(runnable, contract.input, types, session.inputNames);
  const results = await session.run(feeds, fetchesOf(contract.output, session.outputNames));
  const answers =
    contract.output.kind === "number"
      ? numberAnswers(results, contract.output, runnable.length)
      : classAnswers(results, contract.output, runnable.length);
  return prepared.map(({ refused, seen }) =>
    refused === undefined ? { ...answers.shift(), ...(seen && { seen }) } : { refused },
  );
}

/** A row as the feeds read it, or why it cannot be run. */
async function preparedRow(row, input) {
  if (input.kind !== "prepared") {
    const refused = refusalOf(row, input);
    return refused === null ? row : { refused };
  }
  const { preprocessing } = input;
  if (row.kind === "prepared") return { features: unpackInput(row.packed, preprocessing) };
  try {
    if (row.kind !== "image") return { features: prepareInput(row, preprocessing) };
    const { levels, seen } = await greyLevels(row.base64, preprocessing.width, preprocessing.height);
    return { features: featuresOfImage(levels, preprocessing), seen };
  } catch (error) {
    return { refused: String(error?.message ?? error).slice(0, 200) };
  }
}

function refusalOf(row, input) {
  if (input.kind !== "fields") return null;
  for (const { name, type } of input.columns) {
    const text = row.values[name];
    if (text === undefined) return `The field ${name} is missing.`;
    if (type !== "text" && (text.trim() === "" || !Number.isFinite(Number(text))))
      return `The field ${name} holds no number.`;
    if (type === "whole_number" && !/^[+-]?\d{1,18}$/.test(text.trim()))
      return `The field ${name} holds no whole number.`;
  }
  return null;
}

/** Outputs are always named: a sequence of maps cannot be fetched, and need not be. */
function fetchesOf(output, names) {
  if (output.kind === "number") return [output.graphOutput ?? names[0]];
  return [output.scores?.graphOutput, output.labelOutput].filter((name) => typeof name === "string");
}

function feedsOf(rows, input, types, names) {
  if (input.kind === "prepared") return preparedFeeds(rows, input);
  if (input.kind === "text") {
    const texts = rows.map(({ text }) => text.normalize("NFC"));
    return { [names[0]]: new ort.Tensor("string", texts, shapeOf(types.get(names[0]), rows.length, 1)) };
  }
  const byInput = Map.groupBy(input.columns, ({ graphInput }) => graphInput);
  return Object.fromEntries(
    [...byInput].map(([name, columns]) => [name, fieldTensor(rows, columns, types.get(name))]),
  );
}

function preparedFeeds(rows, { preprocessing, graphInput }) {
  const features = rows.map((row) => row.features);
  const matrix = matrixOf(features, preprocessing);
  return { [graphInput]: new ort.Tensor("float32", matrix, [rows.length, matrix.length / rows.length]) };
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

function fieldTensor(rows, columns, declared) {
  const { type } = declared;
  const inPlace = columns.toSorted((a, b) => a.place - b.place);
  const cells = rows.flatMap(({ values }) => inPlace.map(({ name }) => values[name]));
  const shape = shapeOf(declared, rows.length, inPlace.length);
  if (type === "string")
    return new ort.Tensor(
      "string",
      cells.map((cell) => cell.normalize("NFC")),
      shape,
    );
  const read = type === "int64" ? (cell) => BigInt(cell.trim()) : Number;
  const ArrayOf = ARRAYS[type];
  if (!ArrayOf) throw new Error(`inputs of type ${type} are not run here`);
  return new ort.Tensor(type, ArrayOf.from(cells, read), shape);
}

/** As the graph declares it, where that many cells fill it; a table of rows otherwise. */
function shapeOf({ shape }, rows, columns) {
  const declared = shape.map((size, at) => {
    if (typeof size === "number" && size > 0) return size;
    return at === 0 ? rows : 1;
  });
  const cells = declared.reduce((product, size) => product * size, 1);
  const keepsRows = rows === 1 || typeof shape[0] !== "number" || shape.length === 2;
  return keepsRows && cells === rows * columns ? declared : [rows, columns];
}
