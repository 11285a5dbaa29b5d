import { DomainError, refuseUnless } from "./domain-error";

/** An amount in whole minor units (cents) of one ISO 4217 currency. Crosses to the client as strings. */
export type Money = { minor: bigint; currency: string };

export function money(minor: bigint, currency: string): Money {
  return { minor, currency };
}

/** Digits after the decimal point of a currency, as ISO 4217 has them (EUR 2, JPY 0). */
export function fractionDigits(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** For reading: "€90", "€0.31", "Free" never; whole amounts drop their zeros. */
export function formatMoney({ minor, currency }: Money): string {
  const digits = fractionDigits(currency);
  const scale = 10n ** BigInt(digits);
  const isWhole = minor % scale === 0n;
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    minimumFractionDigits: isWhole ? 0 : digits,
    maximumFractionDigits: digits,
  }).format(decimalString(minor, digits) as Intl.StringNumericLiteral);
}

/** For columns, where the points stand below each other: "€90.00", "€0.31". */
export function formatColumnMoney({ minor, currency }: Money): string {
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(
    decimalString(minor, fractionDigits(currency)) as Intl.StringNumericLiteral,
  );
}

/** "123.45" for 12345 at two digits: exact, for Intl and for files. */
export function decimalString(minor: bigint, digits: number): string {
  const sign = minor < 0n ? "-" : "";
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Reads "90", "90.5" or "90,50" typed by a person into minor units.
 * Throws `amount_invalid` for anything else, for negative amounts and for more digits than the currency has; the
 * error stands beside `field` where one is named.
 */
export function parseAmount(text: string, currency: string, field?: string): bigint {
  const digits = fractionDigits(currency);
  const match = /^\s*(\d{1,12})(?:[.,](\d+))?\s*$/.exec(text);
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > digits) {
    const message = "Write an amount such as 90 or 90.50, without a sign.";
    throw new DomainError("amount_invalid", message, field ? { [field]: message } : {});
  }
  return BigInt(match[1] + fraction.padEnd(digits, "0"));
}

/**
 * Splits an amount by basis points so that the parts add up to it exactly: each part is rounded down and the
 * remaining units go to the largest remainders, earliest first. Throws `shares_invalid` unless the shares are
 * non-negative and sum to 10,000.
 */
export function splitByBasisPoints(minor: bigint, basisPoints: readonly number[]): bigint[] {
  refuseUnless(
    basisPoints.every((share) => Number.isInteger(share) && share >= 0) &&
      basisPoints.reduce((sum, share) => sum + share, 0) === 10_000,
    "shares_invalid",
    "Shares must be whole basis points that add up to 10,000.",
  );
  const exact = basisPoints.map((share) => minor * BigInt(share));
  const parts = exact.map((value) => value / 10_000n);
  const left = Number(minor - parts.reduce((sum, part) => sum + part, 0n));
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value % 10_000n }))
    .sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts;
}
