/** A piece of a sentence: pages set `strong` in bold, shorten a `digest` with copy, give a `date` its exact title. */
export type SentencePart =
  | { kind: "text"; text: string }
  | { kind: "strong"; text: string }
  | { kind: "digest"; text: string }
  | { kind: "date"; text: string; iso: string };

export type Sentence = SentencePart[];

export type StatementSentences = {
  /** Who signed, what, when, about which files. */
  headline: Sentence;
  facts: Sentence[];
  /** Each completes "It does not show …". */
  doesNotShow: readonly string[];
};

/** The sentence as text alone, for alternatives and mails. */
export function sentenceText(sentence: Sentence): string {
  return sentence.map(({ text }) => text).join("");
}

/** A sentence of parts, where a plain string is text. */
export function sentence(...parts: (string | SentencePart)[]): Sentence {
  return parts.map((part) => (typeof part === "string" ? text(part) : part));
}

export function text(part: string): SentencePart {
  return { kind: "text", text: part };
}

export function strong(part: string): SentencePart {
  return { kind: "strong", text: part };
}

export function digest(hex: string): SentencePart {
  return { kind: "digest", text: hex };
}

/** The day in UTC, with the exact moment behind it. */
export function date(iso: string): SentencePart {
  const shown = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(
    Date.parse(iso),
  );
  return { kind: "date", text: shown, iso };
}

/** "78.8 %" from "0.788": one digit, cut rather than rounded up to a whole 100 %. */
export function percent(share: string): string {
  const value = Number(share) * 100;
  if (value > 99.9 && value < 100) return "over 99.9 %";
  if (value > 0 && value < 0.1) return "under 0.1 %";
  return `${Number(value.toFixed(1))} %`;
}

/** "1,200 rows", "1 row". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

export function whole(count: number): string {
  return count.toLocaleString("en");
}
