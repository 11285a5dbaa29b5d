import fc from "fast-check";
import { expect, test } from "vitest";
import { conditionWords } from "./condition";
import { type EvaluationFile, readEvaluationFile } from "./evaluation-file";

const read = (text: string, name = "rows.csv") => readEvaluationFile(name, new TextEncoder().encode(text));

function accepted(file: EvaluationFile) {
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  const right = file.rows.filter(({ label, prediction }) => label === prediction).length;
  const answers = file.rows.map(({ label, prediction }) => `${label}>${prediction}`);
  return { ...file, count: `${right} of ${file.rows.length}`, answers };
}

function problemsOf(file: EvaluationFile) {
  return file.ok ? [] : file.problems.map(({ line, message }) => `${line}: ${message}`);
}

test.each([
  ["a decimal of pandas", "label,prediction\n2,2.0\n3,3.0\n3,2.0\n", "2 of 3", '"2" and "2.0"'],
  ["an exponent", "label,prediction\n1000,1e3\n", "1 of 1", '"1000" and "1e3"'],
  ["composed and decomposed letters", "label,prediction\nSe\u0301n,S\u00e9n\n", "1 of 1", "other characters"],
  ["blanks around it", 'label,prediction\nrose," rose "\n', "1 of 1", "other characters or blanks"],
])("the same value in %s is the same answer, with a notice", (_, text, count, shown) => {
  const file = accepted(read(text));
  expect(file.count).toBe(count);
  expect(file.notices.join(" ")).toContain(shown);
});

test("values that merely look alike stay apart", () => {
  const file = accepted(read("label,prediction\n07,7\nYes,yes\n1,one\n"));
  expect(file.count).toBe("0 of 3");
});

test("a class has one spelling: that of its first label", () => {
  const file = accepted(read("label,prediction\n1.50,1.5\n1.5,1.50\n2,1.5\n"));
  expect(file.answers).toEqual(["1.50>1.50", "1.50>1.50", "2>1.50"]);
  expect(file.notices).toContain('Labels spelled in several ways are one class, such as "1.50" and "1.5".');
});

test("digits beyond what a double holds tell labels of JSON apart", () => {
  const lines =
    '{"label":98765432109876543210,"prediction":98765432109876543211}\n{"label":98765432109876543210,"prediction":98765432109876543210.0}';
  expect(accepted(read(lines, "x.jsonl"))).toMatchObject({
    count: "1 of 2",
    answers: ["98765432109876543210>98765432109876543211", "98765432109876543210>98765432109876543210"],
  });
});

test.each([
  ["semicolons and decimal commas", "label;prediction;confidence\noui;oui;0,75\n", "oui>oui", 0.75],
  ["what Excel says", "sep=|\r\nlabel|prediction|confidence\r\noui|oui|.75\r\n", "oui>oui", 0.75],
  ["tabs", "label\tprediction\tconfidence\na, b\ta, b\t0.75\n", "a, b>a, b", 0.75],
  ["commas, whatever a quoted name holds", '"a;b;c;d",label,prediction\nx,u,u\n', "u>u", undefined],
  ["commas with quoted decimal commas", 'label,prediction,confidence\nu,u,"0,75"\n', "u>u", 0.75],
])("fields may be separated by %s", (_, text, answer, confidence) => {
  const file = accepted(read(text, "export.tsv"));
  expect(file.answers).toEqual([answer]);
  expect(file.rows[0]?.confidence).toBe(confidence);
});

test("a decimal comma is a decimal in the answers too, where semicolons separate", () => {
  const file = accepted(read("label;prediction\n1;1,0\n2;1,0\n"));
  expect(file.count).toBe("1 of 2");
  expect(file.notices[0]).toContain("decimal commas");
  expect(accepted(read('label,prediction\n1,"1,0"\n')).count).toBe("0 of 1");
});

test.each(["\n", "\r\n", "\r"])("lines may end in any way, also mixed, and are counted right: %j", (end) => {
  const text = `label,prediction,kind\n"a","a",x\r\nb,"a\n\nb",y${end}c,c,"z"${end}`;
  expect(accepted(read(text)).answers).toEqual(["a>a", "b>a\n\nb", "c>c"]);
  expect(problemsOf(read(`${text},c,z${end}`))).toEqual(["7: The label is empty."]);
});

