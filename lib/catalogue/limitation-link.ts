import { sha256 } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { cleanText } from "@/lib/shared/clean-text";
import { toHex } from "@/lib/shared/encoding";
import { canonicalBytes } from "@/lib/shared/jcs";
import { evidenceGrades, intervalMethods } from "./standing";

/** The longest slice id, slice name or class label that a limitation can be linked to. */
export const MAX_LINK_CHARACTERS = 1_000;

const linked = z
  .string()
  .min(1)
  .max(MAX_LINK_CHARACTERS)
  .refine((text) => cleanText(text) === text);
const ofClass = z.strictObject({ quantity: z.enum(["recall", "precision"]), class: linked });
const ofWhole = z.strictObject({ quantity: z.enum(["accuracy", "coverage"]) });
const slice = { quantity: z.literal("accuracy"), slice: linked };

/** What exactly was counted: a slice by its id, a class by its label, or all rows; and which share of it. */
export const limitLinkSchema = z.union([z.strictObject(slice), ofClass, ofWhole]);
export type LimitLink = z.infer<typeof limitLinkSchema>;

/** The same as a limitation carries it: with what the slice was called, for when no evaluation knows it. */
export const measuresSchema = z.union([z.strictObject({ ...slice, name: linked }), ofClass, ofWhole]);
export type Measures = z.infer<typeof measuresSchema>;

/** A figure as it stands beside a limitation: of what, how much, from which run. */
export const limitFigureSchema = z.object({
  of: limitLinkSchema,
  k: z.int().nonnegative(),
  n: z.int().positive(),
  value: z.number(),
  lower: z.number(),
  upper: z.number(),
  intervalMethod: z.enum(intervalMethods),
  /** Independent ones among the rows; null where no two belong together, or nobody looked. */
  clusters: z.int().positive().nullable(),
  evaluationId: z.string(),
  dataSetName: z.string(),
  grade: z.enum(evidenceGrades),
  measuredAt: z.coerce.date(),
});
export type LimitFigure = z.infer<typeof limitFigureSchema>;

export function linkOf(measures: Measures): LimitLink {
  if (!("slice" in measures)) return measures;
  const { quantity, slice: id } = measures;
  return { quantity, slice: id };
}

/** Names one limitation of a listing: its type, and what it is measured by. Without dots, so that a form can carry it. */
export function limitKey({ type, measures }: { type: string; measures: Measures | null }): string {
  if (!measures) return type;
  return `${type}-${toHex(sha256(canonicalBytes(linkOf(measures)))).slice(0, 16)}`;
}

/** What is measured, as a sentence that its figure completes: "Rows that are “spam” and are found (recall)". */
export function measuresText(measures: Measures): string {
  if ("slice" in measures) return `Right answers in the slice “${measures.name}”`;
  if ("class" in measures)
    return measures.quantity === "recall"
      ? `Rows that are “${measures.class}” and are found (recall)`
      : `Answers “${measures.class}” that are right (precision)`;
  return measures.quantity === "accuracy" ? "Right answers over all rows" : "Rows in its reached slices";
}

/** The slice or class alone, for where there is little room; null for all rows. */
export function measuredSubject(measures: Measures): string | null {
  return "slice" in measures ? measures.name : "class" in measures ? measures.class : null;
}

/** What stands where nothing was measured. */
export const NOT_MEASURED = "Stated by the seller, not measured.";
