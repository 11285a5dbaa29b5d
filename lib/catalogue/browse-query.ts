import { z } from "zod";
import { isStorableDate } from "@/lib/shared/column-bounds";
import { languageSchema } from "./listing";
import { type LimitationType, limitationTypeNames } from "./limitation";
import { domainNames, taskNames } from "./niche";
import { partNames } from "./part";
import { rightNames, rightSlugs } from "./rights";
import { evidenceGrades } from "./standing";

export const sortNames = ["cost", "price", "evidence", "newest", "relevance"] as const;
export type SortName = (typeof sortNames)[number];

export const sortLabels: Record<SortName, string> = {
  cost: "Lowest cost per 1,000 correct",
  price: "Lowest price",
  evidence: "Strongest evidence",
  newest: "Newest",
  relevance: "Best match",
};

export const DEFAULT_LIMIT = 24;
export const MAX_LIMIT = 100;
const MAX_TEXT_CHARACTERS = 200;
const MAX_REPEATS = 60;

const rightValues = rightNames.map((name) => rightSlugs[name]);
const amount = z
  .string()
  .regex(/^\d{1,15}$/, "must be a whole number of minor units")
  .transform((text) => BigInt(text));

/** Each parameter with the schema of one value. Those in `repeatable` may occur many times. */
const values = {
  q: z.string().max(MAX_TEXT_CHARACTERS, `must have at most ${MAX_TEXT_CHARACTERS} characters`),
  task: z.enum(taskNames),
  domain: z.enum(domainNames),
  language: languageSchema,
  part: z.enum(partNames),
  right: z.enum(rightValues),
  minEvidence: z.enum(evidenceGrades),
  maxPriceMinor: amount,
  maxCostPer1kCorrectMinor: amount,
  excludeLimitation: z.enum(limitationTypeNames as [LimitationType, ...LimitationType[]]),
  notStated: z.enum(["pass", "hide"]),
  sort: z.enum(sortNames),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be a whole number from 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .refine((count) => count >= 1 && count <= MAX_LIMIT, `must be a whole number from 1 to ${MAX_LIMIT}`),
  cursor: z
    .string()
    .max(300)
    .transform(readCursor)
    .pipe(z.custom<PageCursor>(Boolean, "is not one we gave out")),
} as const;

type Parameter = keyof typeof values;
export const parameterNames = Object.keys(values) as Parameter[];

const repeatable = ["task", "domain", "language", "part", "right", "excludeLimitation"] as const;
type Repeatable = (typeof repeatable)[number];

type Single = Exclude<Parameter, Repeatable | "q" | "notStated" | "limit" | "sort">;

/** What is looked for. `task`, `domain`, `language` and `part` mean any of, `right` all of, limitations none of. */
export type BrowseQuery = { [Name in Repeatable]: z.output<(typeof values)[Name]>[] } & {
  [Name in Single]: z.output<(typeof values)[Name]> | null;
} & {
  q: string;
  /** Whether a listing that does not state an excluded limitation passes. */
  notStated: "pass" | "hide";
  /** Null: by relevance when words are given, else by cost. */
  sort: SortName | null;
  limit: number;
};

/** Where a page ended: the sort it belongs to and the key of its last row. */
export type PageCursor = { sort: SortName; key: string[] };

export type BadParameter = { parameter: string; message: string };

export type RawParameters = readonly (readonly [name: string, value: string])[];

export const emptyQuery: BrowseQuery = {
  q: "",
  task: [],
  domain: [],
  language: [],
  part: [],
  right: [],
  minEvidence: null,
  maxPriceMinor: null,
  maxCostPer1kCorrectMinor: null,
  excludeLimitation: [],
  notStated: "pass",
  sort: null,
  limit: DEFAULT_LIMIT,
  cursor: null,
};

/**
 * Reads the parameters of an address. Never throws: what cannot be read is left out of `query` and named in `bad`,
 * so that a page shows the rest and the API refuses.
 */
export function readBrowseQuery(parameters: RawParameters): { query: BrowseQuery; bad: BadParameter[] } {
  const query: Record<string, unknown> = structuredClone(emptyQuery);
  const bad: BadParameter[] = [];
  const seen = new Set<string>();
  for (const [name, text] of parameters) {
    const problem = readInto(query, name, text.trim(), seen);
    if (problem) bad.push({ parameter: name, message: problem });
  }
  const result = query as BrowseQuery;
  if (result.cursor && result.cursor.sort !== effectiveSort(result)) {
    result.cursor = null;
    bad.push({ parameter: "cursor", message: "belongs to another sort" });
  }
  return { query: result, bad };
}

