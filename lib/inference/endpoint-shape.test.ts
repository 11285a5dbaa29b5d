import { describe, expect, it } from "vitest";
import { classes } from "./bundles.fixture";
import { endpointAnswer, endpointBody } from "./endpoint-shape";
import type { RunContract } from "./run-contract";

type Asked = Parameters<typeof endpointBody>[1];
const at = (shape: "openai-chat" | "hf-inference" | "json"): NonNullable<RunContract["endpoint"]> => ({
  url: "https://seller.test/v1/chat/completions",
  ...{ shape, model: "small" },
  pointers: shape === "json" ? { input: "/data/0/text", answer: "/out/0/la~1bel", score: "/out/0/p" } : null,
});
const asked = (task: Asked["task"], output: Asked["output"], rest: Partial<Asked> = {}): Asked => ({
  ...{ task, output, prompt: null, zeroShot: null },
  ...rest,
});
const text = { kind: "text", text: "guten {{input}} Tag" } as const;
const spam = classes("ham", "spam");
const prompt: Asked["prompt"] = {
  template: "Class of: {{input}}\nAnswer:",
  stop: ["\n"],
  maxTokens: 8,
  temperature: "0",
  seed: 7,
  constraint: { kind: "labels" },
};

describe("an endpoint in the shape of chat completions", () => {
  const classify = asked("text-classification", spam, { prompt });

  it("is asked with the whole prompt, once, without chance", () => {
    expect(endpointBody(at("openai-chat"), classify, text)).toEqual({
      model: "small",
      messages: [{ role: "user", content: "Class of: guten {{input}} Tag\nAnswer:" }],
      ...{ temperature: 0, max_tokens: 8, seed: 7, stop: ["\n"], stream: false },
    });
  });

  it("names one of the classes, or its answer is refused", () => {
    const said = (content: unknown) =>
      endpointAnswer(at("openai-chat"), classify, { choices: [{ message: { content } }] });
    expect(said(" Spam\n")).toEqual({ label: "spam" });
    expect(said("maybe")).toEqual({ refused: 'It answered "maybe", which is not among its classes.' });
    expect(said(null)).toHaveProperty("refused");
    expect(endpointAnswer(at("openai-chat"), classify, [])).toHaveProperty("refused");
  });
});

describe("an endpoint in the shape of the Hugging Face inference API", () => {
  const api = at("hf-inference");

  it("classifies by the strongest score, nested or flat", () => {
    const scores = [
      { label: "ham", score: 0.2 },
      { label: "spam", score: 0.8 },
    ];
    for (const body of [scores, [scores]])
      expect(endpointAnswer(api, asked("text-classification", spam), body)).toMatchObject({
        ...{ label: "spam", score: 0.8 },
        scores: [{ label: "spam" }, { label: "ham" }],
      });
    expect(
      endpointAnswer(api, asked("text-classification", spam), [[{ label: "spam", score: "high" }]]),
    ).toHaveProperty("refused");
  });

  it("takes labels along for a model that knows none, and reads both shapes of its answer", () => {
    const zeroShot = asked("zero-shot-classification", spam, { zeroShot: { hypothesis: "This is {}." } });
    expect(endpointBody(api, zeroShot, text)).toEqual({
      inputs: text.text,
      parameters: { candidate_labels: ["ham", "spam"], hypothesis_template: "This is {}." },
    });
    expect(endpointAnswer(api, zeroShot, { labels: ["spam", "ham"], scores: [0.9, 0.1] })).toMatchObject({
      label: "spam",
    });
  });

  it("answers questions, writes text and names spans", () => {
    const question = { kind: "question", question: "who?", context: "Anna" } as const;
    const answering = asked("question-answering", { kind: "text" });
    expect(endpointBody(api, answering, question)).toEqual({ inputs: { question: "who?", context: "Anna" } });
    expect(endpointAnswer(api, answering, { answer: "Anna", score: 0.5, start: 0, end: 4 })).toEqual({
      ...{ text: "Anna", score: 0.5 },
    });
    expect(
      endpointAnswer(api, asked("text-generation", { kind: "text" }), [{ generated_text: "x" }]),
    ).toEqual({ text: "x" });
    const spans = [{ entity_group: "PER", start: 0, end: 4, word: "Anna", score: 0.9 }];
    expect(
      endpointAnswer(api, asked("token-classification", { kind: "spans", labels: ["PER"] }), spans),
    ).toEqual({
      spans: [{ label: "PER", start: 0, end: 4, text: "Anna", score: 0.9 }],
    });
  });
});

describe("an endpoint with declared paths", () => {
  it("is asked and read at its pointers, with their escapes", () => {
    const contract = asked("text-classification", spam);
    expect(endpointBody(at("json"), contract, text)).toEqual({ data: { 0: { text: text.text } } });
    expect(endpointAnswer(at("json"), contract, { out: [{ "la/bel": "spam", p: 0.7 }] })).toEqual({
      label: "spam",
      score: 0.7,
    });
    expect(endpointAnswer(at("json"), contract, { out: [] })).toHaveProperty("refused");
  });

  it("never reads what an object inherits", () => {
    const endpoint = {
      ...at("json"),
      pointers: { input: "/text", answer: "/constructor/name", score: null },
    };
    expect(endpointAnswer(endpoint, asked("text-classification", spam), {})).toHaveProperty("refused");
  });
});
