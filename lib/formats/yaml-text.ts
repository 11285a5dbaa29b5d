import { cleanText } from "@/lib/shared/clean-text";
import { isObject } from "@/lib/shared/is-object";
import { type Scalar, parseDocument, visit } from "yaml";

export const YAML_MAX_BYTES = 64 * 1024;
export const YAML_MAX_DEPTH = 10;
/** Lines and commas together: the parser takes longer for each the more there are. */
export const YAML_MAX_ITEMS = 5_000;
const MAX_ALIASES = 50;

/** Deeper than this by the look of its lines is not given to the parser, whose time and stack grow with the depth. */
const MAX_LOOK_DEPTH = 32;

export type ReadYaml =
  | { value: unknown; hasRepeatedKeys: boolean }
  /** With the line, from 1, where it is no YAML. */
  | { problem: "too_long" | "too_many" | "too_deep" | "aliases" }
  | { problem: "not_yaml"; line: number };

/**
 * Reads YAML 1.2 (core schema, no custom tags, no merges): at most 64 KB, 5,000 lines and commas, 10 levels and 50
 * aliases. Texts are clean, numbers that print otherwise than they are written are texts, and mappings have no prototype.
 * Never throws.
 */
export function readYamlText(text: string): ReadYaml {
  // A character has at least a byte.
  if (text.length > YAML_MAX_BYTES || new TextEncoder().encode(text).length > YAML_MAX_BYTES)
    return { problem: "too_long" };
  if ((text.match(/[\n,]/g)?.length ?? 0) > YAML_MAX_ITEMS) return { problem: "too_many" };
  if (looksDeep(text)) return { problem: "too_deep" };
  try {
    const options = { schema: "core", logLevel: "silent", stringKeys: false, merge: false } as const;
    const document = parseDocument(text, options);
    const error = document.errors.find(({ code }) => code !== "DUPLICATE_KEY");
    if (error) return { problem: "not_yaml", line: error.linePos?.[0].line ?? 1 };
    const hasRepeatedKeys = document.errors.length > 0;
    visit(document, { Scalar: (_key, scalar) => keepAsWritten(scalar) });
    return { value: cleanValue(document.toJS({ maxAliasCount: MAX_ALIASES }), 1), hasRepeatedKeys };
  } catch (failure) {
    return { problem: failure instanceof RangeError ? "too_deep" : "aliases" };
  }
}

/** Levels by indentation, by signs on one line and by brackets: never fewer than the parser would go down. */
function looksDeep(text: string): boolean {
  const indents: number[] = [];
  let brackets = 0;
  for (const line of text.split("\n")) {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (indent === line.length) continue;
    while ((indents.at(-1) ?? -1) >= indent) indents.pop();
    indents.push(indent);
    const signs = /^(?:[-?:][ \t]+)+/.exec(line.slice(indent))?.[0].match(/[-?:]/g)?.length ?? 0;
    if (indents.length + signs > MAX_LOOK_DEPTH) return true;
    for (const sign of line) {
      if (sign === "[" || sign === "{") brackets += 1;
      else if (sign === "]" || sign === "}") brackets = Math.max(0, brackets - 1);
      if (brackets > MAX_LOOK_DEPTH) return true;
    }
  }
  return false;
}

/** A number stays a text where its digits would not come back: 1.10 is a version, 12e4567 a revision, 0.90 two digits. */
function keepAsWritten(scalar: Scalar): void {
  const { value, source } = scalar;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (isNumber && source !== undefined && String(value) !== source) scalar.value = source;
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value === "bigint") return String(value);
  if (!isObject(value) && !Array.isArray(value)) return value;
  if (depth > YAML_MAX_DEPTH) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) return value.map((member) => cleanValue(member, depth + 1));
  const cleaned: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) cleaned[cleanText(key)] = cleanValue(member, depth + 1);
  return cleaned;
}
