import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalRows } from "./canonical-rows";
import { canonicalValue } from "./canonical-value";
import { conditionWords } from "./condition";
import { summariseEvaluation } from "./evaluation";
import { type EvaluationFile, offerOutputConditions, readEvaluationFile } from "./evaluation-file";
import { columnValues } from "./slice";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, name = "rows.csv", options = {}) =>
  readEvaluationFile(name, bytes(text), options);

function accepted(file: EvaluationFile) {
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  return file;
}

function problemsOf(file: EvaluationFile) {
  return file.ok ? [] : file.problems.map(({ line, message }) => `${line}: ${message}`);
}

test("columns beside label and prediction become slices: flags one, words one each, numbers none", () => {
  const file = accepted(
    read(
      "label,prediction,short,source,words,confidence,cluster\n" +
        "spam,spam,true,web,12,0.9,a\nham,spam,0,mail,900,.25,b\nham,ham,1,,7,,\n",
    ),
  );
  expect(file.slices.map(({ condition }) => conditionWords(condition))).toEqual([
    "short",
    "source: web",
    "source: mail",
  ]);
  expect(file.rows[0]).toEqual({
    label: "spam",
    prediction: "spam",
    columns: columnValues([
      ["short", "true"],
      ["source", "web"],
    ]),
    confidence: 0.9,
    cluster: "1",
  });
  expect(file.rows[2]).toEqual({
    label: "ham",
    prediction: "ham",
    columns: columnValues([["short", "true"]]),
    cluster: "3",
  });
  expect(file.columns.map(({ name, use, blanks }) => [name, use, blanks])).toEqual([
    ["label", "label", 0],
    ["prediction", "prediction", 0],
    ["short", "flag", 0],
    ["source", "categories", 1],
    ["words", "not_used", 0],
    ["confidence", "confidence", 1],
    ["cluster", "cluster", 1],
  ]);
  expect(file.columns[4]?.reason).toContain("numbers");
});

test("a byte order mark, CRLF, quoted commas, line breaks and doubled quotes are read as meant", () => {
  const file = accepted(
    read('\uFEFFLabel,Prediction,kind\r\n"a, b","a, b",x\r\n"say ""hi""","two\nlines",y\r\n'),
  );
  expect(file.rows.map(({ label, prediction }) => [label, prediction])).toEqual([
    ["a, b", "a, b"],
    ['say "hi"', "two\nlines"],
  ]);
});

test("JSON Lines and CSV of the same rows give the same rows and slices", () => {
  const csv = accepted(read("label,prediction,short,lang\na,a,true,en\nb,a,false,fr\n"));
  const lines =
    '{"label":"a","prediction":"a","short":true,"lang":"en"}\n\n{"label":"b","prediction":"a","short":false,"lang":"fr"}';
  const jsonl = accepted(read(lines, "rows.jsonl"));
  expect({ ...jsonl, format: "csv" }).toEqual(csv);
  expect(accepted(read(lines, "upload")).format).toBe("jsonl");
});

test("every problem is named with its line, and then no row is taken", () => {
  const file = read("label,prediction,confidence\na,a,0.5\n,a,0.5\nb,b\nb,b,1.5\nb,b,high\n");
  expect(problemsOf(file)).toEqual([
    "3: The label is empty.",
    "4: This line has 2 fields; the header has 3.",
    '5: "1.5" is not a confidence between 0 and 1.',
    '6: "high" is not a confidence between 0 and 1.',
  ]);
});

test("of many problems the first twenty are listed and all are counted", () => {
  const file = read(`label,prediction\n${",x\n".repeat(57)}`);
  expect(file).toMatchObject({ ok: false, problemCount: 57 });
  expect(problemsOf(file)).toHaveLength(20);
});

test.each([
  ["", "null: The file is empty."],
  ["label,prediction\n", "null: The file has a header and no rows."],
  ["prediction,x\na,b\n", '1: The column "label" is missing. Call the one that holds it so: it has "x".'],
  ["label,prediction,Label\na,b,c\n", '1: The column "Label" occurs twice.'],
  ["label,prediction,\na,b,c\n", "1: A column has no name."],
  ['label,prediction\n"a,b\n', "2: A quoted field is opened and never closed."],
  [`label,prediction${",x".repeat(63)}\n`, "null: The file has more than 64 columns."],
  ["label,prediction\na,\0\n", "null: The file holds NUL characters: it is not a text file."],
])("refuses %j", (text, problem) => {
  expect(problemsOf(read(text))).toContain(problem);
});

test.each([
  ['{"label":"a","prediction":"a"}\n{"label":', "2: This line is not JSON."],
  ["[1]", "1: This line is not a JSON object."],
  ['{"label":"a","prediction":{"x":1}}', "1: Only text, numbers, true and false can be read here."],
  ['{"label":"a","prediction":"\\ud800"}', "1: A text holds a NUL or half a character."],
])("refuses the lines %j", (text, problem) => {
  expect(problemsOf(read(text, "x.jsonl"))).toContain(problem);
});

test("bytes that are not UTF-8, and files that are too large, are refused as a whole", () => {
  expect(problemsOf(readEvaluationFile("a.csv", new Uint8Array([0xff, 0xfe, 0x00])))).toEqual([
    "null: The file is not UTF-8 text.",
  ]);
  expect(problemsOf(readEvaluationFile("a.csv", new Uint8Array(50 * 1024 * 1024 + 1)))).toEqual([
    "null: The file is larger than 50 MB.",
  ]);
});

