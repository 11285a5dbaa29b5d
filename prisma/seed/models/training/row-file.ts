import { gunzipSync, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { StoredFeatures } from "@/lib/inference/features";
import type { ModelInput } from "@/lib/inference/model-input";

/**
 * Rows of a demo model: one JSON document a line, gzipped. The first line is the header;
 * each further line is `[label, flag bits, cluster, year or 0, features]`. A label is the place
 * of its class, or, of a model without classes, the text that is expected. Text appears only as
 * hashed counts, except where the text itself may be redistributed.
 */

export type RowFeatures = StoredFeatures | Exclude<ModelInput, { kind: "question" }>;

export type DemoRow = {
  label: string;
  flags: readonly string[];
  cluster: number;
  observedYear?: number;
  features: RowFeatures;
};

export type RowFile = {
  model: string;
  split: "training" | "discovery" | "attestation";
  classes: readonly string[];
  flags: readonly string[];
  rows: readonly DemoRow[];
};

/** Lower-case hex SHA-256 of the canonical (unzipped) row file. */
export function digestOfRowFile(file: RowFile): string {
  return createHash("sha256").update(canonicalText(file)).digest("hex");
}

/** Writes the gzipped file; equal rows give equal bytes on every platform. */
export function saveRowFile(path: string, file: RowFile): void {
  const zipped = gzipSync(canonicalText(file), { level: 9 });
  zipped[9] = 255; // the gzip header names the operating system; "unknown" keeps bytes equal everywhere
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, zipped);
}

export function loadRowFile(path: string): RowFile {
  const [head, ...lines] = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  const header = JSON.parse(head ?? "{}") as Omit<RowFile, "rows"> & { features: RowFeatures["kind"] };
  const rows = lines.map((line) => {
    const [label, bits, cluster, year, stored] = JSON.parse(line) as [
      number | string,
      number,
      number,
      number,
      unknown,
    ];
    return {
      label: typeof label === "string" ? label : (header.classes[label] ?? ""),
      flags: header.flags.filter((_, index) => bits & (1 << index)),
      cluster,
      ...(year ? { observedYear: year } : {}),
      features: unpacked(header.features, stored),
    };
  });
  return { model: header.model, split: header.split, classes: header.classes, flags: header.flags, rows };
}

function canonicalText(file: RowFile): string {
  const kind = file.rows[0]?.features.kind ?? "numbers";
  const header = {
    format: "offcut-rows/1",
    model: file.model,
    split: file.split,
    classes: file.classes,
    flags: file.flags,
    features: kind,
  };
  const lines = file.rows.map((row) => {
    const label = file.classes.length === 0 ? row.label : file.classes.indexOf(row.label);
    if (label === -1) throw new RangeError(`label "${row.label}" is no class of ${file.model}`);
    const bits = file.flags.reduce(
      (sum, flag, index) => sum | (row.flags.includes(flag) ? 1 << index : 0),
      0,
    );
    return JSON.stringify([label, bits, row.cluster, row.observedYear ?? 0, packed(row.features)]);
  });
  return [JSON.stringify(header), ...lines, ""].join("\n");
}

function packed(features: RowFeatures): unknown {
  switch (features.kind) {
    case "counts":
      return packedCounts(features.counts);
    case "numbers":
      return features.values;
    case "levels":
      return Buffer.from(features.levels).toString("base64");
    case "board":
      return features.cells;
    case "text":
      return features.text;
    case "fields":
      return features.values;
    case "image":
    case "audio":
      return features.base64;
  }
}

/** Columns as distances from the one before; a count above one follows as a negative number. */
function packedCounts(counts: readonly (readonly [number, number])[]): number[] {
  let before = 0;
  return counts.flatMap(([column, count]) => {
    const distance = column - before;
    before = column;
    return count === 1 ? [distance] : [distance, -count];
  });
}

function unpackedCounts(numbers: readonly number[]): [number, number][] {
  const counts: [number, number][] = [];
  let column = 0;
  for (const number of numbers) {
    const last = counts.at(-1);
    if (number < 0 && last) last[1] = -number;
    else counts.push([(column += number), 1]);
  }
  return counts;
}

function unpacked(kind: RowFeatures["kind"], stored: unknown): RowFeatures {
  switch (kind) {
    case "counts":
      return { kind, counts: unpackedCounts(stored as number[]) };
    case "numbers":
      return { kind, values: stored as number[] };
    case "levels":
      return { kind, levels: new Uint8Array(Buffer.from(stored as string, "base64")) };
    case "board":
      return { kind, cells: stored as string };
    case "text":
      return { kind, text: stored as string };
    case "fields":
      return { kind, values: stored as Record<string, string> };
    case "image":
    case "audio":
      return { kind, base64: stored as string };
  }
}
