import { decodeUtf8, parseJson } from "@/lib/shared/encoding";
import { parseDocument } from "yaml";

/** Larger files are refused: they would be held in memory whole. */
export const MAX_FOREIGN_BYTES = 64 * 1024 * 1024;
const MAX_YAML_CHARACTERS = 256_000;
const MAX_ALIASES = 50;

/** What an importer takes: the bytes of a file, or its text. */
export type ForeignInput = Uint8Array | string;

export type ReadText = { text: string } | { problem: string };
export type ReadValue = {
  value: unknown;
  problem: string | null;
  /** Bare `NaN` or `Infinity` was found, which Python writes and JSON does not know. */
  hasBareNumbers: boolean;
};

/** The text of a file; a sentence when it has none. */
export function readText(input: ForeignInput): ReadText {
  if (typeof input === "string") {
    return input.length > MAX_FOREIGN_BYTES ? tooLarge() : { text: withoutMark(input) };
  }
  if (input.length > MAX_FOREIGN_BYTES) return tooLarge();
  const text = decodeUtf8(input);
  return text === null ? { problem: "The file is not UTF-8 text." } : { text: withoutMark(text) };
}

/** Reads JSON, and JSON with the bare NaN and Infinity that Python writes, which become texts. Never throws. */
export function readJson(text: string): ReadValue {
  const value = parseJson(text);
  if (value !== undefined) return { value, problem: null, hasBareNumbers: false };
  if (text.trim() === "") return refused("The file is empty.");
  if (!/\bNaN\b|\bInfinity\b/.test(text)) return refused("The file is not JSON.");
  const repaired = parseJson(quoteBareNumbers(text));
  if (repaired === undefined) return refused("The file is not JSON.");
  return { value: repaired, problem: null, hasBareNumbers: true };
}

/** Reads YAML 1.2 without custom tags, merges or more than 50 aliases. Never throws. */
export function readYaml(text: string): ReadValue {
  if (text.length > MAX_YAML_CHARACTERS) return refused("The file is longer than 256,000 characters.");
  try {
    const document = parseDocument(text, { schema: "core", logLevel: "silent", merge: false });
    if (document.errors.length > 0) {
      return refused(`The file is not YAML (line ${document.errors[0]?.linePos?.[0].line ?? 1}).`);
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, problem: null, hasBareNumbers: false };
  } catch {
    // Too many aliases, or nesting deeper than the parser can follow.
    return refused("The file could not be read safely.");
  }
}

/** One pass over the characters: what stands inside a string stays as it is. */
function quoteBareNumbers(text: string): string {
  const parts: string[] = [];
  const token = /"|-?\bInfinity\b|\bNaN\b/g;
  let from = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '"') {
      token.lastIndex = endOfString(text, match.index + 1);
      continue;
    }
    parts.push(text.slice(from, match.index), `"${match[0]}"`);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function refused(problem: string): ReadValue {
  return { value: undefined, problem, hasBareNumbers: false };
}

function tooLarge(): ReadText {
  return { problem: "The file is larger than 64 MB." };
}

function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
