import { z } from "zod";
import type { SenseFault } from "../sense-fault";
import { counted, date, sentence, strong, whole } from "../sentence";
import { type Statement, makeStatement } from "../statement";
import { count, sha256 } from "./field";
import { statementKind } from "./kind";

/** A statement holds at most so many models; a day with more has several parts. */
export const MODELS_PER_PART = 1_000;

const completenessPredicateSchema = z.object({
  /** A day in UTC, "2026-11-22". */
  day: z.iso.date(),
  part: z.int().positive(),
  parts: z.int().positive(),
  /** The published tree that was counted. */
  log: z.object({
    size: count,
    root: sha256,
    /** Null for an empty log. */
    lastIndex: count.nullable(),
  }),
  /** Over all parts. */
  totals: z.object({ models: count, statements: count, adverse: count, withdrawn: count }),
  models: z
    .array(
      z.object({
        modelDigest: sha256,
        statements: count,
        adverse: count,
        withdrawn: count,
        lastIndex: count,
      }),
    )
    .max(MODELS_PER_PART),
});
export type CompletenessPredicate = z.infer<typeof completenessPredicateSchema>;

/** What the platform says it has published about every model, day by day: leaving something out becomes a signed lie. */
export const completenessKind = statementKind({
  name: "completeness",
  title: "Daily count",
  schema: completenessPredicateSchema,
  doesNotProve: [
    "that the count is right: only reading the whole log can show that",
    "anything about statements that were never handed in",
  ],
  speakerOf: () => ({ by: "platform" }),
  pastOf: ({ day }) => [`${day}T00:00:00.000Z`],
  faultOf: ({ predicate, subject }) =>
    subject.some(({ digest: { sha256: hex } }) => hex === predicate.log.root)
      ? countFault(predicate)
      : "subject_differs",
  sentencesOf: ({ predicate }) => {
    const { day, log, totals, part, parts } = predicate;
    return {
      headline: sentence(
        ": on ",
        date(`${day}T00:00:00.000Z`),
        ` the log held ${counted(log.size, "entry", "entries")}, among them `,
        strong(counted(totals.statements, "statement")),
        ` about ${counted(totals.models, "model")}: ${whole(totals.adverse)} adverse, ${whole(totals.withdrawn)} withdrawn.`,
      ),
      facts: parts === 1 ? [] : [sentence(`This is part ${part} of ${parts} of that day's count.`)],
    };
  },
});

function countFault({ part, parts, log, totals, models }: CompletenessPredicate): SenseFault | null {
  const lastIndex = log.size === 0 ? null : log.size - 1;
  if (log.lastIndex !== lastIndex) return "total_differs";
  const isBeyond = models.some(
    (model) => model.lastIndex >= log.size || Math.max(model.adverse, model.withdrawn) > model.statements,
  );
  if (part > parts || isBeyond || models.length > totals.models) return "count_exceeds";
  if (parts > 1) return null;
  const sums = (["statements", "adverse", "withdrawn"] as const).every(
    (name) => models.reduce((sum, model) => sum + model[name], 0) === totals[name],
  );
  return sums && models.length === totals.models ? null : "total_differs";
}

/** The statement the platform signs; its subject is the root of the tree that was counted. */
export function completenessStatement(predicate: CompletenessPredicate): Statement<CompletenessPredicate> {
  const subject = { name: "root of the log", sha256: predicate.log.root };
  return makeStatement(completenessKind.predicateType, [subject], predicate);
}
