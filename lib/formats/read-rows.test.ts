import { expect, test } from "vitest";
import { MAX_RUN_ROWS } from "@/lib/inference/evaluation-run";
import { readInputs, readRows } from "./read-rows";

const numbers = {
  kind: "numbers",
  version: 1,
  columns: [
    { name: "Flipper", unit: "mm", mean: 0, scale: 1 },
    { name: "mass", unit: "g", mean: 0, scale: 1 },
  ],
} as const;
const board = { kind: "board", version: 1, columns: 4, rows: 4 } as const;
const text = {
  ...{ kind: "text-hash", version: 1, dimensions: 64, maxCharacters: 100 },
  ...{ units: [{ kind: "word", from: 1, to: 1 }], weighting: "count", normalisation: "none" },
} as const;

type Spec = typeof numbers | typeof board | typeof text;

async function read(lines: readonly string[], preprocessing: Spec, fileName = "rows.csv") {
  const contract = {
    input: { kind: "prepared", preprocessing: JSON.stringify(preprocessing), graphInput: "x" },
  } as never;
  const asked = {
    ...{ fileName, outputColumns: [], thresholds: [], found: "not_said" as const },
    ...{ conditions: [], level: 0.9, salt: "0".repeat(64), contract },
  };
  const found = await readRows(asked, new TextEncoder().encode(lines.join("\n")));
  return "problems" in found ? found.problems : found.toRerun;
}

test("inputs are found by the names of the model's contract, in whatever order and case, with what was said", async () => {
  const found = await read(["label,MASS,prediction,flipper,confidence", "a,2,b,1,0.5", "b,4,,3,"], numbers);
  expect(found).toEqual({
    inputs: [
      { kind: "prepared", packed: [1, 2] },
      { kind: "prepared", packed: [3, 4] },
    ],
    said: [{ prediction: "b", confidence: 0.5 }, { prediction: "" }],
  });
});

test("text under either of its names is prepared as at serving time, and no text leaves the reader", async () => {
  for (const name of ["text", "Input"]) {
    const found = await read([`label,prediction,${name}`, "a,a,one two two"], text);
    expect(found).toMatchObject({ said: [{ prediction: "a" }] });
    expect(JSON.stringify(found)).not.toContain("two");
  }
});

test("what cannot be run again says why in a sentence: missing columns, too many rows", async () => {
  expect(await read(["label,prediction,mass", "a,a,1"], numbers)).toMatchObject({
    reason: "The rows hold no inputs: no column flipper.",
  });
  const many = Array.from({ length: MAX_RUN_ROWS + 1 }, () => "a,a,1,2");
  expect(await read(["label,prediction,mass,flipper", ...many], numbers)).toMatchObject({
    reason: "More than 20,000 rows are not run again here at once.",
  });
  const late = [
    '{"label":"a","prediction":"a"}',
    '{"label":"a","prediction":"a","board":"................"}',
  ];
  expect(await read(late, board, "rows.jsonl")).toMatchObject({ reason: "Not every row holds its inputs." });
});

test("an input that the model cannot read is a problem of its line, never a row left out", async () => {
  const rows = ["label,prediction,mass,flipper", "a,a,1,2", "a,a,,2", "a,a,NaN,2"];
  expect(await read(rows, numbers)).toEqual([
    'Line 3: "mass" is an input and holds no number.',
    'Line 4: "mass" is an input and holds no number.',
  ]);
  expect(await read(["label,prediction,board", "a,a,xo"], board)).toEqual([
    'Line 2: "board" is an input: 16 of the signs x, o and . from the bottom row up.',
  ]);
});

test("conditions that another run examined are examined here too, where the file has their columns", async () => {
  const says = { all: [{ on: "answer" as const, says: ["a"] }] };
  const loud = { all: [{ on: "input" as const, column: "loud", is: "true" }, ...says.all] };
  const absent = { all: [{ on: "input" as const, column: "far", is: "true" }] };
  const lines = ["label,prediction,loud", "a,a,true", "b,a,false", "b,b,true"];
  const asked = {
    ...{ fileName: "r.csv", outputColumns: [], thresholds: [], found: "not_said" as const },
    ...{ conditions: [], level: 0.9, salt: "0".repeat(64) },
  };
  const found = await readRows(
    { ...asked, listed: [says, loud, absent] },
    new TextEncoder().encode(lines.join("\n")),
  );
  if ("problems" in found) throw new Error(found.problems.join(" "));
  const { slices } = found.counted.summary;
  expect(slices.map(({ n, k, discovered }) => [n, k, discovered])).toEqual([
    [2, 2, false],
    [2, 1, false],
    [1, 1, false],
  ]);
});

