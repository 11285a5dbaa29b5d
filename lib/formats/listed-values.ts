import { textOf } from "@/lib/shared/cursor";
import { parseJson } from "@/lib/shared/encoding";

/** Longer texts are no lists of answers. */
const MAX_LIST_CHARACTERS = 10_000;
const MEMBER = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?))\s*(?:,|$)/y;

/**
 * The texts of a list of scalars, also where a program printed it as text, in JSON or as Python does (`['a', 'b']`,
 * `[0, 2]`); null for anything else.
 */
export function listedValues(value: unknown): string[] | null {
  if (Array.isArray(value)) return scalarTexts(value);
  if (typeof value !== "string" || value.length > MAX_LIST_CHARACTERS) return null;
  const text = value.trim();
  if (!text.startsWith("[") || !text.endsWith("]")) return null;
  const parsed = parseJson(text);
  return Array.isArray(parsed) ? scalarTexts(parsed) : pythonList(text.slice(1, -1).trim());
}

function scalarTexts(members: readonly unknown[]): string[] | null {
  const texts = members.map((member) => textOf(member) ?? (member === "" ? "" : null));
  return texts.length > 0 && texts.every((text) => text !== null) ? texts : null;
}

function pythonList(inside: string): string[] | null {
  const members: string[] = [];
  for (MEMBER.lastIndex = 0; MEMBER.lastIndex < inside.length;) {
    const match = MEMBER.exec(inside);
    if (!match) return null;
    const [, single, double, number] = match;
    members.push(number ?? (single ?? double ?? "").replace(/\\(['"\\])/g, "$1"));
  }
  return members.length > 0 ? members : null;
}
