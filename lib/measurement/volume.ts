/** How many calls a buyer will make. */
export type CostVolume = { callsPerMonth: number; months: number };

/** Volume over which one-off prices are spread unless the buyer names another. */
export const DEFAULT_VOLUME: CostVolume = { callsPerMonth: 100_000, months: 12 };

export const MAX_CALLS_PER_MONTH = 1_000_000_000;
export const MAX_MONTHS = 120;

export type ReadVolume = {
  volume: CostVolume;
  /** As typed, for the form to show again; the volume in force where nothing was. */
  typed: { calls: string; months: string };
  errors: { calls?: string; months?: string };
  /** The reader named one. */
  isOwn: boolean;
};

type Parameter = string | readonly string[] | undefined;

/**
 * A reader's volume from the parameters `calls` and `months` of an address. What cannot be read, or lies outside 1 to
 * 1,000,000,000 calls and 1 to 120 months, is named and the default stands in its place. Blanks, commas and dots between
 * digits do not matter.
 */
export function readVolume(calls: Parameter, months: Parameter): ReadVolume {
  const read = (given: Parameter, fallback: number, most: number) => {
    const text = (typeof given === "string" ? given : (given?.[0] ?? "")).trim().slice(0, 40);
    if (text === "") return { value: fallback, typed: String(fallback) };
    const digits = text.replace(/(?<=\d)[\s.,'_](?=\d{3}(?!\d))/g, "");
    const value = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
    if (value >= 1 && value <= most) return { value, typed: String(value) };
    const error = `Write a whole number from 1 to ${most.toLocaleString("en")}.`;
    return { value: fallback, typed: text, error };
  };
  const perMonth = read(calls, DEFAULT_VOLUME.callsPerMonth, MAX_CALLS_PER_MONTH);
  const long = read(months, DEFAULT_VOLUME.months, MAX_MONTHS);
  const volume = { callsPerMonth: perMonth.value, months: long.value };
  return {
    volume,
    typed: { calls: perMonth.typed, months: long.typed },
    errors: {
      ...(perMonth.error ? { calls: perMonth.error } : {}),
      ...(long.error ? { months: long.error } : {}),
    },
    isOwn: volume.callsPerMonth !== DEFAULT_VOLUME.callsPerMonth || volume.months !== DEFAULT_VOLUME.months,
  };
}