const inputOf = (input: object) => ({ input, output: { kind: "text" } }) as never;

test.each([
  [
    "a question and its context",
    inputOf({ kind: "question", maxCharacters: 100 }),
    "label,question,context\nBern,Where?,In Bern.",
    [{ kind: "question", question: "Where?", context: "In Bern." }],
  ],
  [
    "fields by the names of the contract, one of them called like an answer",
    inputOf({ kind: "fields", columns: [{ name: "Age" }, { name: "score" }] }),
    "label,age,score\nyes,40,\nno,,0.5",
    [
      { kind: "fields", values: { Age: "40", score: "" } },
      { kind: "fields", values: { Age: "", score: "0.5" } },
    ],
  ],
  [
    "text, composed",
    inputOf({ kind: "text", maxCharacters: 100 }),
    "label,text\nyes,e\u0301",
    [{ kind: "text", text: "\u00E9" }],
  ],
])("rows that are answered here need no predictions, and hold %s", async (_, contract, lines, inputs) => {
  const asked = {
    ...{ fileName: "rows.csv", outputColumns: [], thresholds: [], found: "not_said" as const },
    ...{ conditions: [], level: 0.9, salt: "0".repeat(64), contract },
  };
  expect(await readInputs(asked, new TextEncoder().encode(lines))).toEqual({ inputs });
});

test("answers stand for the rows that are not left out, in their order, whatever the file says itself", async () => {
  const lines = ["label,prediction,confidence,text,id", "a,a,1,one,1", "b,a,1,two,2", "c,a,1,three,3"];
  const asked = {
    ...{ fileName: "rows.csv", outputColumns: [], thresholds: [], found: "not_said" as const },
    ...{
      conditions: [],
      level: 0.9,
      salt: "0".repeat(64),
      contract: inputOf({ kind: "text", maxCharacters: 9 }),
    },
    measured: { leftOut: [1], answers: [{ prediction: "b" }, { prediction: "c", confidence: 7 }] },
  };
  const found = await readRows(asked, new TextEncoder().encode(lines.join("\n")));
  if ("problems" in found) throw new Error(found.problems.join(" "));
  expect(found.counted.summary.overall).toMatchObject({ n: 2, k: 1 });
  expect(found.counted.summary.confusion).toEqual([
    { label: "a", prediction: "b", count: 1 },
    { label: "c", prediction: "c", count: 1 },
  ]);
});

test("columns that follow from the text are computed where a cut or another run asks for them, and none of that name is believed", async () => {
  const lines = ["label,text,input_words", "a,one two three,1", "b,one,3", "a,one two,1"];
  const test = { on: "input" as const, column: "input_script", is: "latin" };
  const asked = {
    ...{ fileName: "rows.csv", outputColumns: [], found: "not_said" as const },
    ...{
      conditions: [],
      level: 0.9,
      salt: "0".repeat(64),
      contract: inputOf({ kind: "text", maxCharacters: 99 }),
    },
    thresholds: [{ column: "input_words", atLeast: "2" }],
    listed: [{ all: [test, { on: "input" as const, column: "input_words", below: "2" }] }],
    measured: { leftOut: [], answers: ["a", "b", "a"].map((prediction) => ({ prediction })) },
  };
  const found = await readRows(asked, new TextEncoder().encode(lines.join("\n")));
  if ("problems" in found) throw new Error(found.problems.join(" "));
  expect(found.counted.summary.slices.map(({ name, n, k }) => [name, n, k])).toEqual([
    ["input_words ≥ 2", 2, 2],
    ["input_script: latin, input_words < 2", 1, 1],
  ]);
  expect(found.notUsed).toContainEqual(
    expect.objectContaining({ path: "column input_words", reason: "It follows from the input." }),
  );
});