test("an index without a name is left out with a notice, and other columns need one", () => {
  for (const name of ["", "Unnamed: 0"]) {
    const file = accepted(read(`${name},label,prediction\n0,a,a\n1,b,a\n`));
    expect(file).toMatchObject({ count: "1 of 2", slices: [] });
    expect(file.notices.join()).toContain("The first column has no name");
  }
  expect(problemsOf(read("label,prediction,\na,a,x\n"))).toEqual(["1: A column has no name."]);
  expect(accepted(read("label,prediction,\na,a,\n")).notices).toEqual([]);
});

test.each([
  ["y_true,y_pred", ["y_true", "y_pred"]],
  ["Gold Label,Model-Output", ["Gold Label", "Model-Output"]],
  ["target,prediction", ["target"]],
  ["label,pred", ["pred"]],
])("usual names of other programs are taken with a notice: %s", (header, taken) => {
  const file = accepted(read(`${header}\nx,x\ny,x\n`));
  expect(file.count).toBe("1 of 2");
  expect(file.notices.map((notice) => /column "(.*)"/.exec(notice)?.[1])).toEqual(taken);
});

test("our own names decide where both are there, and another name is a column like any other", () => {
  const file = accepted(read("target,label,prediction\nx,a,a\ny,a,b\n"));
  expect(file.count).toBe("1 of 2");
  expect(file.slices.map(({ condition }) => conditionWords(condition))).toEqual(["target: x", "target: y"]);
});

test("where two columns could hold an answer the file is refused with the choice", () => {
  expect(problemsOf(read("gold,target,pred\na,b,a\n"))[0]).toBe(
    '1: The label could be in "gold" or "target": call the right one "label" and leave the other out.',
  );
  expect(problemsOf(read('{"label":"a","output":"a"}\n{"label":"b","pred":"b"}', "x.jsonl"))[0]).toContain(
    'The prediction could be in "output" or "pred"',
  );
});

test("what stands for a missing value is named: no prediction, no confidence, no slice, and never a label", () => {
  const file = accepted(
    read("label,prediction,confidence,site\na,NaN,NA,nan\nb,b,0.5,north\na,null,None,<NA>\n"),
  );
  expect(file).toMatchObject({ count: "1 of 3", answers: ["a>", "b>b", "a>"] });
  expect(file.slices.map(({ condition }) => conditionWords(condition))).toEqual(["site: north"]);
  expect(file.notices[0]).toBe('Read as no value: "<NA>", "NA", "NaN", "None", "nan", "null".');
  expect(file.notices[1]).toBe("2 rows have no prediction and counted as wrong.");
  expect(problemsOf(read("label,prediction\nNaN,NaN\n"))).toEqual(['2: There is no label: it says "NaN".']);
  expect(problemsOf(read('{"label":NaN,"prediction":NaN}', "x.jsonl"))).toEqual([
    '1: There is no label: it says "NaN".',
  ]);
});

test("a class called NA or None is counted, with a notice", () => {
  const file = accepted(read("label,prediction\nNA,NA\nEU,NA\n"));
  expect(file.count).toBe("1 of 2");
  expect(file.notices.join()).toContain('The label "NA" was counted as a class');
});

test("LABEL_1 is 1 where the other side is whole numbers, with a notice, and a word elsewhere", () => {
  const file = accepted(read("label,prediction\n2,LABEL_2\n0,LABEL_2\n1,\n"));
  expect(file.answers).toEqual(["2>2", "0>2", "1>"]);
  expect(file.notices[0]).toContain("Transformers");
  expect(accepted(read("label,prediction\nLABEL_1,1.0\nLABEL_0,1.0\n")).count).toBe("1 of 2");
  const words = accepted(read("label,prediction\nspam,LABEL_1\nham,LABEL_0\n"));
  expect(words.count).toBe("0 of 2");
  expect(words.notices.join()).toContain("No prediction is one of the labels");
});

test("a row that repeats an id counts once, as wrong if any of its predictions is", () => {
  const file = accepted(
    read("sample_id,label,prediction,long\n7,a,a,1\n7,a,b,1\n8,b,b,0\n7.0,a,a,1\n8,b,b,0\n,b,b,0\n,b,b,0\n"),
  );
  expect(file.answers).toEqual(["a>b", "b>b", "b>b", "b>b"]);
  expect(file.notices.join()).toContain('Rows that repeat an id of the column "sample_id": 3.');
});

