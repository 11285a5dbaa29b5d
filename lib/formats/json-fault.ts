/** Longer texts are not looked through for the place of their fault. */
const MAX_CHARACTERS = 4_000_000;

const TOKEN =
  /\s*(?:([{}[\],:])|"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-f]{4})[^"\\\0-\x1f]*)*(")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?|true|false|null)(?![\w.]))/iy;

type Expected = "value" | "value_or_end" | "key" | "key_or_end" | "colon" | "comma_or_end" | "nothing";

/** The line, from 1, on which a text stops being JSON; null for JSON, and for a text that is too long. */
export function jsonFaultLine(text: string): number | null {
  if (text.length > MAX_CHARACTERS) return null;
  const token = new RegExp(TOKEN);
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  const afterValue = (): Expected => (open.length === 0 ? "nothing" : "comma_or_end");
  const fault = (at: number) => lineAt(text, at + text.slice(at).search(/\S|$/));
  for (let at = 0; ; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return expected === "nothing" && text.slice(at).trim() === "" ? null : fault(at);
    const next = step(match[1] ?? (match[2] ? "text" : "scalar"), expected, open, afterValue);
    if (next === null) return fault(at);
    expected = next;
  }
}

/** What may follow a token where this was expected; null where the token may not stand there. */
function step(
  sign: string,
  expected: Expected,
  open: ("{" | "[")[],
  afterValue: () => Expected,
): Expected | null {
  const isValue = expected === "value" || expected === "value_or_end";
  if (sign === "text" && (expected === "key" || expected === "key_or_end")) return "colon";
  if (sign === "text" || sign === "scalar") return isValue ? afterValue() : null;
  if (sign === "{" || sign === "[") {
    if (!isValue) return null;
    open.push(sign);
    return sign === "{" ? "key_or_end" : "value_or_end";
  }
  if (sign === ":") return expected === "colon" ? "value" : null;
  if (sign === ",") return expected === "comma_or_end" ? (open.at(-1) === "{" ? "key" : "value") : null;
  const mayEnd = expected === "comma_or_end" || expected === (sign === "}" ? "key_or_end" : "value_or_end");
  if (!mayEnd || open.pop() !== (sign === "}" ? "{" : "[")) return null;
  return afterValue();
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf("\n"); end !== -1 && end < at; end = text.indexOf("\n", end + 1)) line += 1;
  return line;
}
