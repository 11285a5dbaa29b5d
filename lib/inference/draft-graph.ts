import type { GraphFacts, GraphValue } from "./bundle-facts";
import { type Drafted, plainContract } from "./plain-contract";
import type { RunContract } from "./run-contract";
import { toleranceOf } from "./run-tolerance";
import { runtimes } from "./runtimes";

const ROWS_PER_CALL = 512;
const MOST_COLUMNS = 4_096;
/** Where nobody has measured how far two honest runs differ. */
const UNMEASURED = 0.1;
/** Rows that lie on a cut of a tree or tie fall to another side by the rounding of a processor. */
const TIES_PER_THOUSAND = 5;

/** The types that rows can be turned into, and what they are called in a table. */
const COLUMN_TYPES = {
  float32: "number",
  float64: "number",
  int64: "whole_number",
  int32: "whole_number",
  bool: "whole_number",
  string: "text",
} as const;
type ColumnType = keyof typeof COLUMN_TYPES;

/** How many rows go in a call, and how far two honest runs may differ, by what a graph computes (`run-tolerance.ts`). */
export function boundsOf({
  operators,
  neighbours,
  quantised,
}: Pick<GraphFacts, "operators" | "neighbours" | "quantised">): Pick<
  RunContract,
  "rowsPerCall" | "tolerance"
> {
  const isForest = operators.some((name) => name.startsWith("TreeEnsemble"));
  const confidence = toleranceOf({ operators, quantised })?.confidence ?? UNMEASURED;
  return {
    rowsPerCall: neighbours.length > 0 ? 1 : ROWS_PER_CALL,
    tolerance: { confidence: String(confidence), flipsPerThousand: isForest ? TIES_PER_THOUSAND : 0 },
  };
}

/** A plain graph: a row is its columns, in the order of its inputs; or one text. */
export function draftGraph(entry: string, facts: GraphFacts): Drafted {
  if (facts.whyNotRun !== "") return { reason: facts.whyNotRun };
  const input = inputOf(facts.inputs);
  if ("reason" in input) return input;
  const output = outputOf(facts);
  if ("reason" in output) return output;
  const isText = input.kind === "text";
  const task =
    output.kind === "number"
      ? "tabular-regression"
      : isText
        ? "text-classification"
        : "tabular-classification";
  return {
    contract: {
      ...plainContract,
      ...boundsOf(facts),
      bundle: "onnx",
      ...{ task, entry, input, output },
      runtime: runtimes.onnx,
    },
  };
}

type Input = RunContract["input"];
type Output = RunContract["output"];

function inputOf(inputs: readonly GraphValue[]): Input | { reason: string } {
  const odd = inputs.find(({ type }) => !(type in COLUMN_TYPES));
  if (odd)
    return {
      reason: /float16/.test(odd.type)
        ? `Its input ${odd.name} is in half precision, which cannot be handed over here. Export it with float32 inputs; inside it may stay as it is.`
        : `Its input ${odd.name} is of a type that no row of a table can be turned into.`,
    };
  const deep = inputs.find(({ shape }) => shape.length > 2);
  if (deep)
    return {
      reason: `Its input ${deep.name} has ${deep.shape.length} dimensions, and nothing says how a picture or sound becomes such numbers. Add the config.json and preprocessor_config.json of its Hugging Face layout.`,
    };
  const [only] = inputs;
  if (!only) return { reason: "Its graph has no inputs, so there is nothing to ask it." };
  if (inputs.length === 1 && only.type === "string" && widthOf(only) === 1)
    return { kind: "text", maxCharacters: 10_000 };
  const columns = inputs.flatMap((one) => {
    const width = Math.min(widthOf(one), MOST_COLUMNS + 1);
    const type = COLUMN_TYPES[one.type as ColumnType];
    return Array.from({ length: width }, (_, place) => ({
      ...{ name: width === 1 ? one.name : `${one.name}_${place + 1}`, type, graphInput: one.name, place },
    }));
  });
  return columns.length > MOST_COLUMNS
    ? { reason: `It reads more than ${MOST_COLUMNS.toLocaleString("en")} columns a row.` }
    : { kind: "fields", columns };
}

/** Columns of one row; one where the file does not say. */
function widthOf({ shape }: GraphValue): number {
  return shape.length === 2 ? (shape[1] ?? 1) : 1;
}

const isFloat = ({ type }: GraphValue) => type === "float32" || type === "float64";
const namesClass = ({ type, shape }: GraphValue) =>
  (type === "int64" || type === "string") && (shape.length < 2 || shape[1] === 1);

function outputOf(facts: GraphFacts): Output | { reason: string } {
  const { outputs, operators, labels, classifier } = facts;
  if (classifier) return classifierOutput(classifier, labels);
  const scores = outputs.find(isFloat);
  const labelOutput = outputs.find(namesClass);
  if (!scores && !labelOutput) return { reason: "None of its outputs is a number or the name of a class." };
  if ([...(scores?.shape ?? [])].length > 2)
    return { reason: "Its output has more than two dimensions, and nothing says what they mean." };
  const width = scores ? widthOf(scores) : 1;
  const isShare = operators.some(
    (name) => name === "Softmax" || name === "Sigmoid" || name.endsWith("Classifier"),
  );
  const isClass =
    labelOutput !== undefined || labels.length > 1 || width > 1 || operators.includes("Sigmoid");
  if (scores && !isClass) return { kind: "number", graphOutput: scores.name, within: "0.5" };
  const count = width > 1 ? width : 2;
  return {
    kind: "class",
    labels: labels.length > 1 ? [...labels] : Array.from({ length: count }, (_, at) => String(at)),
    scores: scores ? { form: isShare ? "probabilities" : "logits", graphOutput: scores.name } : null,
    labelOutput: labelOutput?.name ?? null,
    threshold: null,
  };
}

/** Of the classifiers of ai.onnx.ml everything is known; a label that is known to contradict the scores is not asked. */
function classifierOutput(
  { scoresOutput, labelOutput }: NonNullable<GraphFacts["classifier"]>,
  labels: readonly string[],
): Output | { reason: string } {
  if (scoresOutput === null && labelOutput === null)
    return { reason: "Its label is known to contradict its own scores, and the scores are no output of it." };
  return {
    kind: "class",
    labels: labels.length > 1 ? [...labels] : ["0", "1"],
    scores: scoresOutput === null ? null : { form: "probabilities", graphOutput: scoresOutput },
    ...{ labelOutput, threshold: null },
  };
}
