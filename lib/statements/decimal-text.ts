/** "0.95" for 0.95: plain decimals without exponent, at most `digits` after the point, no trailing zeros. */
export function decimalText(value: number, digits = 6): string {
  const fixed = value.toFixed(digits);
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}
