import type { FoundForm } from "./found-forms";

/** Drawn days and amounts as the German, Austrian and Swiss locales of ICU write them. */

const locales = ["de-DE", "de-DE", "de-AT", "de-CH"] as const;
const dateStyles = ["full", "long", "medium", "short"] as const;
const currencyDisplays = ["symbol", "code", "name"] as const;
const MS_A_DAY = 86_400_000;
const FIRST_DAY = Date.UTC(1920, 0, 1);
const DAYS = 47_000;
const LEAST_COMPACT_CENTS = 1_000_000_00;
const COMPACT_SHARE = 0.6;

type Random = () => number;
const pick = <T>(items: readonly T[], random: Random) => items[Math.floor(random() * items.length)] as T;
const plainBlanks = (text: string) => text.replaceAll(/\s/gu, " ");

export function writtenDate(random: Random): FoundForm {
  const date = new Date(FIRST_DAY + Math.floor(random() * DAYS) * MS_A_DAY);
  const style = pick(dateStyles, random);
  // Two digits of a year say which one it was only from 1950 to 2049.
  const isClear = style !== "short" || (date.getUTCFullYear() >= 1950 && date.getUTCFullYear() <= 2049);
  if (!isClear) return writtenDate(random);
  const format = new Intl.DateTimeFormat(pick(locales, random), { dateStyle: style, timeZone: "UTC" });
  return { text: plainBlanks(format.format(date)), iso: date.toISOString().slice(0, 10) };
}

export function writtenAmount(random: Random): FoundForm {
  const cents = Math.floor(10 ** (2 + random() * 7.5));
  const isCompact = cents >= LEAST_COMPACT_CENTS && random() < COMPACT_SHARE;
  const format = new Intl.NumberFormat(pick(locales, random), {
    style: "currency",
    currency: "EUR",
    currencyDisplay: pick(currencyDisplays, random),
    ...(isCompact && { notation: "compact", compactDisplay: "long", maximumFractionDigits: 1 }),
    ...(!isCompact && random() < 0.3 && { maximumFractionDigits: 0 }),
  });
  return { text: plainBlanks(format.format(cents / 100)), iso: `EUR ${shownAmount(format, cents / 100)}` };
}

const zerosOf: [RegExp, number][] = [
  [/Tausend|Tsd/u, 3],
  [/Mio|Million/u, 6],
  [/Mrd|Milliarde/u, 9],
];

/** What the text says, not what was drawn: it may round. */
function shownAmount(format: Intl.NumberFormat, amount: number): string {
  const parts = format.formatToParts(amount);
  const shown = (...types: string[]) =>
    parts
      .filter(({ type }) => types.includes(type))
      .map(({ value }) => value)
      .join("");
  const zeros = zerosOf.find(([word]) => word.test(shown("compact")))?.[1] ?? 0;
  const fraction = shown("fraction").padEnd(Math.max(zeros, 2), "0");
  const whole = shown("integer") + fraction.slice(0, zeros);
  return `${BigInt(whole)}.${fraction.slice(zeros).padEnd(2, "0")}`;
}
