import { cleanText } from "@/lib/shared/clean-text";
import { Cursor } from "@/lib/shared/cursor";
import { addTrap } from "./figure";
import {
  type ForeignDraft,
  type ForeignFormat,
  type ForeignImport,
  type Trap,
  emptyForeignDraft,
} from "./foreign-draft";
import { type ForeignInput, readJson, readText } from "./foreign-source";

export type Opened = { cursor: Cursor; traps: Trap[]; warnings: string[] };

/** Opens a JSON file for an importer; what cannot be opened is an import of nothing that says why. */
export function openJson(format: ForeignFormat, input: ForeignInput): Opened | { refused: ForeignImport } {
  const read = readText(input);
  if ("problem" in read) return { refused: refusedImport(format, read.problem) };
  const parsed = readJson(read.text);
  if (parsed.problem !== null) return { refused: refusedImport(format, parsed.problem) };
  const traps: Trap[] = [];
  if (parsed.hasBareNumbers) {
    addTrap(traps, "not_a_number", "The file holds NaN or Infinity where a number belongs.");
  }
  if (typeof parsed.value !== "object" || parsed.value === null) {
    return { refused: refusedImport(format, "The file holds a single value.") };
  }
  return { cursor: Cursor.over(parsed.value), traps, warnings: [] };
}

export function refusedImport(format: ForeignFormat, problem: string): ForeignImport {
  return {
    format,
    draft: emptyForeignDraft(),
    notMapped: [{ path: "file", value: "", reason: problem }],
    traps: [{ code: "not_readable", message: problem }],
    warnings: [],
    mappedCount: 0,
  };
}

export function finishImport(
  format: ForeignFormat,
  draft: ForeignDraft,
  cursor: Cursor,
  traps: Trap[],
  warnings: string[],
): ForeignImport {
  return {
    format,
    draft,
    notMapped: cursor.unread(),
    traps,
    warnings: warnings.map(cleanText),
    mappedCount: cursor.mappedCount,
  };
}

/** ISO 8601 in UTC of a date written as text; null when it is none. Plain days stay days. */
export function isoDate(text: string | null): string | null {
  if (text === null || text.length > 60) return null;
  if (/^\d{4}(-\d{2}(-\d{2})?)?$/.test(text)) return Number.isNaN(Date.parse(text)) ? null : text;
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return new Date(Number(text) * 1000).toISOString();
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** A web address; null for anything that is none, so that no page ever links to a script. */
export function webAddress(text: string | null): string | null {
  return text !== null && text.length <= 2_000 && /^https?:\/\/[^\s"'<>]+$/i.test(text) ? text : null;
}
