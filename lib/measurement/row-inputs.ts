import type { ModelInput, RunInput } from "@/lib/inference/model-input";
import { packInput } from "@/lib/inference/packed-input";
import { type StoredFeatures, columnCountOf, featuresOfText } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { inputColumnsOf } from "./input-columns";
import { type RunContract, preprocessingOf } from "@/lib/inference/run-contract";

/** Beyond so many characters of input a run is not made: it has to be held at once. */
export const MAX_INPUT_CHARACTERS = 16_000_000;

type InputSpec = RunContract["input"];

/** The names under which an evaluation file holds what a model reads, in lower case; any one of a list will do. */
function namesOf(spec: InputSpec): string[][] {
  switch (spec.kind) {
    case "text":
      return [["text", "input"]];
    case "question":
      return [["question"], ["context"]];
    case "fields":
      return spec.columns.map(({ name }) => [name.toLowerCase()]);
    case "image":
    case "audio":
      return [["file"]];
    case "prepared":
      return preparedNames(preprocessingOf(spec));
  }
}

function preparedNames(spec: Preprocessing): string[][] {
  switch (spec.kind) {
    case "text-hash":
      return [["text", "input"]];
    case "numbers":
      return spec.columns.map(({ name }) => [name.toLowerCase()]);
    case "image":
      return [["levels"]];
    case "board":
      return [["board"]];
  }
}

/** The columns that a file of rows needs for a model to be run on them, one name for each. */
export function inputColumns(spec: InputSpec): string[] {
  if (spec.kind === "fields") return spec.columns.map(({ name }) => name);
  const prepared = spec.kind === "prepared" ? preprocessingOf(spec) : null;
  if (prepared?.kind === "numbers") return prepared.columns.map(({ name }) => name);
  return namesOf(spec).flatMap(([first = ""]) => first);
}

/** What a file holds to be run again; or why it cannot be, in a sentence. */
export type FoundInputs = { inputs: RunInput[] } | { reason: string };

/** An input as it was taken, and the columns that follow from it: see `input-columns.ts`. */
type TakenInput = { input: string; columns: ReadonlyMap<string, string> };

/** Pictures and sounds beside a table, in base64 by the name that its rows call them; null for one that is not there. */
export type MediaFiles = (name: string) => string | null;

const NO_MEDIA: MediaFiles = () => null;

/**
 * The columns of an evaluation file that hold what a model reads: `text` or `input`; `question` and `context`; the fields
 * that its contract names; `file`, the name of a picture or sound beside the table; `board`, or `levels` (a byte for each
 * block, in base64). Each row is prepared as it is read, as at serving time.
 */
export class RowInputs {
  private readonly slots: string[][];
  private readonly preprocessing: Preprocessing | null;
  /** Place of a column in the file → its number among the inputs. */
  private readonly places = new Map<number, number>();
  private inputs: RunInput[] = [];
  private characters = 0;
  private taken = 0;

  constructor(
    private readonly spec: InputSpec,
    private readonly media = NO_MEDIA,
  ) {
    this.slots = namesOf(spec);
    this.preprocessing = spec.kind === "prepared" ? preprocessingOf(spec) : null;
  }

  column(name: string, place: number): void {
    const slot = this.slots.findIndex((names) => names.includes(name.toLowerCase()));
    if (slot >= 0 && ![...this.places.values()].includes(slot)) this.places.set(place, slot);
  }

  has(place: number): boolean {
    return this.places.has(place);
  }

  /** Whether a column holds the whole input, of which no slices are made, and not one field of it. */
  isWhole(place: number): boolean {
    return this.has(place) && this.spec.kind !== "fields" && this.preprocessing?.kind !== "numbers";
  }

  /**
   * Takes a row's values by place: what the model reads of them, as text, with the columns that follow from it, or what is
   * wrong with them; null without.
   */
  row(values: ReadonlyMap<number, string>): TakenInput | { problem: string } | null {
    this.taken += 1;
    if (this.places.size < this.slots.length || this.characters > MAX_INPUT_CHARACTERS) return null;
    const texts: string[] = [];
    for (const [place, slot] of this.places) texts[slot] = values.get(place) ?? "";
    const input = this.preprocessing
      ? preparedInput(texts, this.preprocessing)
      : readInput(texts, this.spec, this.media);
    if (typeof input === "string") return { problem: input };
    const text = JSON.stringify(input.kind === "prepared" ? input.packed : input);
    this.characters += text.length;
    this.inputs.push(input);
    return { input: text, columns: this.columnsOf(texts) };
  }

