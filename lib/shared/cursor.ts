import { cleanText } from "./clean-text";
import { z } from "zod";
import { isObject } from "./is-object";

/** What a card or a file said that no field could take. Shown; nothing is dropped unseen. */
export type NotMapped = { path: string; value: string; reason: string };

export const notMappedSchema = z.array(z.object({ path: z.string(), value: z.string(), reason: z.string() }));

export const MAX_NOT_MAPPED = 200;
const MAX_TEXT_CHARACTERS = 4_000;
const NO_FIELD = "There is no field for it.";

/**
 * Reads a parsed file and remembers what was read, so that the rest can be listed afterwards: what an importer
 * does not know about is reported, never dropped in silence.
 */
export class Cursor {
  private constructor(
    readonly value: unknown,
    readonly path: string,
    private readonly log: ReadLog,
  ) {}

  static over(value: unknown): Cursor {
    return new Cursor(value, "", { taken: new Set(), entered: new Set([""]), noted: [], mapped: 0 });
  }

  /** The member under a key; its value is undefined when there is none. */
  at(key: string): Cursor {
    const value = isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    this.log.entered.add(this.path);
    return new Cursor(value, memberPath(this.path, key), this.log);
  }

  /** The first of several keys that is there. */
  first(...keys: string[]): Cursor {
    const found = keys.find((key) => isObject(this.value) && Object.hasOwn(this.value, key));
    return this.at(found ?? keys[0] ?? "");
  }

  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key) && this.value[key] !== null;
  }

  /** Members of a list; a single value counts as a list of one, nothing as an empty one. */
  list(): Cursor[] {
    if (this.value === undefined || this.value === null) return [];
    if (!Array.isArray(this.value)) return [this];
    this.log.entered.add(this.path);
    return this.value.map((value: unknown, index) => new Cursor(value, `${this.path}[${index}]`, this.log));
  }

  entries(): [string, Cursor][] {
    if (!isObject(this.value)) return [];
    return Object.keys(this.value).map((key) => [cleanText(key).slice(0, 500), this.at(key)]);
  }

  /** Text of a scalar, trimmed; null for blank text and anything else. Longer text is cut and the cut is listed. */
  text(max: number = MAX_TEXT_CHARACTERS): string | null {
    const text = textOf(this.value);
    if (text === null) return null;
    this.take();
    if (text.length > max) this.note(`Cut at ${max} characters.`);
    return text.slice(0, max);
  }

  /** Texts of a list or of one value. */
  texts(max: number = MAX_TEXT_CHARACTERS): string[] {
    return this.list()
      .map((member) => member.text(max))
      .filter((text) => text !== null);
  }

  /** A finite number; texts are not numbers. */
  number(): number | null {
    if (typeof this.value !== "number" || !Number.isFinite(this.value)) return null;
    this.take();
    return this.value;
  }

  /** A whole number from 0 up. */
  count(): number | null {
    return typeof this.value === "number" && Number.isSafeInteger(this.value) && this.value >= 0
      ? this.number()
      : null;
  }

  boolean(): boolean | null {
    if (typeof this.value !== "boolean") return null;
    this.take();
    return this.value;
  }

  /** Counts the whole value as read. */
  take(): unknown {
    if (this.value !== undefined && !this.log.taken.has(this.path)) {
      this.log.taken.add(this.path);
      this.log.mapped += 1;
    }
    return this.value;
  }

  /** Lists the value as not mapped, with a reason of its own. */
  note(reason: string): void {
    if (this.value === undefined) return;
    this.log.taken.add(this.path);
    if (this.log.noted.length < MAX_NOT_MAPPED) {
      this.log.noted.push({ path: this.path.slice(0, 300), value: excerptOf(this.value), reason });
    }
  }

  get mappedCount(): number {
    return this.log.mapped;
  }

  /** Everything that was neither read nor noted, at most 200 entries; the last says how many more there are. */
  unread(): NotMapped[] {
    const found = [...this.log.noted];
    let more = 0;
    const visit = (value: unknown, path: string): void => {
      if (this.log.taken.has(path) || isEmpty(value)) return;
      if (this.log.entered.has(path) && typeof value === "object" && value !== null) {
        for (const key of Object.keys(value)) {
          const member = (value as Record<string, unknown>)[key];
          visit(member, Array.isArray(value) ? `${path}[${key}]` : memberPath(path, key));
        }
      } else if (found.length < MAX_NOT_MAPPED) {
        found.push({
          path: cleanText(path || "file").slice(0, 300),
          value: excerptOf(value),
          reason: NO_FIELD,
        });
      } else more += 1;
    };
    visit(this.value, this.path);
    if (more > 0)
      found.push({ path: "…", value: "", reason: `${more} more values have no place here either.` });
    return found;
  }
}

/** Text of a scalar; null for blank text and anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = cleanText(value).trim();
  return text === "" ? null : text;
}

/** A value as a short text, whatever it is; never walks more of it than is shown. */
export function excerptOf(value: unknown, maxCharacters = 300): string {
  const parts: string[] = [];
  let length = 0;
  const add = (text: string) => {
    parts.push(text.slice(0, maxCharacters + 1));
    length += text.length;
  };
  const walk = (member: unknown, depth: number): void => {
    if (length > maxCharacters) return;
    if (typeof member === "string") return add(depth === 0 ? member : JSON.stringify(member.slice(0, 400)));
    if (typeof member !== "object" || member === null) return add(String(member));
    const isList = Array.isArray(member);
    if (depth > 5) return add(isList ? "[…]" : "{…}");
    add(isList ? "[" : "{");
    let isFirst = true;
    for (const key in member) {
      if (length > maxCharacters) break;
      if (!isFirst) add(",");
      isFirst = false;
      if (!isList) add(`${JSON.stringify(key.slice(0, 100))}:`);
      walk((member as Record<string, unknown>)[key], depth + 1);
    }
    add(isList ? "]" : "}");
  };
  walk(value, 0);
  const text = cleanText(parts.join(""));
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}

type ReadLog = { taken: Set<string>; entered: Set<string>; noted: NotMapped[]; mapped: number };

function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z_$@][\w$@:-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