test("exactly 200,000 rows are read and one more is refused", () => {
  const rows = "a,b\n".repeat(200_000);
  expect(accepted(read(`label,prediction\n${rows}`)).rows).toHaveLength(200_000);
  expect(problemsOf(read(`label,prediction\n${rows}a,b\n`))).toEqual([
    "null: The file has more than 200,000 rows.",
  ]);
});

test("a row without a prediction is wrong, never dropped, and said so", () => {
  const file = accepted(read("label,prediction\na,a\na,\nA,a\n"));
  expect(summariseEvaluation(file.rows, file.slices, 0.9).overall).toMatchObject({ n: 3, k: 1 });
  expect(file.notices).toEqual([
    "1 row has no prediction and counted as wrong.",
    "1 row has a prediction that differs from its label in capitals only; wrong as it stands.",
  ]);
});

test("a column declared to depend on the answer takes its base rate from all rows", () => {
  const text = "label,prediction,sure\na,a,1\na,b,0\nb,b,0\nb,b,0\n";
  const file = accepted(read(text, "x.csv", { outputColumns: ["sure"] }));
  expect(summariseEvaluation(file.rows, file.slices, 0.9).slices[0]).toMatchObject({
    n: 1,
    baseN: 4,
    baseRate: 0.5,
  });
  const onInput = accepted(read(text));
  expect(summariseEvaluation(onInput.rows, onInput.slices, 0.9).slices[0]).toMatchObject({
    baseN: 1,
    baseRate: 1,
  });
});

test("answers become slices only when asked for, and are then marked as found on these rows", () => {
  const text = "label,prediction,confidence\na,a,0.95\nb,a,0.6\nb,b,0.85\n";
  const plain = accepted(read(text));
  expect(plain.slices).toEqual([]);
  const offers = offerOutputConditions(plain.rows);
  expect(offers).toEqual([
    { prediction: "a", n: 2 },
    { prediction: "a", minConfidence: 0.8, n: 1 },
    { prediction: "a", minConfidence: 0.9, n: 1 },
    { prediction: "b", n: 1 },
    { prediction: "b", minConfidence: 0.8, n: 1 },
  ]);
  const file = accepted(read(text, "x.csv", { outputConditions: [offers[1]!, offers[1]!] }));
  expect(file.slices).toEqual([
    {
      condition: {
        all: [
          { on: "answer", says: ["a"] },
          { on: "answer", confidenceAtLeast: "0.8" },
        ],
      },
      discovered: true,
    },
  ]);
  expect(summariseEvaluation(file.rows, file.slices, 0.9).slices[0]).toMatchObject({ n: 1, k: 1, baseN: 3 });
});

test("a column of more than twenty words is reported, not used", () => {
  const rows = Array.from({ length: 21 }, (_, index) => `a,a,word${index}`).join("\n");
  expect(accepted(read(`label,prediction,topic\n${rows}`)).columns[2]).toMatchObject({
    use: "not_used",
    reason: "It has more than 20 different values.",
  });
});

test("free text as label is refused: there must be classes", () => {
  const rows = Array.from({ length: 1_001 }, (_, index) => `label ${index},x`).join("\n");
  expect(problemsOf(read(`label,prediction\n${rows}`))[0]).toContain("1001 different labels");
});

test("any table of words survives the way through CSV", () => {
  const word = fc
    .string({ unit: "grapheme", maxLength: 12 })
    .map((text) => canonicalValue(text.replaceAll("\0", "")));
  const rows = fc.array(
    fc.record({ label: word.filter((text) => text !== ""), prediction: word, flag: fc.boolean() }),
    { minLength: 1, maxLength: 30 },
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(rows, (given) => {
      const lines = given.map((row) =>
        [row.label, row.prediction, row.flag].map(String).map(quoted).join(","),
      );
      const file = accepted(read(`label,prediction,flag\n${lines.join("\n")}\n`));
      expect(file.rows).toEqual(
        given.map(({ label, prediction, flag }) => ({
          label,
          prediction,
          columns: columnValues([["flag", String(flag)]]),
        })),
      );
    }),
    { numRuns: 300 },
  );
});

test("no bytes at all make it throw", () => {
  const fragments = fc.constantFrom(
    "label",
    "prediction",
    ",",
    "\n",
    '"',
    "{",
    "}",
    ":",
    "\r\n",
    "\\ud800",
    "1",
    "é",
  );
  const texts = fc.array(fragments, { maxLength: 40 }).map((parts) => bytes(parts.join("")));
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 200 }), texts),
      fc.constantFrom("a.csv", "a.jsonl", ""),
      (data, name) => {
        const file = readEvaluationFile(name, data);
        expect(file.ok ? file.rows.length : file.problemCount).toBeGreaterThan(0);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("the canonical rows are the same bytes for the same rows and different for a changed answer", () => {
  const file = accepted(read("label,prediction,confidence,short\na,a,0.5,1\nb,a,,0\n"));
  expect(canonicalRows(file.rows, file.slices)).toBe(
    '{"columns":["short"],"format":"offcut-evaluation-rows-v1","slices":[{"condition":{"all":[{"column":"short","is":"true","on":"input"}]},"discovered":false}]}\n' +
      '{"columns":["true"],"confidence":"0.500000","label":"a","prediction":"a"}\n' +
      '{"columns":["false"],"label":"b","prediction":"a"}\n',
  );
  const other = accepted(read("label,prediction,confidence,short\na,a,0.5,1\nb,b,,0\n"));
  expect(canonicalRows(other.rows, other.slices)).not.toBe(canonicalRows(file.rows, file.slices));
});
