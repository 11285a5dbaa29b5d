import { textOf } from "@/lib/shared/cursor";
import { isObject } from "@/lib/shared/is-object";
import { listedValues } from "./listed-values";

/** One row of multiple choice: the continuations that were weighed, and what the harness said of the one it picked. */
export type WeighedRow = {
  /** As they were asked, with the delimiter before them. */
  choices: readonly string[];
  likelihoods: readonly number[];
  target: unknown;
  doc: unknown;
  isRight: boolean;
};

/** What became of it; places count from 0. */
export type ChosenRow = {
  /** Null where no likelihood is a number. */
  picked: number | null;
  /** Share of the picked one among all, by the weights by which it was picked. */
  confidence: number | null;
  /** All that count as right; null where nothing in the file says. */
  gold: readonly number[] | null;
};

/** The continuations of a row and their likelihoods; null for a generated answer. */
export function weighedChoices(
  given: unknown,
  asked: unknown,
): Pick<WeighedRow, "choices" | "likelihoods"> | null {
  if (!Array.isArray(given) || given.length < 2) return null;
  const likelihoods = given.map(likelihoodOf);
  if (!likelihoods.every((likelihood) => likelihood !== null)) return null;
  const requests: unknown[] = Array.isArray(asked) ? asked : isObject(asked) ? Object.values(asked) : [];
  const choices = likelihoods.map((_, place) => {
    const request = requests[place];
    const text: unknown = Array.isArray(request) ? request[1] : isObject(request) ? request["arg_1"] : null;
    return typeof text === "string" && text.trim() !== "" ? text : (textOf(text) ?? letterOf(place));
  });
  return { choices, likelihoods };
}

export function letterOf(place: number): string {
  return place < 26 ? String.fromCharCode(65 + place) : `choice ${place + 1}`;
}

/**
 * Finds which choice each row picked and which was right. A file says neither how a metric weighs (by likelihood, or
 * by likelihood for each character) nor what its targets are (a choice's words or its place), so each way to read the
 * whole file is held against its verdicts, and the one that agrees with most of them is taken.
 */
export function readChoices(rows: readonly WeighedRow[], metric: string): ChosenRow[] {
  const weighings = /norm|bytes/i.test(metric) ? [...perLength, byLikelihood] : [byLikelihood, ...perLength];
  const picks = weighings.map((weigh) => rows.map((row) => pick(weigh(row))));
  const found =
    bestOf(
      rows,
      picks,
      readings(rows, [byWords, byPlace], ({ target }) => target),
    ) ?? bestOf(rows, picks, docReadings(rows), rows.length);
  const { picked = picks[0] ?? [], gold = null } = found ?? {};
  return rows.map((row, index) => {
    const { place, share } = picked[index] ?? { place: null, share: null };
    return { picked: place, confidence: share, gold: gold?.[index] ?? goldByVerdict(row, place) };
  });
}

type Picked = { place: number | null; share: number | null };
type Gold = readonly number[] | null;

function bestOf(
  rows: readonly WeighedRow[],
  picks: readonly Picked[][],
  golds: readonly Gold[][],
  atLeast = 0,
): { picked: Picked[]; gold: Gold[] } | null {
  let best: { picked: Picked[]; gold: Gold[] } | null = null;
  let most = atLeast - 1;
  for (const picked of picks) {
    for (const gold of golds) {
      const agreeing = rows.filter(({ isRight }, index) => {
        const place = picked[index]?.place ?? null;
        return place !== null && (gold[index]?.includes(place) ?? false) === isRight;
      }).length;
      if (agreeing > most) [best, most] = [{ picked, gold }, agreeing];
      if (most === rows.length) return best;
    }
  }
  return best;
}

type Read = (value: unknown, row: WeighedRow) => Gold;

/** The readings that say for every row which choice is right. */
function readings(
  rows: readonly WeighedRow[],
  ways: readonly Read[],
  valueOf: (row: WeighedRow) => unknown,
): Gold[][] {
  return ways.flatMap((read) => {
    const gold: Gold[] = [];
    for (const row of rows) {
      const places = read(valueOf(row), row);
      if (places === null) return [];
      gold.push(places);
    }
    return [gold];
  });
}

/** A right row picked the gold one; with two choices a wrong row did not pick the other. */
function goldByVerdict({ choices, isRight }: WeighedRow, picked: number | null): Gold {
  if (picked === null) return null;
  if (isRight) return [picked];
  return choices.length === 2 ? [1 - picked] : null;
}

const GOLD_FIELDS = /^(answer|label|gold|target|correct|solution)/i;
const MAX_DOC_FIELDS = 40;

/** Fields of the document that may say which choice is right, those named so first. */
function docReadings(rows: readonly WeighedRow[]): Gold[][] {
  const [first] = rows;
  if (!first || !isObject(first.doc)) return [];
  const names = Object.keys(first.doc).slice(0, MAX_DOC_FIELDS);
  const inOrder = [
    ...names.filter((name) => GOLD_FIELDS.test(name)),
    ...names.filter((name) => !GOLD_FIELDS.test(name)),
  ];
  return inOrder.flatMap((name) =>
    readings(rows, [byWords, byPlace, byPlaceFromOne, byLetter], ({ doc }) =>
      isObject(doc) ? doc[name] : undefined,
    ),
  );
}

/** Every listed value has to be one of the choices, and only one of them. */
function placesOf(value: unknown, placeOf: (text: string) => number, { choices }: WeighedRow): Gold {
  const texts = listedValues(value) ?? [textOf(value) ?? ""];
  const places = texts.map(placeOf);
  return places.every((place) => place >= 0 && place < choices.length) ? places : null;
}

function byWords(value: unknown, row: WeighedRow): Gold {
  const words = row.choices.map((choice) => choice.trim());
  const onlyPlace = (text: string) => {
    const place = words.indexOf(text.trim());
    return place === words.lastIndexOf(text.trim()) ? place : -1;
  };
  return placesOf(value, onlyPlace, row);
}

function byPlace(value: unknown, row: WeighedRow): Gold {
  return placesOf(value, (text) => (/^\d{1,3}$/.test(text) ? Number(text) : -1), row);
}

function byPlaceFromOne(value: unknown, row: WeighedRow): Gold {
  return placesOf(value, (text) => (/^\d{1,3}$/.test(text) ? Number(text) - 1 : -1), row);
}

function byLetter(value: unknown, row: WeighedRow): Gold {
  return placesOf(value, (text) => (/^[A-Z]$/i.test(text) ? text.toUpperCase().charCodeAt(0) - 65 : -1), row);
}

const byLikelihood = ({ likelihoods }: WeighedRow) => [...likelihoods];

/** A choice's own words, without or with the delimiter before them, in characters or in bytes. */
const perLength = [
  (choice: string) => [...choice.trim()].length,
  (choice: string) => [...choice].length,
  (choice: string) => new TextEncoder().encode(choice.trim()).length,
  (choice: string) => new TextEncoder().encode(choice).length,
].map((lengthOf) => ({ choices, likelihoods }: WeighedRow) => {
  return likelihoods.map((likelihood, place) => likelihood / Math.max(1, lengthOf(choices[place] ?? "")));
});

function pick(weights: readonly number[]): Picked {
  const best = Math.max(...weights);
  if (!Number.isFinite(best)) return { place: null, share: null };
  const total = weights.reduce((sum, weight) => sum + Math.exp(weight - best), 0);
  return { place: weights.indexOf(best), share: Math.min(1, 1 / total) };
}

function likelihoodOf(pair: unknown): number | null {
  if (!Array.isArray(pair) || pair.length !== 2) return null;
  const value: unknown = pair[0];
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
