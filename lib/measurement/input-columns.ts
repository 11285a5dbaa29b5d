import type { ModelInput } from "@/lib/inference/model-input";
import { comparedValue } from "./condition";

/**
 * Columns that follow from an input alone, without its label, by one definition wherever rows are measured and wherever
 * somebody tries one. A column of a file that bears such a name is not believed: it is computed.
 */
export const inputColumnWords: Readonly<Record<string, string>> = {
  input_characters: "characters of the text, composed (NFC)",
  input_words:
    "words: runs of letters, marks, digits, apostrophes and hyphens that begin with a letter or digit",
  input_lines: "lines, without an empty one at the end",
  input_has_digits: "holds a decimal digit of any script",
  input_has_url: "holds an address that begins with http://, https:// or www.",
  input_has_html: "holds something in the form of an HTML tag",
  input_capitals_share: "capitals among the letters that have case, to two places",
  input_script:
    "the script of most of its letters, by its Unicode name; the first of those that are equally frequent; empty without letters",
  image_width: "pixels across",
  image_height: "pixels down",
  image_brightness: "mean grey level, 0 to 255, to a whole number",
  audio_seconds: "seconds, to two places",
  audio_loudness_db: "root mean square of the samples in decibels of full scale, to one place",
};

/** The columns of an input as conditions compare them. Those of pictures and sounds are seen where they are decoded: `seen`. */
export function inputColumnsOf(
  input: ModelInput,
  seen: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const columns = Object.entries(columnsOf(input, seen));
  return new Map(columns.map(([name, value]) => [name, comparedValue(value)]));
}

function columnsOf(input: ModelInput, seen: Readonly<Record<string, string>>): Record<string, string> {
  switch (input.kind) {
    case "text":
      return textColumns(input.text);
    case "question":
      return textColumns(input.context);
    case "fields":
      return input.values;
    case "image":
    case "audio":
      return Object.fromEntries(Object.entries(seen).filter(([name]) => name in inputColumnWords));
  }
}

function textColumns(raw: string): Record<string, string> {
  const text = raw.normalize("NFC");
  return {
    input_characters: String([...text].length),
    input_words: String(countOf(text, /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)),
    input_lines: String(linesOf(text)),
    input_has_digits: String(/\p{Nd}/u.test(text)),
    input_has_url: String(/(?:https?:\/\/|\bwww\.)\S/iu.test(text)),
    input_has_html: String(/<[a-z!/][^<>]*>/iu.test(text)),
    input_capitals_share: capitalsShare(text),
    input_script: scriptOf(text),
  };
}

function linesOf(text: string): number {
  const lines = text.split(/\r\n|\n|\r/u);
  return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}

function capitalsShare(text: string): string {
  const capitals = countOf(text, /\p{Lu}/gu);
  const cased = capitals + countOf(text, /\p{Ll}/gu);
  return cased === 0 ? "0" : String(Math.round((100 * capitals) / cased) / 100);
}

/** Scripts in use today that have a writing of their own; letters of any other count as "Other". */
const scripts = (
  "Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Syriac Thaana Ethiopic Devanagari Bengali Gurmukhi Gujarati Oriya " +
  "Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Mongolian Hangul Hiragana Katakana Han"
).split(" ");
const letterOf = scripts.map((script) => ({ script, letter: new RegExp(`\\p{Script=${script}}`, "gu") }));

function scriptOf(text: string): string {
  const letters = (text.match(/\p{L}/gu) ?? []).join("");
  if (letters === "") return "";
  const counts = letterOf.map(({ script, letter }) => ({ script, count: countOf(letters, letter) }));
  const known = counts.reduce((sum, { count }) => sum + count, 0);
  const most = counts.toSorted((a, b) => b.count - a.count)[0];
  const others = [...letters].length - known;
  return most && most.count >= others ? most.script : "Other";
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
