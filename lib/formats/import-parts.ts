import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { cleanText } from "@/lib/shared/clean-text";
import { isStorableDate } from "@/lib/shared/column-bounds";
import { Cursor } from "@/lib/shared/cursor";
import { isSafeLink } from "@/lib/shared/safe-link";
import { addTrap } from "./figure";
import {
  type ForeignDraft,
  type ForeignFormat,
  type ForeignImport,
  type Trap,
  emptyForeignDraft,
} from "./foreign-draft";
import { type ForeignInput, readJson, readText } from "./foreign-source";

/** A file that is being read: its values, the draft that they fill, and what is found on the way. */
export type Reading = { cursor: Cursor; draft: ForeignDraft; traps: Trap[]; warnings: string[] };

/** Imports a JSON file by a reader of its format; what cannot be opened is an import of nothing that says why. */
export async function importJson(
  format: ForeignFormat,
  input: ForeignInput,
  read: (reading: Reading) => void | Promise<void>,
): Promise<ForeignImport> {
  const opened = readText(input);
  if ("problem" in opened) return refusedImport(format, opened.problem);
  const { value, problem, hasBareNumbers } = readJson(opened.text);
  if (problem !== null) return refusedImport(format, problem);
  if (typeof value !== "object" || value === null)
    return refusedImport(format, "The file holds a single value.");
  const reading: Reading = {
    cursor: Cursor.over(value),
    draft: emptyForeignDraft(),
    traps: [],
    warnings: [],
  };
  if (hasBareNumbers)
    addTrap(reading.traps, "not_a_number", "The file holds NaN or Infinity where a number belongs.");
  await read(reading);
  return finishImport(format, reading);
}

export function refusedImport(
  format: ForeignFormat,
  problem: string,
  code: Trap["code"] = "not_readable",
): ForeignImport {
  return {
    format,
    draft: emptyForeignDraft(),
    notMapped: [{ path: "file", value: "", reason: problem }],
    traps: [{ code, message: problem }],
    warnings: [],
    mappedCount: 0,
  };
}

/** What became of a file, once all that can be read of it was read. */
export function finishImport(
  format: ForeignFormat,
  { cursor, draft, traps, warnings }: Reading,
): ForeignImport {
  const { mappedCount } = cursor;
  return { format, draft, notMapped: cursor.unread(), traps, warnings: warnings.map(cleanText), mappedCount };
}

/** Adds a circumstance of the run, where the file states it. */
export function addCondition({ conditions }: ForeignDraft, name: string, value: string | null): void {
  if (value !== null) conditions.push({ name, value });
}

/** Data as a draft of a listing names them, within the bounds of its form. */
export function listingOrigin(origin: {
  name: string;
  creators?: readonly string[];
  licence?: string | null;
  url?: string | null;
  /** Where it is not stated the seller has to say it. */
  use: "training" | "evaluation" | "not_stated";
}): DraftFields["dataOrigins"][number] {
  return {
    name: origin.name.slice(0, 200),
    source: (origin.creators ?? []).join(", ").slice(0, 500),
    licence: (origin.licence ?? "").slice(0, 200),
    url: (origin.url ?? "").slice(0, 500),
    use: origin.use === "not_stated" ? "" : origin.use,
    rowCount: "",
  };
}

/** ISO 8601 in UTC of a date written as text; null when it is none. Plain days stay days. */
export function isoDate(text: string | null): string | null {
  if (text === null || text.length > 60) return null;
  if (/^\d{4}(-\d{2}(-\d{2})?)?$/.test(text)) return isStorableDate(new Date(text)) ? text : null;
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return new Date(Number(text) * 1000).toISOString();
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return null;
  const at = new Date(text);
  return isStorableDate(at) ? at.toISOString() : null;
}

/** A web address; null for anything that is none, so that no page ever links to a script. */
export function webAddress(text: string | null): string | null {
  return text !== null && isSafeLink(text) ? text : null;
}

/** Where a data set of the Hugging Face Hub lies, by its name there; null for what is no such name. */
export function hubAddress(name: string | null): string | null {
  return name !== null && /^[\w.-]+\/[\w.-]+$/.test(name) ? `https://huggingface.co/datasets/${name}` : null;
}
