/**
 * Names the family of a licence text found in a software package.
 *
 * Trained on the full texts of the SPDX licence list (CC0 as a list):
 * `npm install --no-save spdx-license-list@6.12.0`. Judged on the licence paragraphs of
 * the machine-readable /usr/share/doc/<package>/copyright files of a Debian 12 machine,
 * labelled by their maintainers and kept as hashed counts. Paragraphs of one wording
 * stay in one half. Which paragraphs there are depends on the packages installed on that
 * machine: collecting again elsewhere gives other rows and, honestly, other figures.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { featuresOfText } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { fnv1a } from "@/lib/inference/text-hash";
import { runTraining } from "../training/command-line";
import { clusterOf } from "../training/debian";
import { fitOnnx, rowsUnlike, saveRows } from "../training/fit";
import type { DemoRow } from "../training/row-file";

const slug = "licence-family";
const families: Record<string, RegExp> = {
  Apache: /^apache/,
  Artistic: /^(artistic|clartistic)/,
  BSD: /^bsd/,
  "Creative Commons": /^cc(0|-)/,
  GFDL: /^gfdl/,
  GPL: /^a?gpl/,
  LGPL: /^lgpl/,
  MIT: /^(mit|expat|x11|isc|hpnd|ntp)/,
  MPL: /^mpl/,
};
const classes = Object.keys(families);
const flags = [
  "under-600",
  "600-to-2000",
  "over-2000",
  "has-warranty-in-capitals",
  "names-a-university",
  "says-or-later",
];
const spec: Preprocessing = {
  kind: "text-hash",
  version: 1,
  dimensions: 1_024,
  units: [{ kind: "word", from: 1, to: 1 }],
  weighting: "logarithm",
  normalisation: "unit-length",
  maxCharacters: 20_000,
};

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, spec, {
    hidden: [],
    epochs: 60,
    batchSize: 8,
    learningRate: 0.02,
    weightDecay: 0.0001,
    seed: 1989,
  });
}

function collect(folder: string): void {
  const list = createRequire(path.join(folder, "package.json"))("spdx-license-list/full.js") as Record<
    string,
    { licenseText: string }
  >;
  const training = Object.entries(list).flatMap(([id, { licenseText }]) => rowsOf(id, licenseText));
  saveRows(slug, "training", classes, flags, training);
  const judged = listCopyrightParagraphs().flatMap(({ name, text }) => rowsOf(name, text));
  const isDiscovery = (row: DemoRow) => fnv1a(`half:${row.cluster}`) % 3 === 0;
  const discovery = rowsUnlike(judged.filter(isDiscovery), training);
  const attestation = judged.filter((row) => !isDiscovery(row));
  saveRows(slug, "discovery", classes, flags, discovery);
  saveRows(slug, "attestation", classes, flags, rowsUnlike(attestation, training, discovery));
}

/** Stand-alone licence paragraphs of all packages, each text once. */
function listCopyrightParagraphs(): { name: string; text: string }[] {
  const seen = new Set<string>();
  return readdirSync("/usr/share/doc")
    .sort()
    .flatMap((name) => {
      const file = path.join("/usr/share/doc", name, "copyright");
      const content = existsSync(file) ? readFileSync(file, "utf8") : "";
      if (!/^Format:.*copyright-format/m.test(content)) return [];
      return content.split(/\n\s*\n/).flatMap((stanza) => {
        const match = /(?:^|\n)License:[ \t]*(\S[^\n]*)\n([\s\S]+)$/.exec(stanza);
        const text = (match?.[2] ?? "")
          .split("\n")
          .filter((line) => /^\s/.test(line))
          .join("\n")
          .replace(/^\s*\.$/gm, "")
          .trim();
        const key = wordingOf(text);
        if (!match?.[1] || text.length < 150 || seen.has(key)) return [];
        seen.add(key);
        return [{ name: match[1].trim(), text }];
      });
    });
}

function rowsOf(name: string, text: string): DemoRow[] {
  const id = name.toLowerCase();
  const family = classes.find((candidate) => families[candidate]?.test(id));
  if (!family || /\b(or|and|with)\b|[|,/]/.test(id)) return [];
  const marks = [
    text.length < 600 && "under-600",
    text.length >= 600 && text.length <= 2_000 && "600-to-2000",
    text.length > 2_000 && "over-2000",
    /PROVIDED ("|``|“)?AS IS|WITHOUT WARRANTY OF ANY KIND/.test(text) && "has-warranty-in-capitals",
    /universit/i.test(text) && "names-a-university",
    /any later version|or later/i.test(text) && "says-or-later",
  ];
  return [
    {
      label: family,
      flags: marks.filter((mark): mark is string => typeof mark === "string"),
      cluster: clusterOf(wordingOf(text).slice(0, 120)) % 1_000_000,
      features: featuresOfText(text, spec),
    },
  ];
}

function wordingOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, "")
    .slice(0, 4_000);
}

await runTraining(import.meta.filename, slug, collect, train);
