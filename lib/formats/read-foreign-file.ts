import { cleanText } from "@/lib/shared/clean-text";
import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { detectFormat } from "./detect-format";
import type { ForeignImport } from "./foreign-draft";
import { type ForeignInput, readText } from "./foreign-source";
import { importForeign, verdictOf } from "./import-foreign";
import {
  type ImportReport,
  countableRows,
  importFormatLabels,
  listingFieldsOf,
  reportOf,
  rowsReport,
} from "./import-report";
import type { EvaluationRow, SliceDefinition } from "@/lib/measurement/slice";

export type ReadForeignFile = {
  foreign: ForeignImport;
  rows: EvaluationRow[];
  slices: SliceDefinition[];
  fields: Partial<DraftFields>;
  /** The whole text of a model card; null for every other format. */
  card: string | null;
  report: ImportReport;
};

const readable = Object.entries(importFormatLabels)
  .filter(([format]) => format !== "evaluation-file")
  .map(([, label]) => label)
  .join(", ");

/**
 * Reads a foreign file as far as a draft can use it, or says in a sentence why it cannot. A signature that does not
 * hold is a finding and no refusal; what nothing could be read of is refused.
 */
export async function readForeignFile(
  name: string,
  input: ForeignInput,
  publicKey = "",
): Promise<ReadForeignFile | { refusal: string }> {
  const foreign = await importForeign(name, input, { publicKeys: formsOf(publicKey) });
  const verdict = verdictOf(foreign);
  if (verdict === "not a known format") {
    const hint = isRowsFile(name, input) ? " A file of rows goes under Evaluation." : "";
    return { refusal: `${name} is in none of the formats read here: ${readable}.${hint}` };
  }
  if (verdict === "refused") {
    const why = foreign.traps.map(({ message }) => message).join(" ");
    return { refusal: `${name} was not read. ${why}` };
  }
  const { rows, slices, notUsed } = countableRows(foreign.draft);
  const report = reportOf(foreign);
  const text = foreign.format === "hf-model-card" ? readText(input) : null;
  return {
    foreign,
    rows,
    slices,
    fields: listingFieldsOf(foreign.draft),
    card: text && "text" in text ? cleanText(text.text) : null,
    report: {
      ...report,
      notUsed: [...notUsed, ...report.notUsed],
      ...(rows.length === 0 ? {} : rowsReport({ rows, slices })),
    },
  };
}

/** A name under which text that was pasted is recognised: JSON by itself, YAML and Markdown by their ending. */
export function nameOfPasted(text: string): string {
  const names = /^\s*[[{]/.test(text) ? ["pasted.json", "pasted.jsonl"] : ["pasted.md", "pasted.yaml"];
  return names.find((name) => detectFormat(name, text) !== "unknown") ?? "pasted.md";
}

/** A bundle names a key by the hash of its PEM text, and a form changes how the lines of a text end. */
function formsOf(publicKey: string): string[] {
  const text = publicKey.replaceAll("\r\n", "\n").trim();
  return text === "" ? [] : [publicKey, `${text}\n`, text, `${text}\n`.replaceAll("\n", "\r\n")];
}

function isRowsFile(name: string, input: ForeignInput): boolean {
  if (/\.(csv|jsonl|ndjson)$/i.test(name)) return true;
  const read = readText(input);
  return "text" in read && /^.{0,2000}\bprediction\b/.test(read.text);
}
