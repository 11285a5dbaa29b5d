import { isObject } from "@/lib/shared/is-object";
import { readJson } from "./foreign-source";
import { MAX_FOREIGN_ROWS } from "./judged-rows";

/** The objects of a JSON Lines text, or why there are none: one unreadable line gives no rows at all. */
export function readObjectLines(text: string): Record<string, unknown>[] | string {
  const objects: Record<string, unknown>[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const source = text.slice(start, end);
    start = end + 1;
    line += 1;
    if (source.trim() === "") continue;
    if (objects.length >= MAX_FOREIGN_ROWS) return `The file has more than ${MAX_FOREIGN_ROWS} rows.`;
    const { value } = readJson(source);
    if (!isObject(value)) return `Line ${line} is not a JSON object, so no rows were taken.`;
    objects.push(value);
  }
  return objects.length === 0 ? "The file is empty." : objects;
}
