import { z } from "zod";
import type { PackedInput } from "./packed-input";

/** Most characters of a text that a model is given. */
export const MAX_TEXT_CHARACTERS = 100_000;
/** Most bytes of a picture or sound that a model is given. */
export const MAX_MEDIA_BYTES = 8 * 1024 ** 2;
export const MAX_FIELDS = 4_096;
const MAX_FIELD_CHARACTERS = 10_000;

const text = z.string().max(MAX_TEXT_CHARACTERS);
/** The bytes of a file, in base64. */
const media = z
  .string()
  .max(Math.ceil(MAX_MEDIA_BYTES / 3) * 4)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** What a model is given of one row: what a person typed, or the bytes of a picture (PNG, JPEG) or sound (WAV) file. */
export const modelInputSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text }),
  z.strictObject({ kind: z.literal("question"), question: text, context: text }),
  z.strictObject({
    kind: z.literal("fields"),
    values: z
      .record(z.string().max(200), z.string().max(MAX_FIELD_CHARACTERS))
      .refine((values) => Object.keys(values).length <= MAX_FIELDS, `at most ${MAX_FIELDS} fields`),
  }),
  z.strictObject({ kind: z.literal("image"), base64: media }),
  z.strictObject({ kind: z.literal("audio"), base64: media }),
]);
export type ModelInput = z.infer<typeof modelInputSchema>;
/** What a runner is given of a row: an input, or one that was prepared before. */
export type RunInput = ModelInput | { kind: "prepared"; packed: PackedInput };
