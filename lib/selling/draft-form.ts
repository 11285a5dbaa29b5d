import { z } from "zod";
import { MAX_INT32 } from "@/lib/shared/column-bounds";
import { type DraftFields, MAX_DRAFT_ROWS, draftFieldsSchema } from "@/lib/catalogue/draft-fields";

const LISTS = ["dataOrigins", "contributors", "events"] as const;
const NESTED = ["rights", "parts", "limitations", "measured"] as const;

/**
 * The flat names of a form ("parts.weights.price", "events.0.text") as fields. Unknown names are ignored; blank rows
 * in the middle of a list stay, so that the rows of an open page keep their places.
 */
export function fieldsOfForm(form: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(form)) {
    if (typeof value !== "string") continue;
    const path = name.split(".");
    if (path.length <= 3 && Object.hasOwn(draftFieldsSchema.shape, path[0] ?? "")) place(fields, path, value);
  }
  for (const name of NESTED) fields[name] = { ...(fields[name] as object | undefined) };
  for (const name of LISTS) fields[name] = rowsOf(fields[name]);
  delete fields.fillings;
  return fields;
}

/** The same fields under the flat names of a form, for the inputs of a page. */
export function formNamesOf(fields: DraftFields): Record<string, string> {
  const names: Record<string, string> = {};
  const walk = (prefix: string, value: unknown): void => {
    if (typeof value === "string") names[prefix] = value;
    else if (value && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) walk(prefix ? `${prefix}.${key}` : key, inner);
    }
  };
  walk("", fields);
  return names;
}

/**
 * What a form sent of the fields its person touched, over what is stored: for a page that was drawn before the
 * platform filled something in. Data origins that are not in the form were filled in and stay.
 */
export function onlyTouched(
  stored: DraftFields,
  typed: DraftFields,
  touched: readonly string[],
): DraftFields {
  const fields: Record<string, unknown> = { ...stored };
  for (const name of touched) {
    const [head = "", middle = ""] = name.split(".");
    if (!Object.hasOwn(draftFieldsSchema.shape, head) || head === "fillings") continue;
    const value = (typed as Record<string, unknown>)[head];
    if ((NESTED as readonly string[]).includes(head)) {
      const nested = value as Record<string, unknown>;
      if (Object.hasOwn(nested, middle))
        fields[head] = { ...(fields[head] as Record<string, unknown>), [middle]: nested[middle] };
    } else fields[head] = head === "dataOrigins" ? withFilled(typed.dataOrigins, stored.dataOrigins) : value;
  }
  return fields as DraftFields;
}

function withFilled(
  typed: DraftFields["dataOrigins"],
  stored: DraftFields["dataOrigins"],
): DraftFields["dataOrigins"] {
  const names = new Set(typed.map(({ name }) => name.trim()));
  return [...typed, ...stored.filter(({ name }) => !names.has(name.trim()))].slice(0, MAX_DRAFT_ROWS);
}

/** A whole draft form: which draft, the revision it started from, and the fields. */
export const draftFormSchema = z
  .looseObject({
    draftId: z.string().max(64),
    revision: z.coerce.number().int().nonnegative().max(MAX_INT32),
    intent: z.string().max(40).default("save"),
    cardText: z.string().optional(),
    cardFile: z.instanceof(Blob).optional(),
    /** Names of the controls that were typed in since the page was drawn; absent where the browser sent the form. */
    touched: z.string().max(100_000).optional(),
    /** `fillings` of the fields that were drawn. */
    drawn: z.coerce.number().int().nonnegative().max(MAX_INT32).default(0),
  })
  .transform((form, context) => {
    const parsed = draftFieldsSchema.safeParse(fieldsOfForm(form));
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        context.addIssue({ code: "custom", path: [issue.path.join(".")], message: issue.message });
      }
      return z.NEVER;
    }
    const { draftId, revision, intent, cardText, cardFile, drawn } = form;
    const touched = form.touched?.split("\n").filter(Boolean);
    return { draftId, revision, intent, cardText, cardFile, drawn, touched, fields: parsed.data };
  });
export type DraftForm = z.infer<typeof draftFormSchema>;

function place(fields: Record<string, unknown>, path: string[], value: string): void {
  const [head = "", middle, last] = path;
  if (middle === undefined) {
    fields[head] = value;
    return;
  }
  const inner = (fields[head] ?? Object.create(null)) as Record<string, unknown>;
  // A forged form may send "parts" as a text and "parts.weights" too.
  if (typeof inner !== "object") return;
  fields[head] = inner;
  if (last === undefined) inner[middle] = value;
  else {
    const deepest = (inner[middle] ?? {}) as Record<string, unknown>;
    if (typeof deepest !== "object") return;
    deepest[last] = value;
    inner[middle] = deepest;
  }
}

function rowsOf(rows: unknown): unknown[] {
  const numbered = Object.entries((rows ?? {}) as Record<string, Record<string, string>>)
    .filter(([index]) => /^\d{1,3}$/.test(index) && Number(index) < MAX_DRAFT_ROWS)
    .sort(([a], [b]) => Number(a) - Number(b));
  const list: unknown[] = [];
  for (const [index, row] of numbered) list[Number(index)] = row;
  for (let index = 0; index < list.length; index++) list[index] ??= {};
  while (list.length > 0 && isBlankRow(list.at(-1))) list.pop();
  return list;
}

/** Choices always have a value; a row is blank when nothing was typed. */
function isBlankRow(row: unknown): boolean {
  return Object.entries((row ?? {}) as Record<string, string>).every(
    ([name, value]) => name === "use" || name === "kind" || value.trim() === "",
  );
}