test("an id that stands on different rows names a group: every row counts, none of them as independent", () => {
  const file = accepted(read("id,label,prediction\n1,a,a\n1,b,b\n2,a,b\n"));
  expect(file.count).toBe("2 of 3");
  expect(file.notices.join()).toContain("it names groups; every row was counted");
  expect([file.clustersFrom, file.rows.map(({ cluster }) => cluster)]).toEqual([
    ["repeated_ids"],
    ["1", "1", "3"],
  ]);
});

test("rows made of the same document all count, and are not independent", () => {
  const file = accepted(read("doc_id,label,prediction\n7,a,a\n7,a,b\n8,a,a\n"));
  expect(file).toMatchObject({ count: "2 of 3", clustersFrom: ["repeated_ids"] });
});

test("rows whose ids are counted once are as independent as any", () => {
  expect(accepted(read("id,label,prediction\n1,a,a\n1,a,a\n2,a,a\n")).clustersFrom).toEqual([]);
});

test("repeating rows of an id never raises the share of right answers", () => {
  const row = fc.record({ id: fc.nat(5), isRight: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const text = rows.map(({ id, isRight }) => `${id},a,${isRight ? "a" : "b"}\n`).join("");
      const ids = [...new Set(rows.map(({ id }) => id))];
      const wrong = ids.filter((one) => rows.some(({ id, isRight }) => id === one && !isRight)).length;
      expect(accepted(read(`id,label,prediction\n${text}`)).count).toBe(
        `${ids.length - wrong} of ${ids.length}`,
      );
    }),
    { numRuns: 300 },
  );
});

test("a JSON list of objects is read under any name, and its problems are named by line", () => {
  const list = '[\n  {"label": "a]", "prediction": "a]"},\n  {"label": "b\\"", "prediction": "a]"}\n]\n';
  for (const name of ["rows.json", "rows.csv", "rows.jsonl", "pasted"])
    expect(accepted(read(list, name))).toMatchObject({ format: "json", count: "1 of 2" });
  expect(problemsOf(read('[\n{"label":"a","prediction":"a"},\n{"label":}\n]', "r.json"))).toEqual([
    "3: This line is not JSON.",
  ]);
  expect(problemsOf(read('[{"label":"a","prediction":"a"},]', "r.json"))).toEqual([
    "1: Nothing follows the last comma of the list.",
  ]);
  expect(problemsOf(read('[{"label":"a","prediction":"a"}', "r.json"))).toEqual([
    "1: The list is opened and never closed.",
  ]);
  expect(problemsOf(read('[{"label":"a","prediction":"a"}] {}', "r.json"))).toEqual([
    "1: Something follows the end of the list.",
  ]);
  expect(problemsOf(read("[]", "r.json"))).toEqual(["null: The file is empty."]);
});

test("one JSON object that holds a whole table is refused by what it is", () => {
  for (const text of ['{\n "label": {"0": "a"},\n "prediction": {"0": "a"}\n}', '{"rows":[{"label":"a"}]}'])
    expect(problemsOf(read(text, "table.json"))).toEqual([
      "null: This is JSON, and no rows: write one object a line, or a list of objects.",
    ]);
});

test("lists and objects beside the answers are left out with a notice, and refused as answers", () => {
  const file = accepted(read('{"label":"a","prediction":"a","tokens":[1,2],"kind":"x"}', "x.jsonl"));
  expect(file.count).toBe("1 of 1");
  expect(file.slices.map(({ condition }) => conditionWords(condition))).toEqual(["kind: x"]);
  expect(file.notices).toEqual(['Lists and objects were not read, in the column "tokens".']);
  expect(problemsOf(read('{"label":["a"],"prediction":"a"}', "x.jsonl"))).toEqual([
    "1: Only text, numbers, true and false can be read here.",
  ]);
});

test("a list gives the same rows as its objects on lines of their own", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const row = fc.record({ label: fc.constantFrom("x", "y", "]", '"', "\\"), prediction: value, kind: value });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.constantFrom(0, 2), (rows, indent) => {
      const lines = read(rows.map((one) => JSON.stringify(one)).join("\n"), "x.jsonl");
      const list = read(JSON.stringify(rows, null, indent), "x.json");
      if (lines.ok) expect(list).toEqual({ ...lines, format: "json" });
      else expect(problemsOf(list).length).toBe(lines.problemCount);
    }),
    { numRuns: 300 },
  );
});
