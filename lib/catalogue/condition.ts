import { z } from "zod";

/** Longest name of a column, value or answer in a condition, in characters. */
export const MAX_CONDITION_TEXT = 200;
/** Tests that must hold together. */
export const MAX_CONDITION_TESTS = 8;
/** Answers that one test may name. */
export const MAX_CONDITION_ANSWERS = 50;

/** A number in its one form: no exponent, no needless zeros, at most 15 digits before the point and 9 after it. */
export const CANONICAL_DECIMAL = /^(?!-0$)-?(0|[1-9]\d{0,14})(\.\d{0,8}[1-9])?$/;

const text = z.string().min(1).max(MAX_CONDITION_TEXT);
const answer = z.string().max(MAX_CONDITION_TEXT);
const number = z.string().regex(CANONICAL_DECIMAL);
const share = number.refine((at) => Number(at) >= 0 && Number(at) <= 1);

const conditionTestSchema = z.union([
  z.strictObject({ on: z.enum(["input", "output_column"]), column: text, is: text }),
  z.strictObject({ on: z.literal("input"), column: text, atLeast: number }),
  z.strictObject({ on: z.literal("input"), column: text, below: number }),
  z.strictObject({ on: z.literal("answer"), says: z.array(answer).min(1).max(MAX_CONDITION_ANSWERS) }),
  z.strictObject({ on: z.literal("answer"), confidenceAtLeast: share }),
  z.strictObject({ on: z.literal("answer"), confidenceBelow: share }),
]);

/**
 * A slice's condition as data: every test holds. It can be checked without the true label, on the input, on the model's
 * answer, or on a column that depends on the answer.
 */
export const conditionSchema = z.strictObject({
  all: z.array(conditionTestSchema).min(1).max(MAX_CONDITION_TESTS),
});

export type Condition = z.infer<typeof conditionSchema>;
export type ConditionTest = Condition["all"][number];
