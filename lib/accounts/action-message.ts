import { z } from "zod";

/**
 * What a form of our pages sends to an action, and nothing else: the last answer of the action, and the fields. React's
 * own notation can say far more (references, promises, files in pieces), which none of our pages sends; it fails on what
 * it cannot read as if that were a fault of ours.
 */

/** A string as React writes it: one that begins with a dollar is doubled, so that it names nothing. */
const text = z
  .string()
  .refine((value) => !value.startsWith("$") || value.startsWith("$$") || value === "$undefined");
const texts = z.record(z.string(), text);
const answer = z
  .strictObject({
    ok: z.boolean(),
    code: text.optional(),
    message: text.optional(),
    fields: z.union([texts, z.literal("$undefined")]).optional(),
    values: z.union([texts, z.literal("$undefined")]).optional(),
  })
  .nullable();
const withoutScript = z.tuple([answer]);
const withScript = z.tuple([answer, z.literal("$K1")]);
const descriptor = z.strictObject({ id: z.string(), bound: z.literal("$@1") });

/** True for the fields of a form that was sent without JavaScript. */
export function isPlainFormMessage(form: FormData): boolean {
  const own = [...form.keys()].filter((key) => key.startsWith("$ACTION"));
  const place = own.map((key) => /^\$ACTION_REF_(\w{1,20})$/.exec(key)?.[1]).find(Boolean);
  if (!place) return false;
  const expected = [`$ACTION_REF_${place}`, `$ACTION_${place}:0`, `$ACTION_${place}:1`, "$ACTION_KEY"];
  return (
    new Set(own).size === own.length &&
    own.every((key) => expected.includes(key)) &&
    reads(descriptor, form.get(`$ACTION_${place}:0`)) &&
    reads(withoutScript, form.get(`$ACTION_${place}:1`))
  );
}

/** True for the parts that JavaScript makes of a form. */
export function isScriptFormMessage(form: FormData): boolean {
  const keys = [...form.keys()];
  return keys.every((key) => key === "0" || key.startsWith("_1_")) && reads(withScript, form.get("0"));
}

function reads(schema: z.ZodType, part: FormDataEntryValue | null): boolean {
  if (typeof part !== "string") return false;
  try {
    return schema.safeParse(JSON.parse(part)).success;
  } catch {
    return false;
  }
}
