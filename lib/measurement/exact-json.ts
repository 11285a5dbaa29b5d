import { sameValue } from "./canonical-value";

/** Only a number of so many digits, or with so large an exponent, can be more than a double holds. */
const CANDIDATE = /\bNaN\b|\bInfinity\b|\d{16}|\d\.\d{15}|[\d.]{15}[eE]|[eE][+-]?\d{3}/;
const TOKEN = /"|-?\bInfinity\b|\bNaN\b|-?\d[\d.]{14,}(?:[eE][+-]?\d+)?|-?\d[\d.]*[eE][+-]?\d{3,}/g;

/**
 * JSON with every whole number as a text that a double would round, so that no id and no label becomes another, and
 * with the bare `NaN` and `Infinity` that Python writes as texts too. Where asked, also numbers with a fraction.
 */
export function quoteInexact(
  text: string,
  kinds: "whole_numbers" | "all_numbers" = "whole_numbers",
): { text: string; hasBareNumbers: boolean } {
  if (!CANDIDATE.test(text)) return { text, hasBareNumbers: false };
  const token = new RegExp(TOKEN);
  const parts: string[] = [];
  let from = 0;
  let hasBareNumbers = false;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found] = match;
    if (found === '"') {
      token.lastIndex = endOfString(text, match.index + 1);
      continue;
    }
    const isBare = /[yN]/.test(found);
    hasBareNumbers ||= isBare;
    if (!isBare && (isExact(found) || (kinds === "whole_numbers" && isFraction(found)))) continue;
    parts.push(text.slice(from, match.index), `"${found}"`);
    from = match.index + found.length;
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), hasBareNumbers };
}

function isExact(number: string): boolean {
  return sameValue(number, String(Number(number)));
}

function isFraction(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && !Number.isInteger(value);
}

/** What stands inside a string stays as it is. */
function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
