import { decimalString, fractionDigits } from "@/lib/shared/money";
import { type ListedCost, costUnknownTexts } from "./listed-standing";
import { type EvidenceGradeName, gradeLabels, type intervalMethods } from "./standing";

type CostMilli = { value: bigint; lower: bigint; upper: bigint };

/**
 * A cost in thousandths of a minor unit and its interval, with one number of digits, so that the value never seems to
 * lie outside: "€0.0107" beside "€0.0101–0.0107". Rounded up, so that a cost never looks smaller than it is; small
 * amounts keep two digits that matter. Ends that would read alike get more digits, and one figure stands where even
 * those agree.
 */
export function costTexts(cost: CostMilli, currency: string): { value: string; range: string } {
  const digits = digitsApart(cost, currency);
  const write = (milli: bigint, style: "currency" | "decimal" = "currency") =>
    milliFormat(currency, style, digits).format(asDecimal(milli, currency));
  const lower = write(cost.lower);
  const isOneFigure = lower === write(cost.upper);
  return {
    value: write(cost.value),
    range: isOneFigure ? lower : `${lower}–${write(cost.upper, "decimal")}`,
  };
}

/** The fewest digits beyond the minor unit at which the ends of an interval differ, at most three. */
function digitsApart({ lower, upper }: CostMilli, currency: string): number {
  for (let digits = digitsFor(lower); digits <= 3; digits++) {
    const format = milliFormat(currency, "decimal", digits);
    if (format.format(asDecimal(lower, currency)) !== format.format(asDecimal(upper, currency)))
      return digits;
  }
  return digitsFor(upper);
}

function milliFormat(
  currency: string,
  style: "currency" | "decimal",
  beyondMinor: number,
): Intl.NumberFormat {
  const digits = fractionDigits(currency) + beyondMinor;
  return new Intl.NumberFormat("en", {
    style,
    ...(style === "currency" ? { currency } : {}),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    roundingMode: "ceil",
  });
}

/** How many digits beyond the minor unit an amount of this size needs. */
function digitsFor(milli: bigint): number {
  return milli >= 10_000n || milli === 0n ? 0 : milli >= 1000n ? 1 : milli >= 100n ? 2 : 3;
}

function asDecimal(milli: bigint, currency: string): Intl.StringNumericLiteral {
  return decimalString(milli, fractionDigits(currency) + 3) as Intl.StringNumericLiteral;
}

/** "97.3 %" of 0.973; a share is never rounded up to a certainty it does not have. */
export function formatShare(share: number): string {
  const tenths = share * 1000;
  const rounded =
    share < 1 && Math.round(tenths) === 1000
      ? 999
      : share > 0 && Math.round(tenths) === 0
        ? 1
        : Math.round(tenths);
  return `${(rounded / 10).toFixed(1)} %`;
}

/** "87.0 – 99.5" */
export function formatInterval(lower: number, upper: number): string {
  return `${(lower * 100).toFixed(1)} – ${(upper * 100).toFixed(1)}`;
}

/** "1,095" */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** "80 %", "97.5 %" */
export function levelText(level: number): string {
  return `${Number((level * 100).toFixed(1))} %`;
}

/** "22 November 2026", in UTC */
export function dateText(at: Date): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(at);
}

type CountOfRows = { k: number; n: number; clusters: number | null };
type FigureOfRows = CountOfRows & { value: number; lower: number; upper: number };

/** "585", "585 in 570 clusters" */
export function rowsText({ n, clusters }: Omit<CountOfRows, "k">): string {
  const independent =
    clusters === null ? "" : ` in ${formatCount(clusters)} cluster${clusters === 1 ? "" : "s"}`;
  return `${formatCount(n)}${independent}`;
}

/** "386 of 585", "386 of 585 in 570 clusters" */
export function countText({ k, ...rows }: CountOfRows): string {
  return `${formatCount(k)} of ${rowsText(rows)}`;
}

/** "66.0 % (62.1 – 69.7), 386 of 585": a share with its interval and what it rests on. */
export function figureText({ value, lower, upper, ...count }: FigureOfRows): string {
  return `${formatShare(value)} (${formatInterval(lower, upper)}), ${countText(count)}`;
}

/** What an interval is. */
export const intervalTexts: Record<(typeof intervalMethods)[number], string> = {
  wilson_95: "Wilson 95 %",
  clustered_bootstrap_95: "95 %, drawn over clusters",
  wilson_95_of_clusters: "Wilson 95 % of clusters",
};

type RunFacts = { grade: EvidenceGradeName; at: Date; dataSetName: string; isStale?: boolean };

/** "Measured here, 22 November 2026, on SpamAssassin": who stands behind figures, from when, on what. */
export function originText({ grade, at, dataSetName, isStale = false }: RunFacts): string {
  return `${gradeLabels[grade]}, ${dateText(at)}${isStale ? " (stale)" : ""}, on ${dataSetName}`;
}

/** "€0.31", or why it is not known. */
export function costFigure(
  cost: ListedCost,
  currency: string,
): { value: string; range: string } | { reason: string } {
  return cost.state === "known" ? costTexts(cost, currency) : { reason: costUnknownTexts[cost.reason] };
}
