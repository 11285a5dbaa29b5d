import { z } from "zod";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { waysFound } from "@/lib/measurement/evaluation-file";
import { MAX_THRESHOLDS, readThresholds } from "@/lib/measurement/threshold-columns";
import { declaredLevels } from "@/lib/catalogue/niche";
import { partNames } from "@/lib/catalogue/part";
import { editableNames } from "@/lib/inference/edit-contract";

const id = z.string().min(1).max(100);

export const draftIdSchema = z.object({ draftId: id });
export const draftFileIdSchema = z.object({ draftFileId: id });
export const assignFileSchema = z.object({ draftFileId: id, part: z.enum(partNames) });

const dataSetName = z
  .string()
  .trim()
  .min(3, "Name the data set.")
  .max(200, "Use at most 200 characters.")
  .refine(isPlainName, UNSEEN_REFUSED);

/** Column names separated by commas; nothing typed is no column. */
const columnNames = z
  .string()
  .max(2_000)
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  );

/** "characters ≥ 80, words < 25": where columns of numbers are cut; nothing typed cuts none. */
const thresholds = z
  .string()
  .max(2_000)
  .default("")
  .transform((text, context) => {
    const read = readThresholds(text);
    if (read) return read;
    context.addIssue(
      `Write a column, ≥ or <, and a number, at most ${MAX_THRESHOLDS} with commas between: characters ≥ 80.`,
    );
    return z.NEVER;
  });

/** What is said of the slices that the columns make. */
const found = z.enum(waysFound).default("not_said");

/** The largest file a form without JavaScript can send with its action. */
export const FORM_FILE_MAX_BYTES = 900_000;

const LONG_FIELDS: readonly string[] = ["labels", "columns", "template", "schema"];
const contractField = (name: string) =>
  z
    .string()
    .max(LONG_FIELDS.includes(name) ? 400_000 : 1_000, "This is longer than a contract may be.")
    .optional();

export const writeRunInput = z.object({
  draftId: id,
  ...(Object.fromEntries(editableNames.map((name) => [name, contractField(name)])) as Record<
    (typeof editableNames)[number],
    ReturnType<typeof contractField>
  >),
});

export const dryRunInput = z.object({
  draftId: id,
  rows: z.string().max(20_000, "Five short rows are enough.").default(""),
  files: z
    .array(z.instanceof(File))
    .max(5, "At most five files.")
    .refine(
      (files) => files.reduce((sum, { size }) => sum + size, 0) <= FORM_FILE_MAX_BYTES,
      "The files are larger than 900 KB together.",
    ),
});

export const addEvaluationInput = z.object({
  draftId: id,
  storedFileId: id,
  /** Its ending helps to tell CSV from JSON Lines. */
  fileName: z.string().max(300).default("evaluation.csv"),
  dataSetName,
  declaredLevel: z.enum(declaredLevels),
  outputColumns: columnNames,
  thresholds,
  found,
});

/** What may be said beside a file of another program; everything is optional but the file's name. */
export const importFileInput = z.object({
  fileName: z.string().max(300).default("file"),
  /** Text instead of a file: it is called after what it turns out to be. */
  isPasted: z.boolean().default(false),
  /** What its rows are called; empty: as the file says. */
  dataSetName: z
    .string()
    .trim()
    .max(200, "Use at most 200 characters.")
    .refine(isPlainName, UNSEEN_REFUSED)
    .default(""),
  /** Empty: the level declared later decides; until then rows are judged at 0.90. */
  declaredLevel: z.enum(["", ...declaredLevels]).default(""),
  /** The signer's public key in PEM, for a list of signed files. */
  publicKey: z.string().max(1_000, "A public key in PEM is shorter than that.").default(""),
});
export type ImportFileInput = z.infer<typeof importFileInput>;

export const importIdInput = z.object({ importId: id });

export const judgePredictionsInput = z.object({
  importId: id,
  /** Those chosen of the offered predictions, as the form holds them. */
  predictions: z.array(z.string().max(1_000)).max(100),
});

export const askForRunInput = z
  .object({
    slug: id,
    fileName: z.string().max(300).default("rows.csv"),
    dataSetName,
    rowsFrom: z.enum(["own", "public_set"]),
    /** Of a public set. */
    licence: z
      .string()
      .trim()
      .max(200, "Use at most 200 characters.")
      .refine(isPlainName, UNSEEN_REFUSED)
      .default(""),
    outputColumns: columnNames,
    thresholds,
    found,
  })
  .refine(({ rowsFrom, licence }) => rowsFrom === "own" || licence !== "", {
    path: ["licence"],
    error: "Say under which licence the public set comes.",
  });

export const runIdInput = z.object({ runId: id });

export const submitEvaluationInput = z.object({
  slug: id,
  dataSetName,
  outputColumns: columnNames,
  thresholds,
  found,
  file: z
    .instanceof(File, { message: "Choose a file." })
    .refine(({ size }) => size > 0, "Choose a file.")
    .refine(({ size }) => size <= FORM_FILE_MAX_BYTES, "The file is larger than 900 KB; send fewer rows."),
});
