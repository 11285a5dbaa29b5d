const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

function relative(seconds: number): string {
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return "just now";
}

export function exactTime(at: Date): string {
  return `${new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "UTC" }).format(at)} UTC`;
}

/** "2 weeks ago", with the exact time in the title. `now` is the installation's time. */
export function Moment({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {relative((at.getTime() - now.getTime()) / 1000)}
    </time>
  );
}

/** "Friday 27 November", in UTC. */
export function dayOf(at: Date): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(at);
}

const DAY_MS = 86_400_000;

/** "Today 09:12", "Monday 16:40", "14 November 2026, 16:40": the time of day in UTC, the exact time in the title. */
export function DayTime({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {dayTimeText(at, now)}
    </time>
  );
}

function dayTimeText(at: Date, now: Date): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(at);
  const time = format({ hour: "2-digit", minute: "2-digit" });
  const days = Math.floor(now.getTime() / DAY_MS) - Math.floor(at.getTime() / DAY_MS);
  if (days === 0) return `Today ${time}`;
  if (days === 1) return `Yesterday ${time}`;
  if (days > 1 && days < 7) return `${format({ weekday: "long" })} ${time}`;
  return `${format({ day: "numeric", month: "long", year: "numeric" })}, ${time}`;
}
