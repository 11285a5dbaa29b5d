/** Numbers longer than this are written with an exponent, so that no text grows by its exponent. */
const MAX_PLAIN_DIGITS = 60;
const DECIMAL = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/**
 * The text by which a label, an answer or an id is compared: two values are equal when these are. A number, written as
 * JSON writes numbers, becomes its shortest exact decimal, never rounded (`1.0` and `1e0` are `1`, `-0` is `0`); any
 * other text is in NFC without outer blanks. Texts with leading zeros or a plus are codes, and no numbers.
 */
export function canonicalValue(text: string): string {
  const trimmed = text.trim().normalize("NFC");
  const match = DECIMAL.exec(trimmed);
  if (!match) return trimmed;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  return decimalText(sign, whole + fraction, Number(exponent) - fraction.length);
}

/** Whether two values are the same, whatever their form. */
export function sameValue(a: string, b: string): boolean {
  return a === b || canonicalValue(a) === canonicalValue(b);
}

/** The number `digits` × 10 to the `exponent`: the same text for every way to write it. */
function decimalText(sign: string, padded: string, exponentOfLast: number): string {
  let first = 0;
  while (padded[first] === "0") first += 1;
  let end = padded.length;
  while (end > first && padded[end - 1] === "0") end -= 1;
  const digits = padded.slice(first, end);
  if (digits === "") return "0";
  const exponent = exponentOfLast + padded.length - end;
  const point = digits.length + exponent;
  if (exponent > MAX_PLAIN_DIGITS || point < -MAX_PLAIN_DIGITS) return `${sign}${digits}e${exponent}`;
  if (exponent >= 0) return `${sign}${digits}${"0".repeat(exponent)}`;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
