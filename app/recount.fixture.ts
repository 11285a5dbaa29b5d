import { canonicalJson } from "@/lib/shared/jcs";
import { type Counted, intervalOf, judge, needed } from "./second-count.fixture";
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
};

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
  };
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
