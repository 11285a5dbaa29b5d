import { type EvaluationFile, readEvaluationFile } from "./evaluation-file";
import { digestRows } from "./canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "./evaluation";
import type { OutputCondition } from "./slice";

/**
 * Sellers whose model is right no more often than the level they declare, in whatever slice: each brings an evaluation file
 * made to look better than that.
 */

export type NullSeller = { attack: string; level: number; csv: string; conditions: OutputCondition[] };

type Random = () => number;
type Row = Record<string, string>;
type Answered = Row & { label: string; prediction: string };

/** Tommy Ettinger's mulberry32: uniforms that are the same on every machine. */
function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LEVELS = [0.8, 0.9, 0.95, 0.99];
const CLASSES = ["red", "green", "blue"];

const below = (random: Random, end: number) => Math.floor(random() * end);
const between = (random: Random, from: number, to: number) => from + below(random, to - from + 1);
function oneOf<T>(random: Random, from: readonly T[]): T {
  const found = from[below(random, from.length)];
  if (found === undefined) throw new RangeError("There is nothing to choose from.");
  return found;
}
const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

/** Right or wrong, whatever the label and the answer: every slice then has the rate with which `isRight` was drawn. */
function answered(random: Random, isRight: boolean): Answered {
  const label = oneOf(random, CLASSES);
  const others = CLASSES.filter((name) => name !== label);
  return { label, prediction: isRight ? label : oneOf(random, others) };
}

const flags = (random: Random, count: number): Row =>
  Object.fromEntries(times(count, (at) => [`flag ${at}`, String(random() < 0.5)]));

/** Groups of rows that are mostly right or wrong together; the sizes differ from few to very many. */
function groups(random: Random, level: number, make: (group: number, first: Answered) => Row): Answered[] {
  const together = oneOf(random, [0.7, 0.9, 1]);
  const most = oneOf(random, [3, 10, 60]);
  return times(between(random, 20, 120), (group) => {
    const isRight = random() < level;
    const first = answered(random, isRight);
    const shared = flags(random, 2);
    return times(between(random, 1, most), () => {
      const row = random() < together ? first : answered(random, random() < level);
      return { ...row, ...shared, ...make(group, first), "by row": String(random() < 0.5) };
    });
  }).flat();
}

function words(random: Random, count: number): string[] {
  return times(count, () => `w${below(random, 5_000)}`);
}

/** The same text with other capitals, marks and blanks, a word more, or one word changed. */
function nearCopy(random: Random, text: readonly string[]): string {
  const changed = [...text];
  const way = below(random, 4);
  if (way === 0) return changed.join(" ").toUpperCase();
  if (way === 1) return `${changed.join(",  ")}!`;
  if (way === 2) return `${changed.join(" ")} w${below(random, 5_000)}`;
  changed[below(random, changed.length)] = "other";
  return changed.join(" ");
}

const independent = (random: Random, level: number, count: number) =>
  times(count, () => answered(random, random() < level));

/** A column that tells something, in which as many rows are turned over as a leak may have. */
function turned(random: Random, rows: readonly Answered[], said: (row: Answered) => string): Answered[] {
  const values = [...new Set(rows.map(said))];
  const commonest = Math.max(...values.map((value) => rows.filter((row) => said(row) === value).length));
  const most = Math.min(rows.length / 100, (rows.length - commonest) / 5);
  const count = Math.floor(most * oneOf(random, [0, 0.5, 1]));
  const places = new Set(times(count, () => below(random, rows.length)));
  return rows.map((row, at) => ({
    ...row,
    ...flags(random, 1),
    hint: places.has(at) ? oneOf(random, values) : said(row),
  }));
}

const rightness = ({ label, prediction }: Answered) => String(label === prediction);

type Made = { rows: Row[]; conditions?: OutputCondition[] };

