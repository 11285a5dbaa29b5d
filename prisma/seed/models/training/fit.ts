import path from "node:path";
import { CLASSES_KEY, PREPROCESSING_KEY } from "@/lib/inference/model-contract";
import { columnCountOf, matrixOf, type StoredFeatures } from "@/lib/inference/features";
import { preprocessingSchema, type Preprocessing } from "@/lib/inference/preprocessing";
import { trainAbove, trainNetwork, type Layer, type TrainingOptions } from "./network";
import { writeOnnx } from "./onnx-writer";
import { loadRowFile, saveRowFile, type DemoRow, type RowFile } from "./row-file";

/** The folder of all demo models. */
export const modelsFolder = path.join(import.meta.dirname, "..");

export function rowFilePath(slug: string, split: RowFile["split"]): string {
  return path.join(modelsFolder, slug, "rows", `${split}.jsonl.gz`);
}

export function loadRows(slug: string, split: RowFile["split"]): RowFile {
  return loadRowFile(rowFilePath(slug, split));
}

export function saveRows(
  slug: string,
  split: RowFile["split"],
  classes: readonly string[],
  flags: readonly string[],
  rows: readonly DemoRow[],
): void {
  saveRowFile(rowFilePath(slug, split), { model: slug, split, classes, flags, rows });
}

/** The rows whose features are in none of the others: no answer is judged that was trained on or looked at. */
export function rowsUnlike(rows: readonly DemoRow[], ...others: (readonly DemoRow[])[]): DemoRow[] {
  const known = new Set(others.flat().map(({ features }) => JSON.stringify(features)));
  return rows.filter(({ features }) => !known.has(JSON.stringify(features)));
}

/**
 * Trains on the committed training rows and returns the bytes of `model.onnx`.
 * The same rows and options give the same bytes. A fixed first layer is kept as given;
 * what is trained then stands on its answers.
 */
export function fitOnnx(
  slug: string,
  specFor: Preprocessing | ((rows: readonly DemoRow[]) => Preprocessing),
  options: TrainingOptions,
  fixedLayer?: Layer,
  reshape: (row: DemoRow) => DemoRow = (row) => row,
): Uint8Array {
  const { rows: stored, classes } = loadRows(slug, "training");
  const rows = stored.map(reshape);
  const spec = preprocessingSchema.parse(typeof specFor === "function" ? specFor(rows) : specFor);
  const matrix = matrixOf(
    rows.map((row) => row.features as StoredFeatures),
    spec,
  );
  if (matrix.length !== rows.length * columnCountOf(spec))
    throw new RangeError("rows and preprocessing do not fit");
  const labels = rows.map((row) => classes.indexOf(row.label));
  const network = fixedLayer
    ? trainAbove(fixedLayer, matrix, labels, classes.length, options)
    : trainNetwork(matrix, labels, classes.length, options);
  return writeOnnx(slug, network, {
    [CLASSES_KEY]: JSON.stringify(classes),
    [PREPROCESSING_KEY]: JSON.stringify(spec),
  });
}

/** Columns of a "numbers" preprocessing, centred and scaled by the training rows. */
export function standardised(
  columns: readonly { name: string; unit: string }[],
  rows: readonly DemoRow[],
): Preprocessing {
  const values = rows.map((row) => (row.features.kind === "numbers" ? row.features.values : []));
  return {
    kind: "numbers",
    version: 1,
    columns: columns.map((column, index) => {
      const seen = values.map((row) => row[index] ?? 0);
      const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
      const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length;
      return { ...column, mean: places(mean), scale: places(Math.sqrt(variance)) || 1 };
    }),
  };
}

function places(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
