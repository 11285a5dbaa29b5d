import type { ModelContract } from "@/lib/inference/model-contract";
import { type PackedInput, packInput } from "@/lib/inference/packed-input";
import { type StoredFeatures, columnCountOf, featuresOfText } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";

/** Beyond so many characters of prepared input a run is not repeated: it has to be held at once. */
export const MAX_INPUT_CHARACTERS = 16_000_000;

/** The names under which an evaluation file holds what a model reads, in lower case; any one of a list will do. */
function namesOf(spec: Preprocessing): string[][] {
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
export function inputColumns(spec: Preprocessing): string[] {
  return spec.kind === "numbers"
    ? spec.columns.map(({ name }) => name)
    : namesOf(spec).flatMap(([first = ""]) => first);
}

/** What a file holds to be run again; or why it cannot be, in a sentence. */
export type FoundInputs = { inputs: PackedInput[] } | { reason: string };

/**
 * The columns of an evaluation file that hold what a model reads: `text` or `input`, the numbers that its contract names,
 * `board`, or `levels` (a byte for each block, in base64). Each row is prepared as it is read, as at serving time.
 */
export class RowInputs {
  private readonly slots: string[][];
  /** Place of a column in the file → its number among the inputs. */
  private readonly places = new Map<number, number>();
  private packed: PackedInput[] = [];
  private characters = 0;

  constructor(private readonly spec: ModelContract["preprocessing"]) {
    this.slots = namesOf(spec);
  }

  column(name: string, place: number): void {
    const slot = this.slots.findIndex((names) => names.includes(name.toLowerCase()));
    if (slot >= 0 && ![...this.places.values()].includes(slot)) this.places.set(place, slot);
  }

  has(place: number): boolean {
    return this.places.has(place);
  }

  /** Takes a row's values by place: what the model reads of them, as text, or what is wrong with them; null without. */
  row(values: ReadonlyMap<number, string>): { input: string } | { problem: string } | null {
    if (this.places.size < this.slots.length || this.characters > MAX_INPUT_CHARACTERS) return null;
    const texts: string[] = [];
    for (const [place, slot] of this.places) texts[slot] = values.get(place) ?? "";
    const features = readFeatures(texts, this.spec);
    if (typeof features === "string") return { problem: features };
    const packed = packInput(features);
    this.characters += typeof packed === "string" ? packed.length : 6 * packed.length;
    this.packed.push(packed);
    return { input: JSON.stringify(packed) };
  }

  /** Takes rows away again, by their place. */
  leaveOut(rows: ReadonlySet<number>): void {
    this.packed = this.packed.filter((_, at) => !rows.has(at));
  }

  /** What was found in that many rows. */
  found(rows: number): FoundInputs {
    const missing = this.slots.filter((_, slot) => ![...this.places.values()].includes(slot));
    if (missing.length > 0) {
      const names = missing.slice(0, 5).map((either) => either.join(" or "));
      const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
      return { reason: `The rows hold no inputs: no column ${names.join(", ")}${more}.` };
    }
    if (this.characters > MAX_INPUT_CHARACTERS)
      return { reason: "The inputs are more than can be run again here at once." };
    if (this.packed.length !== rows) return { reason: "Not every row holds its inputs." };
    return { inputs: this.packed };
  }
}

/** What the model reads of one row, or what is wrong with it. */
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
