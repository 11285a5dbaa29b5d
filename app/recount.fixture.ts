import { canonicalJson } from "@/lib/shared/jcs";
import { type Counted, intervalOf, judge, needed, wilson } from "./second-count.fixture";
import { type Condition, type Held, meets, meetsInput, sha256, shapesOf } from "./second-rows.fixture";

/** What a signed evaluation says of which rows it is about and how they are cut; nothing of its figures. */
export type Stated = {
  dataSet: { rows: { sha256: string } };
  method: { level: string };
  slices: { condition: Condition; discovered: boolean; sellerName?: string }[];
};

export type Figures = Counted & {
  value: number | null;
  lower: number;
  upper: number;
  interval: string;
  baseLabel: string | null;
  baseK: number;
  baseN: number;
};

export type Recount = {
  rowsDigest: string;
  clusters: number;
  overall: Figures;
  slices: (Figures & {
    id: string;
    verdict: string;
    pFilled: number;
    pFails: number;
    pBeatsBase: number;
    neededRows: number | null;
  })[];
  showsNiche: boolean;
  covered: { k: number; n: number };
  /** Rows of each label that are found, and answers of each that are right. */
  classes: Map<string, { recall: Share; precision: Share }>;
  /** Some filled slice is known only by the answer. */
  paysOutside: boolean;
};

type Share = { k: number; n: number };

const isRight = ({ label, prediction }: Held) => label === prediction;
const ALPHA = 0.025;

/** Every figure of an evaluation, from rows and from the conditions that were signed. */
export function recountOf(rows: readonly Held[], stated: Stated): Recount {
  const digest = stated.dataSet.rows.sha256;
  const members = stated.slices.map(({ condition }) => rows.filter((row) => meets(row, condition)));
  const bases = stated.slices.map(({ condition }) => rows.filter((row) => meetsInput(row, condition)));
  const sets = members.map((held, place) => figuresOf(held, bases[place] ?? [], digest));
  const judged = judge(sets, digest, stated.method.level);
  const slices = sets.map((set, place) => {
    const said = judged[place] ?? { verdict: "", pFilled: 1, pFails: 1, pBeatsBase: 1 };
    const isOpen = said.verdict === "not_enough_evidence";
    return {
      ...set,
      ...said,
      id: idOf(stated.slices[place]?.condition ?? { all: [] }),
      neededRows: isOpen ? needed(set, digest, stated.method.level, sets.length) : null,
    };
  });
  const filled = members.filter((_, place) => slices[place]?.verdict === "filled");
  const covered = rows.filter((row) => filled.some((held) => held.includes(row)));
  return {
    rowsDigest: sha256(canonicalRows(rows, stated)),
    clusters: new Set(rows.map(({ cluster }) => cluster)).size,
    overall: figuresOf(rows, rows, digest),
    slices,
    showsNiche: slices.some(({ verdict, pBeatsBase }) => verdict === "filled" && pBeatsBase <= ALPHA),
    covered: { k: covered.filter(isRight).length, n: covered.length },
    classes: classesOf(rows),
    paysOutside: stated.slices.some(
      ({ condition }, place) =>
        slices[place]?.verdict === "filled" && condition.all.some(({ on }) => on !== "input"),
    ),
  };
}

function classesOf(rows: readonly Held[]): Recount["classes"] {
  const labels = new Set(rows.flatMap(({ label, prediction }) => [label, prediction]));
  const share = (held: readonly Held[]): Share => ({ k: held.filter(isRight).length, n: held.length });
  return new Map(
    [...labels].map((name) => [
      name,
      {
        recall: share(rows.filter(({ label }) => label === name)),
        precision: share(rows.filter(({ prediction }) => prediction === name)),
      },
    ]),
  );
}

/** The figure of exactly what a limitation names; null where it names nothing that was counted. */
export function countOfLink(
  { slices, overall, classes, covered }: Recount,
  link: { quantity: string; slice?: string; class?: string },
) {
  if (link.slice !== undefined) return slices.find(({ id }) => id === link.slice) ?? null;
  if (link.quantity === "accuracy") return overall;
  const share =
    link.quantity === "coverage"
      ? { k: covered.n, n: overall.n }
      : classes.get(link.class ?? "")?.[link.quantity as "recall" | "precision"];
  return share
    ? { ...share, value: share.k / share.n, ...wilson(share.k, share.n), interval: "wilson_95" }
    : null;
}

