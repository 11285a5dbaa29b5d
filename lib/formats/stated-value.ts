/** A figure as somebody wrote it. */
export type StatedValue = {
  /** Null when the text is not a number. Never converted between percent and share. */
  value: number | null;
  plusMinus: number | null;
  isPercent: boolean;
  valueText: string;
};

const DIGITS = String.raw`[-+]?(?:\d{1,30}(?:[.,]\d{0,30})?|[.,]\d{1,30})(?:e[-+]?\d{1,3})?`;
const STATED = new RegExp(
  String.raw`^\s*(${DIGITS})\s*(%?)\s*(?:(?:±|\+/-|\+-)\s*(${DIGITS})\s*(%?)|\(\s*${DIGITS}\s*%?\s*\)\s*(%?))?\s*$`,
  "i",
);

/**
 * "20.0 ± 1.2" is 20 give or take 1.2; "91.5%" is 91.5 marked as percent; "92,5" is 92.5, and "1,234" no number, since it
 * could be two. What stands in brackets behind a figure is kept as text: nobody says what it is. Null for no text at all.
 */
export function readStatedValue(value: unknown): StatedValue | null {
  if (typeof value === "number") {
    const isNumber = Number.isFinite(value);
    return {
      value: isNumber ? value : null,
      plusMinus: null,
      isPercent: false,
      valueText: String(value),
    };
  }
  if (typeof value !== "string" || value.trim() === "") return null;
  const match = STATED.exec(value.slice(0, 200));
  return {
    value: numberOf(match?.[1]),
    plusMinus: numberOf(match?.[3]),
    isPercent: Boolean(match?.[2] || match?.[4] || match?.[5]),
    valueText: value.trim(),
  };
}

/** What lies within the spread that a figure states; null where it states none. */
export function intervalOf(stated: StatedValue | null) {
  if (!stated || stated.value === null || stated.plusMinus === null) return null;
  const { value, plusMinus } = stated;
  return { lower: value - plusMinus, upper: value + plusMinus, level: null, method: "as stated" };
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || /^[-+]?[1-9]\d{0,2},\d{3}$/.test(text)) return null;
  const number = Number(text.replace(",", "."));
  return Number.isFinite(number) ? number : null;
}
