import { z } from "zod";
import { declaredLevels } from "@/lib/catalogue/niche";

const id = z.string().min(1).max(100);
const dataSetName = z.string().trim().min(3, "Name the data set.").max(200, "Use at most 200 characters.");

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

/** The largest file a form without JavaScript can send with its action. */
export const FORM_FILE_MAX_BYTES = 900_000;

export const addEvaluationInput = z.object({
  draftId: id,
  storedFileId: id,
  /** Decides only whether it is read as CSV or JSON Lines. */
  fileName: z.string().max(300).default("evaluation.csv"),
  dataSetName,
  declaredLevel: z.enum(declaredLevels),
  outputColumns: columnNames,
});

export const submitEvaluationInput = z.object({
  slug: id,
  dataSetName,
  outputColumns: columnNames,
  file: z
    .instanceof(File, { message: "Choose a file." })
    .refine(({ size }) => size > 0, "Choose a file.")
    .refine(({ size }) => size <= FORM_FILE_MAX_BYTES, "The file is larger than 900 KB; send fewer rows."),
});

export const evaluationIdInput = z.object({ evaluationId: id });

export const signEvaluationInput = z.object({
  evaluationId: id,
  /** The signed envelope's JSON; empty where this browser could not sign. */
  envelope: z.string().max(1_000_000).default(""),
});

export const answerEvaluationInput = z.object({
  evaluationId: id,
  body: z.string().trim().min(10, "Say at least a sentence.").max(2_000, "Use at most 2,000 characters."),
});
