import { z } from "zod";

/**
 * How raw input becomes the numbers a network reads. The specification travels inside
 * the model file (`offcut.preprocessing`), so a digest covers both together.
 */

const textUnit = z
  .strictObject({
    kind: z.enum(["word", "character"]),
    from: z.int().min(1).max(8),
    to: z.int().min(1).max(8),
  })
  .refine((unit) => unit.from <= unit.to, "from must not exceed to");

const textHash = z.strictObject({
  kind: z.literal("text-hash"),
  version: z.literal(1),
  dimensions: z.int().min(2).max(65_536),
  units: z.array(textUnit).min(1).max(4),
  weighting: z.enum(["presence", "logarithm", "count"]),
  normalisation: z.enum(["unit-length", "none"]),
  maxCharacters: z.int().min(1).max(100_000),
});

const numberColumn = z.strictObject({
  name: z.string().min(1).max(80),
  unit: z.string().max(40),
  mean: z.number(),
  scale: z.number().positive(),
});

const numbers = z.strictObject({
  kind: z.literal("numbers"),
  version: z.literal(1),
  columns: z.array(numberColumn).min(1).max(4_096),
});

const image = z.strictObject({
  kind: z.literal("image"),
  version: z.literal(1),
  width: z.int().min(1).max(256),
  height: z.int().min(1).max(256),
  block: z.int().min(1).max(64),
});

const board = z.strictObject({
  kind: z.literal("board"),
  version: z.literal(1),
  columns: z.int().min(4).max(9),
  rows: z.int().min(4).max(9),
});

/** Every preprocessing this installation can do; anything else is refused. */
export const preprocessingSchema = z.discriminatedUnion("kind", [textHash, numbers, image, board]);
export type Preprocessing = z.infer<typeof preprocessingSchema>;

export const classNamesSchema = z.array(z.string().min(1).max(120)).min(2).max(1_000);