function readInto(
  query: Record<string, unknown>,
  name: string,
  text: string,
  seen: Set<string>,
): string | null {
  if (!isParameter(name)) return "is not a parameter of this address";
  if (text === "") return name === "q" ? null : "is empty";
  if (text.includes("\0")) return "holds a character that no text has";
  const isRepeatable = (repeatable as readonly string[]).includes(name);
  if (!isRepeatable && seen.has(name)) return "is given twice";
  seen.add(name);
  const parsed = values[name].safeParse(text);
  if (!parsed.success) return refusalOf(name, parsed.error);
  if (!isRepeatable) {
    query[name] = parsed.data;
    return null;
  }
  const list = query[name] as unknown[];
  if (list.length >= MAX_REPEATS) return "is given too often";
  if (!list.includes(parsed.data)) list.push(parsed.data);
  return null;
}

function refusalOf(name: Parameter, error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === "invalid_value") return `must be one of: ${issue.values.join(", ")}`;
  return name === "language" ? "must be a BCP-47 language tag" : (issue?.message ?? "is not valid");
}

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(values, name);
}

/** The order rows come in: as asked, or by relevance when words are given, or by cost. Relevance needs words. */
export function effectiveSort({ sort, q }: Pick<BrowseQuery, "sort" | "q">): SortName {
  if (sort === "relevance" && q === "") return "cost";
  return sort ?? (q === "" ? "cost" : "relevance");
}

/** How many filters are chosen; words, sort and page do not count. */
export function countFilters(query: BrowseQuery): number {
  const lists = repeatable.reduce((sum, name) => sum + query[name].length, 0);
  const singles = [query.minEvidence, query.maxPriceMinor, query.maxCostPer1kCorrectMinor];
  return lists + singles.filter((value) => value !== null).length;
}

/** The parameters of a query in one fixed order, without defaults: equal queries give equal addresses. */
export function browseParameters(query: BrowseQuery): [string, string][] {
  const list: [string, string][] = [];
  for (const name of parameterNames) {
    const value = query[name];
    if (Array.isArray(value)) for (const one of value) list.push([name, String(one)]);
    else if (name === "cursor")
      list.push(...(query.cursor ? [[name, writeCursor(query.cursor)] as [string, string]] : []));
    else if (value !== null && value !== emptyQuery[name]) list.push([name, String(value)]);
  }
  return list;
}

/** The address of a query with some of it changed. A change leads back to the first page unless it names a cursor. */
export function browseHref(query: BrowseQuery, change: Partial<BrowseQuery> = {}, path = "/"): string {
  const parameters = browseParameters({ ...query, cursor: null, ...change });
  return parameters.length === 0 ? path : `${path}?${new URLSearchParams(parameters)}`;
}

export function writeCursor({ sort, key }: PageCursor): string {
  return base64Url(JSON.stringify([sort, ...key]));
}

/** How many values, and of what form, the key of each sort has. The last is always the listing's search number. */
const cursorShapes: Record<SortName, RegExp[]> = {
  cost: [/^\d{1,19}$/, /^\d{1,9}$/],
  price: [/^\d{1,19}$/, /^\d{1,9}$/],
  evidence: [new RegExp(`^(${evidenceGrades.join("|")})$`), /^\d{1,9}$/, /^\d{1,9}$/],
  newest: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, /^\d{1,9}$/],
  relevance: [/^\d(\.\d{1,12})?(e-\d{1,2})?$/, /^\d{1,9}$/],
};

function readCursor(text: string): PageCursor | null {
  try {
    const parts: unknown = JSON.parse(textOfBase64Url(text));
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === "string")) return null;
    const [sort, ...key] = parts as string[];
    const name = sortNames.find((one) => one === sort);
    if (!name) return null;
    const shape = cursorShapes[name];
    if (key.length !== shape.length || !shape.every((form, index) => form.test(key[index] ?? "")))
      return null;
    return isRealKey(name, key) ? { sort: name, key } : null;
  } catch {
    return null;
  }
}

/** Of the right form and still impossible: the 40th of a month, a year 0, or a number beyond what its column holds. */
function isRealKey(sort: SortName, [first = ""]: string[]): boolean {
  if (sort === "newest") return isStorableDate(new Date(first));
  if (sort === "relevance") return Number(first) === 0 || Math.fround(Number(first)) > 0;
  return sort === "cost" || sort === "price" ? BigInt(first) < 2n ** 63n : true;
}

function base64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function textOfBase64Url(text: string): string {
  if (!/^[\w-]+$/.test(text)) throw new SyntaxError("not base64url");
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}
