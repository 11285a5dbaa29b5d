/**
 * Files a software package under one of 24 shelves from its one-line description.
 *
 * Rows come from the package catalogue of Debian 12 (`apt-get update`, then
 * `apt-cache dumpavail`). The descriptions have no single licence, so only hashed word
 * counts are kept. Source packages are split into three groups before anything else.
 */
import { featuresOfText } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { fnv1a } from "@/lib/inference/text-hash";
import { runTraining } from "../training/command-line";
import { clusterOf, halfOf, listDebianPackages, type DebianPackage } from "../training/debian";
import { fitOnnx, rowsUnlike, saveRows } from "../training/fit";
import type { DemoRow } from "../training/row-file";
import { classes } from "./classes";

const slug = "package-shelf";
const flags = ["up-to-4-words", "5-to-8-words", "9-or-more-words", "names-a-language", "library-wording"];
const spec: Preprocessing = {
  kind: "text-hash",
  version: 1,
  dimensions: 2_048,
  units: [{ kind: "word", from: 1, to: 1 }],
  weighting: "presence",
  normalisation: "unit-length",
  maxCharacters: 400,
};

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, spec, {
    hidden: [],
    epochs: 30,
    batchSize: 16,
    learningRate: 0.02,
    weightDecay: 0.00002,
    seed: 24,
  });
}

function collect(): void {
  const isKnown = new Set(classes);
  const packages = uniqueDescriptions(listDebianPackages().filter(({ section }) => isKnown.has(section)));
  const ordered = [...packages].sort((a, b) => fnv1a(a.name) - fnv1a(b.name));
  const isForTraining = ({ source }: DebianPackage) => fnv1a(`train:${source}`) % 5 === 0;
  const training = classes.flatMap((section) =>
    ordered.filter((item) => item.section === section && isForTraining(item)).slice(0, 90),
  );
  const trainingRows = training.map(rowOf);
  saveRows(slug, "training", classes, flags, trainingRows);
  for (const half of ["discovery", "attestation"] as const) {
    const rows = ordered.filter((item) => !isForTraining(item) && halfOf(item.source) === half);
    const judged = rows.slice(0, half === "discovery" ? 3_000 : 6_000).map(rowOf);
    saveRows(slug, half, classes, flags, rowsUnlike(judged, trainingRows));
  }
}

/** Families like "… (documentation)" repeat a line; each wording is kept once. */
function uniqueDescriptions(packages: DebianPackage[]): DebianPackage[] {
  const seen = new Set<string>();
  return packages.filter(({ description }) => {
    const core = description
      .toLowerCase()
      .replace(/\(.*?\)|[^\p{L}]+/gu, " ")
      .trim();
    if (seen.has(core)) return false;
    seen.add(core);
    return true;
  });
}

function rowOf({ description, section, source }: DebianPackage): DemoRow {
  const words = description.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const marks = [
    words <= 4 && "up-to-4-words",
    words > 4 && words <= 8 && "5-to-8-words",
    words > 8 && "9-or-more-words",
    /\b(python|perl|ruby|rust|java|haskell|php|javascript|node|golang|go)\b/i.test(description) &&
      "names-a-language",
    /\b(library|libraries|bindings|module|headers|development files)\b/i.test(description) &&
      "library-wording",
  ];
  return {
    label: section,
    flags: marks.filter((mark): mark is string => typeof mark === "string"),
    cluster: clusterOf(source),
    features: featuresOfText(description, spec),
  };
}

await runTraining(import.meta.filename, slug, collect, train);
