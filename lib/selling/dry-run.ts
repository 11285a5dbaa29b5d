import { parse } from "csv-parse/sync";
import { z } from "zod";
import { type AskedInput, type ReadInput, readInput } from "@/lib/inference/asked-input";
import type { ModelInput } from "@/lib/inference/model-input";
import { fieldName } from "@/lib/inference/trial-fields";

export const DRY_RUN_ROWS = 5;
const SHOWN_CHARACTERS = 200;

const answer = z.object({
  /** The row as it is shown: at most 200 characters. */
  input: z.string(),
  prediction: z.string(),
  confidence: z.number().nullable(),
  refused: z.string().nullable(),
});

/** What came of a draft's first rows, of exactly one contract and one set of files. */
export const dryRunSchema = z.object({
  contractSha256: z.string(),
  filesSha256: z.string(),
  /** Null where it was confirmed with the version that this draft revises. */
  ran: z
    .object({
      at: z.iso.datetime(),
      isolation: z.string(),
      milliseconds: z.number(),
      answers: z.array(answer).max(DRY_RUN_ROWS),
    })
    .nullable(),
});
export type DryRun = z.infer<typeof dryRunSchema>;

/** The seller has seen the contract answer: it is of these files, and at least one row was run. */
export function isConfirmed(
  dryRun: DryRun | null,
  now: Pick<DryRun, "contractSha256" | "filesSha256">,
): boolean {
  if (!dryRun || isStale(dryRun, now)) return false;
  return dryRun.ran === null || dryRun.ran.answers.some(({ refused }) => refused === null);
}

/** The files or the contract were changed since. */
export function isStale(dryRun: DryRun, now: Pick<DryRun, "contractSha256" | "filesSha256">): boolean {
  return dryRun.contractSha256 !== now.contractSha256 || dryRun.filesSha256 !== now.filesSha256;
}

/** How the field for rows is filled in, and what stands in it to begin with; null where files are asked for instead. */
export function drySamples(asked: AskedInput): { hint: string; rows: string } | null {
  switch (asked.kind) {
    case "text":
      return { hint: "One text a line.", rows: sentences.join("\n") };
    case "question":
      return {
        hint: "One a line: the question, a vertical bar, and the text that holds its answer.",
        rows: "Where does Anna live? | Anna lives in Berlin.\nWhen was it sent? | The parcel was sent on 3 May.",
      };
    case "fields":
      return {
        hint: "CSV: the names of the columns in the first line, a row in each after it.",
        rows: table(asked),
      };
    case "image":
    case "audio":
      return null;
  }
}

const sentences = [
  "The parcel came two days late and the box was open.",
  "Thank you, that solved it at once!",
  "Please send the invoice of 12 May to the address below.",
  "ok",
  "Ça marche très bien, merci.",
];

function table({ fields }: Extract<AskedInput, { kind: "fields" }>): string {
  const names = fields.map(({ name }) => quoted(name)).join(",");
  const rows = [0, 1, 2, 5, 10].map((at) =>
    fields.map(({ type }) => (type === "text" ? "abc" : String(type === "number" ? at + 0.5 : at))).join(","),
  );
  return [names, ...rows].join("\n");
}

const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** At most five inputs out of what a form sent; or what is wrong with it, in a sentence. */
export function readDryRows(
  asked: AskedInput,
  { rows, files }: { rows: string; files: readonly Uint8Array[] },
): { inputs: ModelInput[] } | { wrong: string } {
  const read =
    asked.kind === "image" || asked.kind === "audio"
      ? files.map((file) => readInput(asked, { texts: {}, file }))
      : tableOrLines(asked, rows.replaceAll("\r\n", "\n"));
  if ("wrong" in read) return read;
  if (read.length === 0) return { wrong: "Give at least one row." };
  if (read.length > DRY_RUN_ROWS)
    return { wrong: `At most ${DRY_RUN_ROWS} rows are run; these are ${read.length}.` };
  const inputs: ModelInput[] = [];
  for (const [at, one] of read.entries()) {
    if ("wrong" in one)
      return { wrong: `Row ${at + 1}: ${Object.values(one.wrong)[0] ?? "it cannot be read."}` };
    inputs.push(one.input);
  }
  return { inputs };
}

function tableOrLines(asked: AskedInput, rows: string): ReadInput[] | { wrong: string } {
  if (asked.kind === "fields") return readTable(asked, rows);
  const lines = rows.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    if (asked.kind === "text") return readInput(asked, { texts: { text: line }, file: null });
    const [question = "", ...context] = line.split("|");
    return readInput(asked, {
      texts: { question: question.trim(), context: context.join("|").trim() },
      file: null,
    });
  });
}

function readTable(
  asked: Extract<AskedInput, { kind: "fields" }>,
  rows: string,
): ReadInput[] | { wrong: string } {
  let records: Record<string, string>[];
  try {
    records = parse(rows, { columns: true, skip_empty_lines: true, trim: true });
  } catch {
    return { wrong: "This is no CSV: a line has other cells than the first one names." };
  }
  return records.map((record) => {
    const texts = Object.fromEntries(asked.fields.map(({ name }) => [fieldName(name), record[name] ?? ""]));
    const read = readInput(asked, { texts, file: null });
    if (!("wrong" in read)) return read;
    const named = Object.entries(read.wrong).map(([field, said]) => [
      field,
      `${field.slice("field:".length)}: ${said}`,
    ]);
    return { wrong: Object.fromEntries(named) };
  });
}

/** An input in a line, as it is shown beside its answer. */
export function shownInput(input: ModelInput): string {
  switch (input.kind) {
    case "text":
      return input.text.slice(0, SHOWN_CHARACTERS);
    case "question":
      return `${input.question} | ${input.context}`.slice(0, SHOWN_CHARACTERS);
    case "fields":
      return Object.entries(input.values)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")
        .slice(0, SHOWN_CHARACTERS);
    case "image":
      return "a picture";
    case "audio":
      return "a sound";
  }
}