const attacks: Record<string, (random: Random, level: number) => Made> = {
  "a source in a cluster column": (random, level) => ({
    rows: groups(random, level, (group) => ({ cluster: `source ${group}` })),
  }),
  "rows repeated under their id": (random, level) => ({
    rows: groups(random, level, (group) => ({ id: String(group) })),
  }),
  "near-copies of a text": (random, level) => {
    const texts = times(121, () => words(random, 60));
    return { rows: groups(random, level, (group) => ({ text: nearCopy(random, texts[group] ?? []) })) };
  },
  "a column that tells what is right": (random, level) => ({
    rows: turned(random, independent(random, level, between(random, 100, 600)), rightness),
  }),
  "a column that tells the label": (random, level) => ({
    rows: turned(
      random,
      independent(random, level, between(random, 100, 600)),
      ({ label }) => `kind of ${label}`,
    ),
  }),
  "a confidence that tells what is right": (random, level) => ({
    rows: independent(random, level, between(random, 100, 600)).map((row) => ({
      ...row,
      confidence: rightness(row) === "true" ? "0.97" : "0.41",
    })),
    conditions: CLASSES.map((prediction) => ({ prediction, minConfidence: 0.9 })),
  }),
  "columns and thresholds fished on other rows": (random, level) => fished(random, level),
  "many slices": (random, level) => {
    const [columns, kinds] = [between(random, 20, 50), between(random, 2, 20)];
    return {
      rows: independent(random, level, between(random, 200, 500)).map((row) => ({
        ...row,
        ...flags(random, columns),
        kind: `kind ${below(random, kinds)}`,
      })),
    };
  },
};

/** A column that marks half of the right rows and says nothing of the others: no rule about rows can find it. */
export function markedSeller(seed: number): NullSeller {
  return sellerOf("a column that marks some of what is right", seed, (random, level) => ({
    rows: independent(random, level, 400).map((row) => ({
      ...row,
      hint: String(rightness(row) === "true" && random() < 0.5),
    })),
  }));
}

/** Keeps the columns, and the confidences at which an answer is cut, that looked best on rows of their own. */
function fished(random: Random, level: number): Made {
  const make = () =>
    independent(random, level, 400).map((row) => ({
      ...row,
      ...flags(random, 50),
      confidence: (between(random, 30, 100) / 100).toFixed(2),
    }));
  const [discovery, attestation] = [make(), make()];
  const shareOf = (rows: readonly Answered[]) =>
    rows.filter((row) => rightness(row) === "true").length / Math.max(1, rows.length);
  const best = <T>(from: readonly T[], isIn: (one: T, row: Row) => boolean, count: number) =>
    from
      .map((one) => ({ one, share: shareOf(discovery.filter((row) => isIn(one, row))) }))
      .sort((a, b) => b.share - a.share)
      .slice(0, count)
      .map(({ one }) => one);
  const columns = new Set(best(Object.keys(flags(random, 50)), (name, row) => row[name] === "true", 8));
  const cuts = CLASSES.flatMap((prediction) =>
    [0.5, 0.6, 0.7, 0.8, 0.9].map((minConfidence) => ({ prediction, minConfidence })),
  );
  const conditions = best(
    cuts,
    (cut, row) => row["prediction"] === cut.prediction && Number(row["confidence"]) >= cut.minConfidence,
    4,
  );
  const rows = attestation.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("flag") || columns.has(name))),
  );
  return { rows, conditions };
}

export const attackNames = Object.keys(attacks);

export function nullSeller(attack: string, seed: number): NullSeller {
  const make = attacks[attack];
  if (!make) throw new RangeError(`There is no attack "${attack}".`);
  return sellerOf(attack, seed, make);
}

function sellerOf(attack: string, seed: number, make: (random: Random, level: number) => Made): NullSeller {
  const random = seededRandom(seed);
  const level = oneOf(random, LEVELS);
  const { rows, conditions = [] } = make(random, level);
  const names = Object.keys(rows[0] ?? {});
  const quoted = (text = "") => `"${text.replaceAll('"', '""')}"`;
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return { attack, level, csv: lines.map((line) => line.map(quoted).join(",")).join("\n"), conditions };
}

/** What a seller's upload comes to; null when the file is refused. */
export function summaryOf({ level, csv, conditions }: NullSeller): EvaluationSummary | null {
  const file: EvaluationFile = readEvaluationFile("rows.csv", new TextEncoder().encode(csv), {
    outputConditions: conditions,
  });
  if (!file.ok) return null;
  const { rows, slices, clustersFrom } = file;
  return summariseEvaluation(rows, slices, level, { seed: digestRows(rows, slices), clustersFrom });
}
