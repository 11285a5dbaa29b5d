import { expect, test } from "vitest";
import { answerText, gradedAnswer } from "./row-answer";
import type { RunContract } from "./run-contract";

const of = (output: RunContract["output"]) => ({ output });
const number = of({ kind: "number", graphOutput: null, within: "0.5" });
const json = of({ kind: "json" });
const spans = of({ kind: "spans", labels: ["DATE"] });
const text = of({ kind: "text" });

test.each([
  ["a number within what the contract calls right", number, "3.4999", "3", true],
  ["a number that lies further off", number, "3.51", "3", false],
  ["a number where the label holds none", number, "3", "three", false],
  ["the same JSON in another order", json, '{"a":1,"b":"x"}', '{ "b": "x", "a": 1 }', true],
  ["other JSON", json, '{"a":1}', '{"a":2}', false],
  [
    "the same spans in another order",
    spans,
    '[{"end":2,"label":"DATE","start":0},{"end":9,"label":"DATE","start":5}]',
    '[{"label":"DATE","start":5,"end":9},{"label":"DATE","start":0,"end":2}]',
    true,
  ],
  [
    "a span that ends elsewhere",
    spans,
    '[{"end":3,"label":"DATE","start":0}]',
    '[{"label":"DATE","start":0,"end":2}]',
    false,
  ],
  ["text, which is compared where rows are counted", text, "2024-01-05", "2024-01-05", true],
])(
  "%s: the label stands for an answer that is right, and nothing else does",
  (_, contract, prediction, label, isRight) => {
    expect(gradedAnswer(prediction, label, contract)).toBe(isRight ? label : prediction);
  },
);

test("a row without an answer is right for no label", () => {
  for (const contract of [number, json, spans, text]) expect(gradedAnswer("", "3", contract)).toBe("");
});

test("what somebody gives for an answer is compared in the form in which it comes out", () => {
  expect(answerText("3.10000000001", number)).toBe("3.1");
  expect(
    answerText(
      "  Adelie ",
      of({ kind: "class", labels: ["a", "b"], scores: null, labelOutput: null, threshold: null }),
    ),
  ).toBe("Adelie");
  expect(answerText('{ "b": 1, "a": 2 }', json)).toBe('{"a":2,"b":1}');
  expect(answerText("none", spans)).toBe("none");
});
