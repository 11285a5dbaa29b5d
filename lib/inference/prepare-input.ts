import { type StoredFeatures, featuresOfText } from "./features";
import type { ModelInput } from "./model-input";
import type { Preprocessing } from "./preprocessing";

/**
 * What a person typed, as a network that describes itself reads it. Throws an Error, in plain words, where it cannot be
 * read. Pictures are decoded elsewhere.
 */
export function prepareInput(input: ModelInput, spec: Preprocessing): StoredFeatures {
  if (spec.kind === "text-hash" && input.kind === "text") return featuresOfText(input.text, spec);
  if (spec.kind === "numbers" && input.kind === "fields") {
    const values = spec.columns.map(({ name }) => Number(input.values[name] ?? Number.NaN));
    const missing = spec.columns.find((_, at) => !Number.isFinite(values[at]));
    if (missing) throw new Error(`The field ${missing.name} holds no number.`);
    return { kind: "numbers", values };
  }
  if (spec.kind === "board" && input.kind === "fields") {
    const cells = input.values.board ?? "";
    const size = spec.columns * spec.rows;
    if (cells.length !== size || !/^[xo.]+$/.test(cells))
      throw new Error(`A board is ${size} of the signs x, o and . from the bottom row up.`);
    return { kind: "board", cells };
  }
  throw new Error("The model reads another kind of input.");
}
