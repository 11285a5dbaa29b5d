/**
 * Names a garment from a picture of 7 × 7 grey cells.
 *
 * Rows come from Fashion-MNIST (Zalando, MIT), Debian package dataset-fashion-mnist:
 * `apt-get download dataset-fashion-mnist && dpkg -x dataset-fashion-mnist_*.deb fashion`.
 * Training and discovery rows are from its training file (apart from each other),
 * attestation rows from its separate test file.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { featuresOfImage } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { runTraining } from "../training/command-line";
import { fitOnnx, saveRows } from "../training/fit";
import type { DemoRow } from "../training/row-file";

const slug = "clothing-thumbnails";
const classes = [
  "T-shirt",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];
const flags = ["narrow", "wide", "dim", "bright", "little-ink"];
const spec: Preprocessing = { kind: "image", version: 1, width: 28, height: 28, block: 4 };

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, spec, {
    hidden: [16],
    epochs: 24,
    batchSize: 16,
    learningRate: 0.01,
    weightDecay: 0.0005,
    seed: 1851,
  });
}

function collect(folder: string): void {
  const source = path.join(folder, "fashion/usr/share/datasets/fashion-mnist");
  const training = readRows(source, "train", 60_000);
  saveRows(slug, "training", classes, flags, training.slice(0, 1_200));
  saveRows(slug, "discovery", classes, flags, training.slice(50_000, 52_000));
  saveRows(slug, "attestation", classes, flags, readRows(source, "t10k", 4_000));
}

function readRows(source: string, name: "train" | "t10k", count: number): DemoRow[] {
  const images = gunzipSync(readFileSync(path.join(source, `${name}-images-idx3-ubyte.gz`))).subarray(16);
  const labels = gunzipSync(readFileSync(path.join(source, `${name}-labels-idx1-ubyte.gz`))).subarray(8);
  return Array.from({ length: count }, (_, index) => {
    const features = featuresOfImage(new Uint8Array(images.subarray(index * 784, (index + 1) * 784)), spec);
    const levels = features.kind === "levels" ? features.levels : new Uint8Array();
    return { label: classes[labels[index] ?? 0] ?? "", flags: flagsOf(levels), cluster: index, features };
  });
}

/** Conditions that can be seen in the picture without knowing the garment. */
function flagsOf(levels: Uint8Array): string[] {
  const filled = [...levels].filter((level) => level > 24);
  const columnsUsed = new Set([...levels.keys()].filter((at) => (levels[at] ?? 0) > 24).map((at) => at % 7))
    .size;
  const mean = filled.reduce((sum, level) => sum + level, 0) / Math.max(1, filled.length);
  const marks = [
    columnsUsed <= 4 && "narrow",
    columnsUsed === 7 && "wide",
    mean < 90 && "dim",
    mean > 160 && "bright",
    filled.length < 20 && "little-ink",
  ];
  return marks.filter((mark): mark is string => typeof mark === "string");
}

await runTraining(import.meta.filename, slug, collect, train);
