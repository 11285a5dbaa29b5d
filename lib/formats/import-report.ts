import { z } from "zod";
import type { DraftFields } from "@/lib/catalogue/draft-fields";
import type { NotMapped } from "@/lib/shared/cursor";
import { withoutUnseen } from "@/lib/shared/plain-name";
import { MAX_CLASSES, offerOutputConditions, waysFound } from "@/lib/measurement/evaluation-file";
import {
  type ForeignDraft,
  type ForeignFigure,
  type ForeignFormat,
  type ForeignImport,
  incompleteTraps,
} from "./foreign-draft";
import { conditionWords } from "@/lib/measurement/condition";
import type { EvaluationRow, OutputCondition, SliceDefinition } from "@/lib/measurement/slice";
import { MAX_SLICES } from "@/lib/measurement/slice-columns";

/** What can be read into a draft, as pages call it. */
export const importFormatLabels = {
  "hf-model-card": "Hugging Face model card",
  "hf-eval-results": "Hugging Face .eval_results",
  "lm-eval-results": "lm-evaluation-harness results",
  "lm-eval-samples": "lm-evaluation-harness samples",
  "lighteval-results": "LightEval results",
  "lighteval-details": "LightEval details",
  "inspect-log": "Inspect log",
  "inspect-archive": "Inspect log (.eval)",
  "every-eval-ever": "Every Eval Ever",
  "every-eval-ever-instances": "Every Eval Ever instances",
  parquet: "their rows in Parquet",
  cyclonedx: "CycloneDX",
  "model-signing": "OpenSSF Model Signing bundle",
  croissant: "Croissant",
  "evaluation-file": "File of rows",
} as const satisfies Record<Exclude<ForeignFormat, "unknown"> | "evaluation-file", string>;
export type ImportFormat = keyof typeof importFormatLabels;

const MAX_FIGURES = 300;
const MAX_FACTS = 100;
const MAX_TEXTS = 200;

const text = z.string();
const interval = z.object({ lower: z.number(), upper: z.number() }).nullable();
const outputCondition = z.object({ prediction: text, minConfidence: z.number().optional() });

const figureSchema = z.object({
  name: text,
  metric: text,
  slice: text.nullable(),
  dataSet: text,
  /** As the file prints it. */
  stated: text,
  n: z.number().nullable(),
  k: z.number().nullable(),
  /** Wilson 95 % of k of n, computed here; null where no count follows. */
  wilson: interval,
});
export type ReportedFigure = z.infer<typeof figureSchema>;

const signatureSchema = z.object({
  state: z.enum(["verified", "forged", "not_checked", "unsupported", "malformed"]),
  method: text,
  algorithm: text,
  isSharded: z.boolean(),
  /** Paths that the signer left out. */
  ignored: z.array(text).default([]),
  files: z.array(z.object({ path: text, digest: text })),
});

/**
 * What became of a file that was read into a draft. Kept with it, so that nothing of what was left out, or would
 * mislead, is forgotten. The file itself stays beside it.
 */
export const importReportSchema = z.object({
  traps: z.array(z.object({ code: text, message: text })).default([]),
  /** Sentences about how it was read. */
  notices: z.array(text).default([]),
  notUsed: z.array(z.object({ path: text, value: text, reason: text })).default([]),
  /** Labels of the fields it filled. */
  filled: z.array(text).default([]),
  /** What it says of the model, the run and who ran it. */
  facts: z.array(z.object({ name: text, value: text })).default([]),
  figures: z.array(figureSchema).default([]),
  figureCount: z.number().default(0),
  /** What it says in words about limits, and claims against the model. */
  limits: z.array(text).default([]),
  signature: signatureSchema.nullable().default(null),
  rows: z.object({ n: z.number(), slices: z.number() }).nullable().default(null),
  /** How its rows were read, to read them again alike. */
  outputColumns: z.array(text).default([]),
  thresholds: z
    .array(z.union([z.object({ column: text, atLeast: text }), z.object({ column: text, below: text })]))
    .default([]),
  found: z.enum(waysFound).default("not_said"),
  /** Answers that can be judged as slices of their own, with the rows each has. */
  offers: z.array(outputCondition.extend({ n: z.number() })).default([]),
  /** Those that are. */
  chosen: z.array(outputCondition).default([]),
});
export type ImportReport = z.infer<typeof importReportSchema>;

/** A stored report; what an older version wrote is read as far as it goes. */
export function readImportReport(stored: unknown): ImportReport {
  const read = importReportSchema.safeParse(stored);
  return read.success ? read.data : importReportSchema.parse({});
}

/** Fields of a listing's draft that a foreign file can fill. */
export function listingFieldsOf({ listing, model }: ForeignDraft): Partial<DraftFields> {
  const title = withoutUnseen(listing.title || (model.name ?? "").slice(0, 90));
  const dataOrigins = listing.dataOrigins?.map((origin) => ({ ...origin, name: withoutUnseen(origin.name) }));
  return { ...listing, title, ...(dataOrigins && { dataOrigins }) };
}

/** The report of a foreign file, before it is known what its fields and rows became. */
export function reportOf(read: ForeignImport): ImportReport {
  const { draft, traps, warnings, notMapped } = read;
  return importReportSchema.parse({
    traps: traps.map(({ code, message }) => ({ code, message })),
    notices: warnings.slice(0, MAX_TEXTS),
    notUsed: [...notMapped, ...claimsOf(draft)],
    facts: factsOf(draft).slice(0, MAX_FACTS),
    figures: draft.figures.slice(0, MAX_FIGURES).map(figureOf),
    figureCount: draft.figures.length,
    limits: [...draft.limitations, ...counterClaimsOf(draft)].slice(0, MAX_TEXTS),
    signature: draft.signature && {
      state: draft.signature.state,
      method: draft.signature.method,
      algorithm: draft.signature.hashing.algorithm,
      isSharded: draft.signature.hashing.partBytes !== null,
      ignored: draft.signature.ignored,
      files: draft.signature.files.map(({ path, digest }) => ({ path, digest })),
    },
  });
}