  private columnsOf(texts: readonly string[]): ReadonlyMap<string, string> {
    const isText = this.spec.kind === "text" || this.preprocessing?.kind === "text-hash";
    if (!isText && this.spec.kind !== "question") return new Map();
    return inputColumnsOf({ kind: "text", text: (isText ? texts[0] : texts[1]) ?? "" });
  }

  /** Takes rows away again, by their place. */
  leaveOut(rows: ReadonlySet<number>): void {
    this.inputs = this.inputs.filter((_, at) => !rows.has(at));
  }

  /** What was found in that many rows; without a number, in all that were taken. */
  found(rows = this.taken): FoundInputs {
    const missing = this.slots.filter((_, slot) => ![...this.places.values()].includes(slot));
    if (missing.length > 0) {
      const names = missing.slice(0, 5).map((either) => either.join(" or "));
      const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
      return { reason: `The rows hold no inputs: no column ${names.join(", ")}${more}.` };
    }
    if (this.characters > MAX_INPUT_CHARACTERS)
      return { reason: "The inputs are more than can be run here at once." };
    if (this.inputs.length !== rows) return { reason: "Not every row holds its inputs." };
    return { inputs: this.inputs };
  }
}

/** What the model reads of one row, or what is wrong with it. */
function readInput(texts: readonly string[], spec: InputSpec, media: MediaFiles): ModelInput | string {
  const [first = "", second = ""] = texts.map((text) => text.normalize("NFC"));
  switch (spec.kind) {
    case "text":
      return first.length > spec.maxCharacters ? tooLong(spec.maxCharacters) : { kind: "text", text: first };
    case "question":
      return first.length + second.length > spec.maxCharacters
        ? tooLong(spec.maxCharacters)
        : { kind: "question", question: first, context: second };
    case "fields": {
      const values = spec.columns.map(({ name }, at) => [name, (texts[at] ?? "").normalize("NFC")]);
      return { kind: "fields", values: Object.fromEntries(values) };
    }
    case "image":
    case "audio":
      return mediaInput(spec.kind, first, media);
    case "prepared":
      throw new Error("What is prepared here is read by its preparation.");
  }
}

function preparedInput(texts: readonly string[], spec: Preprocessing): RunInput | string {
  const features = readFeatures(texts, spec);
  return typeof features === "string" ? features : { kind: "prepared", packed: packInput(features) };
}

function tooLong(most: number): string {
  return `The input is longer than ${most.toLocaleString("en")} characters.`;
}

function mediaInput(kind: "image" | "audio", name: string, media: MediaFiles): ModelInput | string {
  const base64 = media(name);
  return base64 === null
    ? `"file" names ${name === "" ? "nothing" : `"${name.slice(0, 60)}"`}, which is not in the archive.`
    : { kind, base64 };
}

function readFeatures(texts: readonly string[], spec: Preprocessing): StoredFeatures | string {
  switch (spec.kind) {
    case "text-hash":
      return featuresOfText(texts[0] ?? "", spec);
    case "numbers": {
      const values = texts.map((text) => (text === "" ? Number.NaN : Number(text)));
      const at = values.findIndex((value) => !Number.isFinite(value));
      return at < 0
        ? { kind: "numbers", values }
        : `"${spec.columns[at]?.name ?? ""}" is an input and holds no number.`;
    }
    case "board": {
      const cells = texts[0] ?? "";
      const size = spec.columns * spec.rows;
      return cells.length === size && /^[xo.]+$/.test(cells)
        ? { kind: "board", cells }
        : `"board" is an input: ${size} of the signs x, o and . from the bottom row up.`;
    }
    case "image": {
      const levels = new Uint8Array(Buffer.from(texts[0] ?? "", "base64"));
      const blocks = columnCountOf(spec);
      return levels.length === blocks
        ? { kind: "levels", levels }
        : `"levels" is an input: ${blocks} bytes in base64.`;
    }
  }
}
