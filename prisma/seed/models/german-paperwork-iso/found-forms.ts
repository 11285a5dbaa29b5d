/** Dates and amounts as German writes them, found in running text, and what each means: read by rules, not by the model. */

const months = [
  ["Januar", "Jänner", "Jan"],
  ["Februar", "Feber", "Feb"],
  ["März", "Mär"],
  ["April", "Apr"],
  ["Mai"],
  ["Juni", "Jun"],
  ["Juli", "Jul"],
  ["August", "Aug"],
  ["September", "Sept", "Sep"],
  ["Oktober", "Okt"],
  ["November", "Nov"],
  ["Dezember", "Dez"],
] as const;
const monthNumber = new Map<string, number>(
  months.flatMap((names, index) => names.map((name) => [name, index + 1] as const)),
);
const monthNames = [...monthNumber.keys()].sort((a, b) => b.length - a.length).join("|");
const fullNames = months.map(([name]) => name).join("|");

const weekday = "(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag)";
const opening = `(?:(?:${weekday},?|am|vom|den|dem|Stand:?|seit|ab|bis(?: zum)?) )*`;
const start = String.raw`(?<![\p{L}\d.,:/'’-])`;
const end = String.raw`(?![\p{L}\d]|[.,:/'’-]\d)`;
const namedDate = new RegExp(
  String.raw`${start}${opening}(?<day>\d{1,2})\. ?(?<month>${monthNames})\.? (?<year>\d{4})${end}`,
  "gu",
);
const numericDate = new RegExp(
  String.raw`${start}${opening}(?<day>\d{1,2})\. ?(?<month>\d{1,2})\. ?(?<year>\d{4}|(?<=\d\d\.\d\d\.)\d{2})${end}`,
  "gu",
);
const number = String.raw`(?<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:(?<cents>\d{2})|-{1,2}|–))?`;
const scale = String.raw`(?: (?<scale>Tsd\.|Mio\.?|Mrd\.?|Millionen|Million|Milliarden|Milliarde))?`;
const amountAfter = new RegExp(String.raw`${start}${number}${scale} ?(?<sign>€|EUR|Euro|DM)${end}`, "gu");
const amountBefore = new RegExp(String.raw`${start}(?<sign>€|EUR|Euro|DM) ${number}${scale}${end}`, "gu");

const zeros: Record<string, number> = { T: 3, Mi: 6, Mr: 9 };
const NEWEST_TWO_DIGIT_YEAR = 49;

export type FoundForm = { text: string; iso: string };

/** Every date and amount of a text that has one meaning, in the order of the patterns. Blanks are folded before. */
export function formsIn(text: string): FoundForm[] {
  const dates = [namedDate, numericDate].flatMap((pattern) => [...text.matchAll(pattern)].map(dateOf));
  const amounts = [amountAfter, amountBefore].flatMap((pattern) => [...text.matchAll(pattern)].map(amountOf));
  return [...dates, ...amounts].filter((form) => form !== null);
}

function dateOf({ 0: text, groups = {} }: RegExpMatchArray): FoundForm | null {
  const { day = "", month = "", year = "" } = groups;
  const number = monthNumber.get(month) ?? Number(month);
  const iso = `${fullYear(year)}-${padded(number)}-${padded(Number(day))}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return isReal ? { text, iso } : null;
}

function fullYear(year: string): string {
  if (year.length === 4) return year;
  return Number(year) <= NEWEST_TWO_DIGIT_YEAR ? `20${year}` : `19${year}`;
}

function amountOf({ 0: text, groups = {} }: RegExpMatchArray): FoundForm | null {
  const { whole = "", cents = "00", scale, sign = "" } = groups;
  if (scale && groups.cents) return null;
  const digits = whole.replaceAll(".", "") + "0".repeat(scale ? (zeros[scale.slice(0, 2)] ?? 3) : 0);
  return { text, iso: `${sign === "DM" ? "DEM" : "EUR"} ${BigInt(digits)}.${cents}` };
}

const padded = (value: number) => String(value).padStart(2, "0");

const year = "(?:19|[2-9]\\d)\\d\\d$";
const germanNumber = String.raw`(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:\d\d|--?|–))?`;
const euro = "(?:€|EUR|Euro)";
const tests: Record<string, RegExp> = {
  "named-date": new RegExp(`\\d\\. ?(?:${fullNames}) ${year}`, "u"),
  "numeric-date": new RegExp(`\\d\\. ?\\d{1,2}\\. ?${year}`, "u"),
  "german-amount": new RegExp(`^(?:${euro} ?${germanNumber}|${germanNumber} ?${euro})$`, "u"),
  "words-before-date": /^\p{L}.*\d\. ?(?:\p{L}+\.?|\d+\.) ?\d+$/u,
  "other-month-name": new RegExp(`\\d\\. ?(?!(?:${fullNames}) )\\p{L}+\\.? \\d{4}$`, "u"),
  "before-1900": /\b(?:0\d{3}|1[0-8]\d\d)$/u,
  "swiss-amount": /\d'\d{3}|^(?:€|EUR|Euro) [\d']+\.\d\d$|^[\d']+\.\d\d /u,
  marks: /DM/u,
  "scale-word": /Tsd|Mio|Mrd|Million|Milliarde|Tausend/u,
};
export const flags = Object.keys(tests);

/** What is seen of a written form without knowing what it means. */
export function flagsOf(text: string): string[] {
  return flags.filter((flag) => tests[flag]?.test(text));
}
