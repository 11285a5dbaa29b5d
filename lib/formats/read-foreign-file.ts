import { cleanText } from "@/lib/shared/clean-text";
import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { detectFormat, notJson } from "./detect-format";
import type { ForeignFormat } from "./foreign-draft";
import { type ForeignInput, NOT_JSON, readJson, readText } from "./foreign-source";
import { importForeign, verdictOf } from "./import-foreign";
import {
  type ImportReport,
  countableRows,
  dataSetNameOf,
  importFormatLabels,
  listingFieldsOf,
  reportOf,
  rowsReport,
} from "./import-report";
import { isConfidenceLeak } from "@/lib/measurement/leak";
import { withOutputSlices } from "@/lib/measurement/slice";
import { type CountedRows, type Counting, countRows } from "./read-rows";

export type ForeignAsked = Counting & {
  /** Null for text that was pasted: its name then follows from what it is. */
  fileName: string | null;
  /** The signer's public key in PEM, or nothing. */
  publicKey: string;
  /** What its rows are called; empty: as the file says. */
  dataSetName: string;
};

export type ReadForeignFile = {
  fileName: string;
  format: ForeignFormat;
  /** ISO 8601, as the run says of itself. */
  ranAt: string | null;
  dataSetName: string;
  /** Null where there are no rows that can be counted. */
  counted: CountedRows | null;
  fields: Partial<DraftFields>;
  /** The whole text of a model card, and its prose about limits; null for every other format. */
  card: string | null;
  cardLimits: string | null;
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
  { fileName: given, publicKey, dataSetName, level, salt, conditions }: ForeignAsked,
  input: Uint8Array,
): Promise<ReadForeignFile | { refusal: string }> {
  const fileName = given ?? nameOfPasted(input);
  const foreign = await importForeign(fileName, input, {
    publicKeys: publicKey.trim() === "" ? [] : [publicKey],
  });
  const verdict = verdictOf(foreign);
  if (verdict === "not a known format") {
    const beyond = limitOf(input) ?? notJson(fileName, input);
    if (beyond !== null) return { refusal: `${fileName} was not read. ${beyond}` };
    const hint = isRowsFile(fileName, input) ? " A file of rows goes under Evaluation." : "";
    return { refusal: `${fileName} is in none of the formats read here: ${readable}.${hint}` };
  }
  if (verdict === "refused") {
    const why = foreign.traps.map(({ message }) => message).join(" ");
    return { refusal: `${fileName} was not read. ${why}` };
  }
  const { rows, slices, notUsed } = countableRows(foreign.draft);
  const { clustersFrom } = foreign.draft;
  const judged = conditions.filter((asked) => !isConfidenceLeak(rows, asked));
  const report = reportOf(foreign);
  const text = foreign.format === "hf-model-card" ? readText(input) : null;
  const hasRows = rows.length > 0;
  return {
    fileName,
    format: foreign.format,
    ranAt: foreign.draft.ranAt,
    dataSetName: dataSetNameOf(foreign, fileName, dataSetName),
    counted: hasRows
      ? countRows({ rows, slices: withOutputSlices(slices, judged), clustersFrom }, { level, salt })
      : null,
    fields: listingFieldsOf(foreign.draft),
    card: text && "text" in text ? cleanText(text.text) : null,
    cardLimits: text && (foreign.draft.limitations[0] ?? null),
    report: {
      ...report,
      notUsed: [...notUsed, ...report.notUsed],
      ...(hasRows ? rowsReport({ rows, slices }) : {}),
    },
  };
}

/** Why a document of JSON was not even looked at; null for one that was, and for anything else. */
function limitOf(input: ForeignInput): string | null {
  const read = readText(input);
  if ("problem" in read) return read.problem;
  const { problem } = /^\s*[[{]/.test(read.text) ? readJson(read.text) : { problem: null };
  return problem === NOT_JSON ? null : problem;
}

/** A name under which text that was pasted is recognised: JSON by itself, YAML and Markdown by their ending. */
function nameOfPasted(input: Uint8Array): string {
  const text = new TextDecoder().decode(input);
  const names = /^\s*[[{]/.test(text) ? ["pasted.json", "pasted.jsonl"] : ["pasted.md", "pasted.yaml"];
  return names.find((name) => detectFormat(name, text) !== "unknown") ?? "pasted.md";
}

function isRowsFile(name: string, input: ForeignInput): boolean {
  if (/\.(csv|tsv|jsonl|ndjson)$/i.test(name)) return true;
  const read = readText(input);
  return "text" in read && /^.{0,2000}\bprediction\b/.test(read.text);
}