type Offered = { part: string; pricing: string; termMonths: number | null; price: { minor: number } };

/** Minor units that an hour of compute costs where nobody set another price. */
const COMPUTE_MINOR_PER_HOUR = 20;

/**
 * Cost per 1,000 correct of the weights, or else of hosted access, at 100,000 calls a month for 12 months, in thousandths of a minor
 * unit: at the lower bounds, and at the upper ones. Null where it is not known.
 */
export function costOf(
  { covered, overall, paysOutside }: Recount,
  { runtime }: { runtime: { millisecondsPerThousand: string | null } | null },
  { parts }: { parts: readonly Offered[] },
): { value: number; lower: number } | null {
  const part =
    parts.find((one) => one.part === "weights") ?? parts.find((one) => one.part === "hosted_access");
  const measured = runtime?.millisecondsPerThousand;
  if (!part || covered.k === 0 || (part.part === "weights" && !measured)) return null;
  const months = Math.min(12, part.termMonths ?? 12);
  const price =
    part.pricing === "free"
      ? 0
      : part.pricing === "one_off"
        ? (part.price.minor * 1_000) / (100_000 * months)
        : part.price.minor;
  const compute = part.part === "weights" ? (Number(measured) / 3_600_000) * COMPUTE_MINOR_PER_HOUR : 0;
  const right = wilson(covered.k, covered.n);
  const used = paysOutside ? wilson(covered.n, overall.n) : { lower: 1, upper: 1 };
  const milli = (share: number) => Math.ceil(((price + compute) * 1_000) / share);
  return { value: milli(right.lower * used.lower), lower: milli(right.upper * used.upper) };
}

function figuresOf(rows: readonly Held[], base: readonly Held[], digest: string): Figures {
  const counted = { n: rows.length, k: rows.filter(isRight).length, shapes: shapesOf(rows) };
  const { method, ...limits } = intervalOf(counted, digest);
  const labels = new Map<string, number>();
  for (const { label } of base) labels.set(label, (labels.get(label) ?? 0) + 1);
  const [commonest = null] = [...labels].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
  return {
    ...counted,
    value: rows.length === 0 ? null : counted.k / counted.n,
    ...limits,
    interval: method,
    baseLabel: commonest?.[0] ?? null,
    baseK: commonest?.[1] ?? 0,
    baseN: base.length,
  };
}

/** The first 128 bits of the digest of a condition's tests, each in its one form, sorted. */
function idOf({ all }: Condition): string {
  const tests = all.map((test) => ({
    ...test,
    ...(test.column === undefined ? {} : { column: test.column.normalize("NFC") }),
    ...(test.is === undefined ? {} : { is: test.is.normalize("NFC").trim().toLowerCase() }),
    ...(test.says ? { says: [...new Set(test.says)].sort() } : {}),
  }));
  const texts = [...new Set(tests.map((test) => canonicalJson(test)))].sort();
  return sha256(`[${texts.join(",")}]`).slice(0, 32);
}

/** The rows as the text whose SHA-256 names them. */
function canonicalRows(rows: readonly Held[], { slices }: Stated): string {
  const asked = slices.flatMap(({ condition }) => condition.all.flatMap(({ column }) => column ?? []));
  const columns = [...new Set(asked)].sort();
  const header = {
    format: "offcut-evaluation-rows-v1",
    columns,
    slices: slices.map(({ condition, discovered }) => ({ condition, discovered })),
  };
  const lines = rows.map(({ label, prediction, confidence, cluster, columns: held }) => ({
    ...{ label, prediction, confidence: confidence.toFixed(6), cluster },
    ...(columns.length > 0 ? { columns: columns.map((column) => held[column] ?? null) } : {}),
  }));
  return [header, ...lines].map((line) => `${canonicalJson(line)}\n`).join("");
}
