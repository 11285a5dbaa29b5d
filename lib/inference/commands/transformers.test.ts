import { describe, expect, it } from "vitest";
import { classes, eachWord, fileOf, sumOfWords, transformersBundle, twoEnds } from "../bundles.fixture";
import type { RowAnswer } from "../row-answer";
import { type Bundle, openModel } from "./open-model";
import type { RunInput } from "../model-input";

const text = (value: string): RunInput => ({ kind: "text", text: value });

async function answersOf(bundle: Bundle, ...rows: RunInput[]): Promise<RowAnswer[]> {
  const model = await openModel(bundle);
  try {
    return (await model.answer(rows, 60)).answers;
  } finally {
    model.close();
  }
}

const sentiment = sumOfWords(2, { good: [-2, 2], bad: [2, -2] });
const judged = { id2label: { 0: "negative", 1: "positive" }, label2id: { negative: 0, positive: 1 } };
const sentiments = transformersBundle({
  task: "text-classification",
  onnx: sentiment,
  config: { ...judged, architectures: ["BertForSequenceClassification"] },
  output: classes("negative", "positive"),
});

describe("a Hugging Face layout", () => {
  it("classifies texts, with the softmax of its own logits", async () => {
    const [good, bad] = await answersOf(sentiments, text("The film is good."), text("bad bad"));
    expect(good).toMatchObject({ label: "positive", score: expect.closeTo(1 / (1 + Math.exp(-4)), 6) });
    expect(bad).toMatchObject({ label: "negative", score: expect.closeTo(1 / (1 + Math.exp(-8)), 6) });
    expect(good?.scores?.map(({ label }) => label)).toEqual(["positive", "negative"]);
  });

  it("shortens a long text before it is read, so that its closing token stays", async () => {
    const closing = sumOfWords(2, { "[SEP]": [0, 3], good: [0.5, 0] });
    const bundle = (maxTokens: number) =>
      transformersBundle({
        ...{ task: "text-classification", onnx: closing, config: judged },
        output: classes("negative", "positive"),
        contract: { maxTokens },
      });
    const long = text("good ".repeat(2_000));
    const [short] = await answersOf(bundle(6), long);
    // Four words and the closing token: 3 against 2.
    expect(short).toMatchObject({ label: "positive", score: expect.closeTo(1 / (1 + Math.exp(-1)), 6) });
    const [longer] = await answersOf(bundle(12), long);
    expect(longer?.label).toBe("negative");
  });

  it("reads a text alike however it is composed", async () => {
    const [one, other] = await answersOf(sentiments, text("gööd good"), text("gööd good"));
    expect(one).toEqual(other);
  });

  it("names spans where they stand in the text as it was written", async () => {
    const bundle = transformersBundle({
      task: "token-classification",
      onnx: eachWord(3, {
        anna: [0, 5, 0],
        berlin: [0, 0, 5],
        "##s": [0, 5, 0],
        "[UNK]": [1, 0, 0],
        lives: [1, 0, 0],
      }),
      config: { id2label: { 0: "O", 1: "I-PER", 2: "B-LOC" }, label2id: { O: 0, "I-PER": 1, "B-LOC": 2 } },
      output: { kind: "spans", labels: ["PER", "LOC"] },
    });
    const [answer] = await answersOf(bundle, text("Über  ANNAS lives in Berlin."));
    expect(answer?.spans).toMatchObject([
      { label: "PER", start: 6, end: 11, text: "ANNAS" },
      { label: "LOC", start: 21, end: 27, text: "Berlin" },
    ]);
  });

  it("answers a question with words of the text", async () => {
    const bundle = transformersBundle({
      task: "question-answering",
      onnx: twoEnds({ berlin: 6 }, { berlin: 6 }),
      config: {},
      output: { kind: "text" },
      contract: { input: { kind: "question", maxCharacters: 10_000 } },
    });
    const [answer] = await answersOf(bundle, {
      ...{ kind: "question", question: "Where does Anna live?", context: "Anna lives in BERLIN." },
    });
    expect(answer?.text).toBe("BERLIN");
    expect(answer?.score).toBeGreaterThan(0.9);
  });

  it("takes labels of the contract for a model that knows none", async () => {
    const bundle = transformersBundle({
      task: "zero-shot-classification",
      onnx: sumOfWords(3, { sport: [0, 0, 1], music: [0, 0, 1], film: [0, 0, 0.5] }),
      config: {
        id2label: { 0: "contradiction", 1: "neutral", 2: "entailment" },
        label2id: { contradiction: 0, neutral: 1, entailment: 2 },
      },
      output: classes("sport", "the film", "bad"),
      contract: { zeroShot: { hypothesis: "It is about {}." } },
    });
    const [answer] = await answersOf(bundle, text("anna lives"));
    expect(answer?.scores?.map(({ label }) => label)).toEqual(["sport", "the film", "bad"]);
  });

  it("answers by the nearest of its own labelled examples", async () => {
    const bundle = transformersBundle({
      task: "nearest-examples",
      onnx: eachWord(
        4,
        { sport: [1, 0, 0, 0], music: [0, 1, 0, 0], film: [0, 1, 1, 0] },
        "last_hidden_state",
      ),
      config: {},
      output: classes("game", "stage"),
      contract: { examples: { path: "examples.jsonl", nearest: 2 } },
      more: [
        fileOf(
          "examples.jsonl",
          [
            { text: "sport", label: "game" },
            { text: "music", label: "stage" },
            { text: "film", label: "stage" },
          ]
            .map((example) => JSON.stringify(example))
            .join("\n"),
        ),
      ],
    });
    const [sport, music] = await answersOf(bundle, text("the sport"), text("the music"));
    expect(sport?.label).toBe("game");
    expect(music).toMatchObject({ label: "stage", score: 1 });
  });

  it("answers alike one row a call and many, and in two processes", async () => {
    const rows = Array.from({ length: 40 }, (_, at) =>
      text(`film ${"good ".repeat(at % 7)} bad ${"the ".repeat(at % 5)}`),
    );
    const wide = { ...sentiments, contract: { ...sentiments.contract, rowsPerCall: 8 } };
    expect(await answersOf(wide, ...rows)).toEqual(await answersOf(sentiments, ...rows));
  });
});
