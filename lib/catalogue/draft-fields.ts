import { z } from "zod";
import { MAX_INT32 } from "@/lib/shared/column-bounds";
import { type LimitationType, limitationTypeNames, severities } from "./limitation";
import { measuresSchema } from "./limitation-link";
import { DESCRIPTION_MAX_CHARACTERS } from "./marked-text";
import { partNames, pricingNames } from "./part";
import type { RightName } from "./rights";

/** The longest card a draft takes, in characters. */
export const CARD_MAX_CHARACTERS = 400_000;
export const MAX_DRAFT_ROWS = 60;

const text = (max: number) =>
  z
    .string()
    .max(max, `Keep this under ${max.toLocaleString("en")} characters.`)
    .default("");

const draftPartSchema = z.object({
  /** Empty: the part is not offered. */
  pricing: z.enum(["", ...pricingNames]).default(""),
  /** As typed, in the currency of the installation. */
  price: text(20),
  /** Empty: the licence is perpetual. */
  termMonths: text(6),
});

const draftLimitationSchema = z.object({
  /** Empty: not stated. */
  presence: z.enum(["", "present", "absent"]).default(""),
  severity: z.enum(severities).default("moderate"),
  condition: text(300),
});
export type DraftLimitation = z.infer<typeof draftLimitationSchema>;

const limitationType = z.enum(limitationTypeNames as [LimitationType, ...LimitationType[]]);

const draftMeasuredSchema = z.object({
  /** Empty: not stated. */
  presence: z.enum(["", "present"]).default("present"),
  severity: z.enum(severities).default("moderate"),
  condition: text(300),
  /** What an evaluation showed to fall short; a form cannot write it. */
  shown: z.object({ type: limitationType, measures: measuresSchema }).nullable().default(null),
});
export type DraftMeasured = z.infer<typeof draftMeasuredSchema>;

/** So many measured limitations a draft holds, the worst; every slice stands on the page by itself. */
export const MAX_DRAFT_MEASURED = 40;

const draftOriginSchema = z.object({
  name: text(200),
  source: text(500),
  licence: text(200),
  url: text(500),
  /** Empty where a file named it without saying what it was used for. */
  use: z.enum(["", "training", "evaluation"]).default("training"),
  rowCount: text(15),
});

const draftContributorSchema = z.object({
  name: text(120),
  /** The account that is asked to confirm, by its handle; empty for somebody without one. */
  handle: text(60),
  contribution: text(300),
  sharePercent: text(10),
});

export const draftEventKinds = {
  data_collected: "Data collected",
  trained: "Trained",
  forked: "Forked from another model",
  evaluated: "Evaluated elsewhere",
  deployed: "Put to use",
  withdrawn: "Taken out of use",
} as const;

const draftEventSchema = z.object({
  kind: z
    .enum(Object.keys(draftEventKinds) as [keyof typeof draftEventKinds, ...(keyof typeof draftEventKinds)[]])
    .default("trained"),
  fromDate: text(10),
  toDate: text(10),
  text: text(600),
});

const answer = z.enum(["yes", "no", "not_stated"]).default("not_stated");

const draftRightsSchema = z.object({
  useCommercially: answer,
  modify: answer,
  redistribute: answer,
  sublicense: answer,
} satisfies Record<RightName, typeof answer>);

/**
 * A listing as far as its seller has written it. Everything is kept as typed, also what cannot be published yet, so
 * that saving never refuses an unfinished answer; only lengths are bounded.
 */
export const draftFieldsSchema = z.object({
  title: text(200),
  summary: text(1000),
  description: text(DESCRIPTION_MAX_CHARACTERS),
  contact: text(300),
  endpointUrl: text(500),
  /** "parts" sells parts of a model that has no niche. */
  scope: z.enum(["niche", "parts"]).default("niche"),
  task: text(60),
  domain: text(60),
  /** Language tags separated by commas. */
  languages: text(400),
  declaredLevel: text(10),
  licenceSpdx: text(120),
  fieldOfUse: text(300),
  /** One to a line. */
  baseModels: text(4000),
  rights: draftRightsSchema.prefault({}),
  parts: z.partialRecord(z.enum(partNames), draftPartSchema).default({}),
  limitations: z
    .partialRecord(z.enum(limitationTypeNames as [string, ...string[]]), draftLimitationSchema)
    .default({}),
  /** By `limitKey`. */
  measured: z.record(z.string().max(80), draftMeasuredSchema).default({}),
  dataOrigins: z.array(draftOriginSchema).max(MAX_DRAFT_ROWS).default([]),
  contributors: z.array(draftContributorSchema).max(MAX_DRAFT_ROWS).default([]),
  events: z.array(draftEventSchema).max(MAX_DRAFT_ROWS).default([]),
  /** Raised whenever the platform fills fields in, so that a page knows to show them. */
  fillings: z.int().nonnegative().max(MAX_INT32).default(0),
});
export type DraftFields = z.infer<typeof draftFieldsSchema>;

export const emptyDraft: DraftFields = draftFieldsSchema.parse({});

/** Stored fields as they are now, filled up where an older version of the product wrote less. */
export function readDraftFields(stored: unknown): DraftFields {
  const whole = draftFieldsSchema.safeParse(stored);
  if (whole.success) return whole.data;
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries((stored ?? {}) as Record<string, unknown>)) {
    if (draftFieldsSchema.safeParse({ [name]: value }).success) kept[name] = value;
  }
  return draftFieldsSchema.parse(kept);
}
