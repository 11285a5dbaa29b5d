/** Runs a plain ONNX file: numbers, whole numbers and texts in; scores, labels or a number out. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import ort from "onnxruntime-node";
import { matrixOf } from "../features.ts";
import { unpackInput } from "../packed-input.ts";
import { classAnswers, numberAnswers } from "./onnx-answers.mjs";

export async function open({ folder, contract }) {
  const file = path.join(folder, contract.entry);
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: contract.threads,
    interOpNumThreads: contract.threads,
    executionMode: "sequential",
    logSeverityLevel: 4,
  });
  const types = new Map(session.inputMetadata.map(({ name, type, shape }) => [name, { type, shape }]));
  return { answer: async (rows) => answerRows(session, types, rows, contract) };
}

/** Rows that no number can be read from are refused by themselves; the others run. */
async function answerRows(session, types, rows, contract) {
  const refusals = rows.map((row) => refusalOf(row, contract.input));
  const runnable = rows.filter((_, at) => refusals[at] === null);
  if (runnable.length === 0) return refusals.map((refused) => ({ refused }));
  const feeds = feedsOf(runnable, contract.input, types, session.inputNames);
  const results = await session.run(feeds, fetchesOf(contract.output, session.outputNames));
  const answers =
    contract.output.kind === "number"
      ? numberAnswers(results, contract.output, runnable.length)
      : classAnswers(results, contract.output, runnable.length);
  return refusals.map((refused) => (refused === null ? answers.shift() : { refused }));
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
  const features = rows.map(({ packed }) => unpackInput(packed, preprocessing));
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

/** A list of rows, or a table of them. */
function shapeOf({ shape }, rows, columns) {
  return shape.length === 1 && columns === 1 ? [rows] : [rows, columns];
}
