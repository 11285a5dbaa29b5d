import { type RecordText, UnreadableTable } from "./evaluation-table";

const [QUOTE, BACKSLASH, LINE_FEED, COMMA] = [0x22, 0x5c, 0x0a, 0x2c];
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * The members of a JSON list as they are written, one at a time, each with the line on which it begins; so a list is
 * never held whole. Throws UnreadableTable where it is not closed, or where something follows it.
 */
export function* membersOf(bytes: Uint8Array): Generator<RecordText> {
  const decoder = new TextDecoder("utf-8");
  let line = 1;
  let isAfterComma = false;
  let at = bytes.indexOf(0x5b) + 1;
  for (let before = 0; before < at; before++) if (bytes[before] === LINE_FEED) line += 1;
  for (;;) {
    for (; SPACE.has(bytes[at] ?? 0); at++) if (bytes[at] === LINE_FEED) line += 1;
    const start = { at, line };
    for (let depth = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) at = endOfText(bytes, at);
      else if (OPENING.has(byte)) depth += 1;
      else if (depth === 0 && (byte === COMMA || CLOSING.has(byte))) break;
      else if (CLOSING.has(byte)) depth -= 1;
      else if (byte === LINE_FEED) line += 1;
    }
    if (at >= bytes.length) throw broken(line, "The list is opened and never closed.");
    const source = decoder.decode(bytes.subarray(start.at, at));
    const isLast = bytes[at] !== COMMA;
    if (source === "" && isLast && isAfterComma)
      throw broken(line, "Nothing follows the last comma of the list.");
    if (source !== "" || !isLast) yield [start.line, source];
    if (isLast) break;
    isAfterComma = true;
    at += 1;
  }
  if (bytes.subarray(at + 1).some((byte) => !SPACE.has(byte)))
    throw broken(line, "Something follows the end of the list.");
}

/** Where the quotation mark stands that ends the text which one at `start` begins. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function broken(line: number, message: string): UnreadableTable {
  return new UnreadableTable({ line, column: null, message });
}
