import { canonicalJson } from "@/lib/shared/jcs";
import type { RunContract } from "./run-contract";

export type Span = { label: string; start: number; end: number; text: string; score?: number };

/** What a runner says of one row; `refused` where it cannot be run, with the reason. */
export type RowAnswer = {
  label?: string;
  score?: number;
  /** The likeliest first, at most 20. */
  scores?: { label: string; score: number }[];
  text?: string;
  number?: number;
  spans?: Span[];
  /** Of the input, where a tokenizer counted them. */
  tokens?: number;
  refused?: string;
  /** What was seen of a picture or sound when it was decoded: columns of `lib/measurement/input-columns.ts`. */
  seen?: Record<string, string>;
};

/** An answer as it is counted and kept: its text, and its confidence where the model gives one. */
export type Answered = { prediction: string; confidence: number | undefined };

const NUMBER_DIGITS = 7;

/** The text that is compared with a row's label. Spans are a canonical list, numbers have seven significant digits. */
export function answeredBy(answer: RowAnswer, { output }: Pick<RunContract, "output">): Answered {
  const confidence = answer.score;
  switch (output.kind) {
    case "class":
      return { prediction: decided(answer, output.threshold), confidence };
    case "number":
      return { prediction: shortNumber(answer.number ?? Number.NaN), confidence };
    case "text":
      return { prediction: (answer.text ?? "").trim(), confidence };
    case "json":
      return { prediction: canonicalText(answer.text ?? ""), confidence };
    case "spans":
      return { prediction: spansText(answer.spans ?? []), confidence };
  }
}

type Threshold = Extract<RunContract["output"], { kind: "class" }>["threshold"];

function decided({ label = "", score, scores }: RowAnswer, threshold: Threshold): string {
  if (!threshold) return label;
  const held =
    scores?.find((one) => one.label === threshold.label)?.score ?? (label === threshold.label ? score : 0);
  return (held ?? 0) >= Number(threshold.atLeast) ? threshold.label : threshold.otherwise;
}

/** How a text that somebody gives for an answer is compared with what comes out. */
export function answerText(said: string, { output }: Pick<RunContract, "output">): string {
  switch (output.kind) {
    case "class":
    case "text":
      return said.trim();
    case "number":
      return said.trim() === "" ? "" : shortNumber(Number(said));
    case "json":
      return canonicalText(said);
    case "spans":
      return saidSpans(said);
  }
}

/** The answer as it is counted beside a label: the label itself where it is right by what the contract calls so. */
export function gradedAnswer(
  prediction: string,
  label: string,
  { output }: Pick<RunContract, "output">,
): string {
  if (output.kind === "class" || output.kind === "text" || prediction === "") return prediction;
  const isRight =
    output.kind === "number"
      ? label.trim() !== "" && Math.abs(Number(prediction) - Number(label)) <= Number(output.within)
      : answerText(label, { output }) === prediction;
  return isRight ? label : prediction;
}

function saidSpans(said: string): string {
  try {
    const spans: unknown = JSON.parse(said);
    return Array.isArray(spans) ? spansText(spans as Span[]) : said.trim();
  } catch {
    return said.trim();
  }
}

export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(NUMBER_DIGITS))) : "";
}

/** The same JSON has the same text; what is no JSON stands as it is. */
export function canonicalText(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text.trim();
  }
}

export function spansText(spans: readonly Span[]): string {
  const held = spans.map(({ label, start, end }) => ({ end, label, start }));
  return canonicalJson(held.sort((a, b) => a.start - b.start || a.end - b.end));
}
