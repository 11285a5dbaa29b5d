import { decimalString, fractionDigits } from "@/lib/shared/money";

/**
 * An amount in thousandths of a minor unit, for reading: "€0.31", "€0.0031". Rounded up, so that a cost never looks
 * smaller than it is; small amounts keep two digits that matter.
 */
export function formatMilli(milli: bigint, currency: string): string {
  return milliFormat(milli, currency, "currency").format(asDecimal(milli, currency));
}

/** "€0.29–0.36"; ends that would read alike get more digits, and a single figure stands where even those agree. */
export function formatMilliRange(lower: bigint, upper: bigint, currency: string): string {
  for (let digits = digitsFor(lower); digits <= 3; digits++) {
    const [low, high] = [lower, upper].map((end) => atDigits(end, currency, "decimal", digits));
    if (low !== high) return `${atDigits(lower, currency, "currency", digits)}–${high}`;
  }
  return formatMilli(upper, currency);
}

function atDigits(milli: bigint, currency: string, style: "currency" | "decimal", digits: number): string {
  return milliFormat(milli, currency, style, digits).format(asDecimal(milli, currency));
}

function milliFormat(
  milli: bigint,
  currency: string,
  style: "currency" | "decimal",
  beyondMinor = digitsFor(milli),
): Intl.NumberFormat {
  const digits = fractionDigits(currency);
  return new Intl.NumberFormat("en", {
    style,
    ...(style === "currency" ? { currency } : {}),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits + beyondMinor,
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
