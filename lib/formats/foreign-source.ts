import { MAX_JSON_DEPTH, decodeUtf8, measureJson, parseJson } from "@/lib/shared/encoding";
import { quoteInexact } from "@/lib/measurement/exact-json";
import { YAML_MAX_DEPTH, readYamlText } from "./yaml-text";

/** Larger files are refused: they would be held in memory whole. */
export const MAX_FOREIGN_BYTES = 64 * 1024 * 1024;
/** A document of JSON is held whole as values; lines of JSON are bounded each. */
export const MAX_JSON_BYTES = 32 * 1024 * 1024;
/** Small values take far more memory than text. */
const MAX_JSON_VALUES = 4_000_000;

export const NOT_JSON = "The file is not JSON.";

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

/** Reads JSON as `quoteInexact` leaves it: no id is rounded, and the bare NaN of Python is a text. Never throws. */
export function readJson(text: string): ReadValue {
  if (text.length > MAX_JSON_BYTES)
    return refused("The file is larger than the 32 MB of JSON that are read at once.");
  const { depth, values } = measureJson(text);
  if (depth > MAX_JSON_DEPTH) return refused(`The file nests more than ${MAX_JSON_DEPTH} deep.`);
  if (values > MAX_JSON_VALUES) return refused("The file holds more than 4,000,000 values.");
  if (!/\S/.test(text)) return refused("The file is empty.");
  const { text: exact, hasBareNumbers } = quoteInexact(text);
  const value = parseJson(exact);
  return value === undefined ? refused(NOT_JSON) : { value, problem: null, hasBareNumbers };
}

/** Reads YAML within the bounds of `readYamlText`. Never throws. */
export function readYaml(text: string): ReadValue {
  const read = readYamlText(text);
  if (!("problem" in read)) return { value: read.value, problem: null, hasBareNumbers: false };
  if (read.problem === "not_yaml") return refused(`The file is not YAML (line ${read.line}).`);
  if (read.problem === "too_long") return refused("The file is longer than 64 KB.");
  if (read.problem === "too_many") return refused("The file has more than 5,000 lines and commas.");
  if (read.problem === "aliases") return refused("The file repeats itself by more than 50 aliases.");
  return refused(`The file nests more than ${YAML_MAX_DEPTH} deep.`);
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