/** Answers said less often than this are not worth a slice of their own. */
const MIN_OFFERED_ROWS = 10;

/** What a report says of rows that were counted. */
export function rowsReport(read: {
  rows: readonly EvaluationRow[];
  slices: readonly SliceDefinition[];
}): Pick<ImportReport, "rows" | "offers"> {
  return {
    rows: { n: read.rows.length, slices: read.slices.length },
    offers: offerOutputConditions(read.rows).filter(
      (offer, _, all) => offer.n >= MIN_OFFERED_ROWS && !all.some((other) => saysTheSame(other, offer)),
    ),
  };
}

/** A lower bar that the same rows reach makes the higher one no slice of its own. */
function saysTheSame(lower: ImportReport["offers"][number], offer: typeof lower): boolean {
  const isLower = (lower.minConfidence ?? 0) < (offer.minConfidence ?? 0);
  return isLower && lower.prediction === offer.prediction && lower.n === offer.n;
}

/** The rows of a foreign file as far as they can be judged here, with what of them cannot. */
export function countableRows({ rows, slices }: Pick<ForeignDraft, "rows" | "slices">): {
  rows: EvaluationRow[];
  slices: SliceDefinition[];
  notUsed: NotMapped[];
} {
  const classes = new Set(rows.map(({ label }) => label)).size;
  if (classes > MAX_CLASSES) {
    const reason = `There are ${classes} different targets. Rows are counted for at most ${MAX_CLASSES}; the stated figures stay claims.`;
    return { rows: [], slices: [], notUsed: [{ path: "rows", value: String(rows.length), reason }] };
  }
  const kept = slices.slice(0, MAX_SLICES);
  const reason = `At most ${MAX_SLICES} slices can be judged together.`;
  const notUsed = slices
    .slice(MAX_SLICES)
    .map(({ condition }) => ({ path: "slice", value: conditionWords(condition), reason }));
  return { rows: [...rows], slices: kept, notUsed };
}

/** What its rows are called in the signed record. A run that is not whole, or withdrawn, says so in its name, for good. */
export function dataSetNameOf(read: ForeignImport, fileName: string, given: string): string {
  const { conditions, figures, harness } = read.draft;
  const task = conditions.find(({ name }) => name === "task")?.value ?? figures[0]?.name ?? fileName;
  const base = given.trim() || [task, harness?.name].filter(Boolean).join(", ");
  const isIncomplete = read.traps.some(({ code }) => incompleteTraps.includes(code));
  const isWithdrawn = read.traps.some(({ code }) => code === "withdrawn");
  const end = isWithdrawn ? " (withdrawn by its author)" : isIncomplete ? " (incomplete run)" : "";
  return `${withoutUnseen(base).slice(0, 200 - end.length)}${end}`;
}

/** One condition as a form's value, and back; null for what no form of ours sent. */
export function conditionText({ prediction, minConfidence }: OutputCondition): string {
  return JSON.stringify(minConfidence === undefined ? [prediction] : [prediction, minConfidence]);
}

/** The offers a form chose. Anything that was not offered is left out. */
export function chosenOf(offers: ImportReport["offers"], chosen: readonly string[]): ImportReport["chosen"] {
  const wanted = new Set(chosen);
  return offers
    .filter((offer) => wanted.has(conditionText(offer)))
    .map(({ n: _n, ...condition }) => condition);
}

function figureOf(figure: ForeignFigure): ReportedFigure {
  const { dataSet, filter, metric, name, slice, valueText, n, k, wilson, scale } = figure;
  const isPercent = scale === "percent" && !valueText.endsWith("%");
  return {
    name,
    metric: filter === null || filter === "none" ? metric : `${metric}, ${filter}`,
    slice,
    dataSet: [dataSet.name, dataSet.config, dataSet.split].filter(Boolean).join(", "),
    stated: isPercent ? `${valueText} (percent)` : valueText,
    n,
    k,
    wilson,
  };
}

function factsOf({ model, evaluator, harness, ranAt, conditions }: ForeignDraft): ImportReport["facts"] {
  const known: [string, string | null | undefined][] = [
    ["model", model.id ?? model.name],
    ["revision", model.revision],
    ["SHA-256", model.sha256],
    ["evaluated by", evaluator.name],
    ["relation to the maker", evaluator.relation],
    ["run with", harness && [harness.name, harness.version].filter(Boolean).join(" ")],
    ["run on", ranAt],
  ];
  return [
    ...known.flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    ...conditions.map(({ name, value }) => ({ name, value: value.slice(0, 500) })),
  ];
}

function claimsOf({ claims }: ForeignDraft): NotMapped[] {
  return claims
    .filter(({ isCounterClaim }) => !isCounterClaim)
    .slice(0, MAX_TEXTS)
    .map(({ text: value, target }) => ({
      path: target === null ? "claim" : `claim about ${target.slice(0, 80)}`,
      value: value.slice(0, 600),
      reason: "What a listing claims follows from its signed evaluations.",
    }));
}

function counterClaimsOf({ claims }: ForeignDraft): string[] {
  return claims.filter(({ isCounterClaim }) => isCounterClaim).map((claim) => claim.text.slice(0, 1000));
}
