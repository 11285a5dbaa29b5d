/**
 * Collects the rows that the model is chosen and judged on; `train.py` makes it, and skips every text that is in them.
 *
 * Half of the rows are dates and amounts found in German texts of Debian 12 (manuals, handbooks, quotations, example
 * sentences); no sentence is kept. The other half are drawn days and amounts, written by the German, Austrian and Swiss
 * locales of ICU, as Node has them. Neither saw the forms of training.
 *
 *   mkdir FOLDER; cd FOLDER; apt-get download PACKAGE…; for d in *.deb; do dpkg -x $d ${d%%_*}; done
 *   node --conditions=react-server --import tsx prisma/seed/models/german-paperwork-iso/collect.ts FOLDER
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { clusterOf } from "../training/debian";
import { saveRows } from "../training/fit";
import { mulberry32 } from "../training/random";
import type { DemoRow } from "../training/row-file";
import { flags, flagsOf, formsIn } from "./found-forms";
import { writtenAmount, writtenDate } from "./locale-forms";

const slug = "german-paperwork-iso";
/** The source package, the half that its rows fall into, and which of its files are German. */
const packages: Record<string, { half: "discovery" | "attestation"; files: RegExp }> = {
  "trans-de-en": { half: "discovery", files: /\/trans\/de-en$/u },
  "libreoffice-help-de": { half: "attestation", files: /\.(?:html|js)$/u },
  "texlive-lang-german": { half: "discovery", files: /\.(?:tex|txt|dtx|sty|bib|md)(?:\.gz)?$|README/u },
  "kmymoney-common": { half: "discovery", files: /\/de(?:_[A-Z]{2})?\// },
  "debian-paketmanagement-buch": { half: "discovery", files: /\.html$/u },
  "debian-reference-de": { half: "discovery", files: /\.html$/u },
  "manpages-de": { half: "attestation", files: /\/man\/de\// },
  "manpages-de-dev": { half: "attestation", files: /\/man\/de\// },
  "fortunes-de": { half: "attestation", files: /\/fortunes\/de\/[a-z-]+$/u },
  "gnucash-docs": { half: "attestation", files: /\/de\/.*\.html$/u },
  "gnucash-common": { half: "attestation", files: /\/de_DE\// },
  "gimp-help-de": { half: "attestation", files: /\.html$/u },
  "debian-edu-doc-de": { half: "attestation", files: /\.html$/u },
  "developers-reference-de": { half: "attestation", files: /\.html$/u },
  "installation-guide-amd64": { half: "attestation", files: /\/de\/.*\.html$/u },
};
const limits = { discovery: 250, attestation: 500 };

type Found = { text: string; iso: string; file: string; half: "discovery" | "attestation" };

function collect(folder: string): void {
  const found = Object.keys(packages).flatMap((name) => [...foundIn(folder, name)]);
  const taken = new Set<string>();
  for (const half of ["discovery", "attestation"] as const) {
    const rows = found.filter((one) => one.half === half);
    const texts = rows.filter(({ text }) => !taken.has(text) && taken.add(text)).map(rowOf);
    const random = mulberry32(half === "discovery" ? 1_871 : 2_002);
    const written = Array.from({ length: limits[half] }, (_, index) => ({
      ...(index % 2 === 0 ? writtenDate : writtenAmount)(random),
      file: `${half} draw ${index}`,
    }));
    const drawn = written.filter(({ text }) => !taken.has(text) && taken.add(text)).map(rowOf);
    saveRows(slug, half, [], flags, [...texts, ...drawn]);
    console.log(half, texts.length, "found,", drawn.length, "drawn");
  }
}

function* foundIn(folder: string, name: string): Generator<Found> {
  const { half, files } = packages[name]!;
  const names = readdirSync(path.join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => files.test(file));
  for (const file of names.sort()) {
    const bytes = readFileSync(file);
    const text = plainText((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
    for (const form of formsIn(text)) yield { ...form, file: path.relative(folder, file), half };
  }
}

/** Without markup and, of a dictionary, the other language; blanks folded. */
function plainText(text: string): string {
  return text
    .replaceAll(/ :: .*/gu, " ")
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/&nbsp;|&#160;|\\[~ ]/gu, " ")
    .replaceAll("&#228;", "ä")
    .replaceAll(/\s+/gu, " ");
}

function rowOf({ text, iso, file }: { text: string; iso: string; file: string }): DemoRow {
  return { label: iso, flags: flagsOf(text), cluster: clusterOf(file), features: { kind: "text", text } };
}

const [, self, folder] = process.argv;
if (self === import.meta.filename && folder) collect(folder);
