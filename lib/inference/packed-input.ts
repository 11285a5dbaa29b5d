import type { StoredFeatures } from "./features";
import type { Preprocessing } from "./preprocessing";

/** An input as the model reads it, as plain JSON: a board or pixels as text, numbers, or counts of hashed columns in turn. */
export type PackedInput = string | readonly number[];

export function packInput(features: StoredFeatures): PackedInput {
  switch (features.kind) {
    case "counts":
      return features.counts.flat();
    case "numbers":
      return features.values;
    case "levels":
      return Buffer.from(features.levels).toString("base64");
    case "board":
      return features.cells;
  }
}

/** The same back, for a model of that preprocessing. */
export function unpackInput(packed: PackedInput, { kind }: Preprocessing): StoredFeatures {
  if (typeof packed === "string")
    return kind === "board"
      ? { kind, cells: packed }
      : { kind: "levels", levels: new Uint8Array(Buffer.from(packed, "base64")) };
  if (kind === "numbers") return { kind, values: packed };
  const counts = packed.flatMap((column, at): [number, number][] =>
    at % 2 === 0 ? [[column, packed[at + 1] ?? 0]] : [],
  );
  return { kind: "counts", counts };
}
