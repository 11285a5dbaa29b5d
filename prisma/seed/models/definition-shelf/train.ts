/**
 * Says what kind of thing a dictionary definition defines: an animal, a plant, a person, a tool …
 *
 * This script collects the rows, from the noun file of Debian's package wordnet-base 3.0 (Princeton University; its licence,
 * which lets the texts be handed on, stands in `rows/LICENSE`): `dpkg -x wordnet-base_*.deb FOLDER`. `train.py` trains on the
 * training rows with Debian's fasttext and writes `bundle/model.ftz`. Definitions are kept apart, and belong together, by
 * what their words are a kind of: all dogs are in one file and in one cluster.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fnv1a } from "@/lib/inference/text-hash";
import { runCollection } from "../training/command-line";
import { clusterOf } from "../training/debian";
import { rowsUnlike, saveRows } from "../training/fit";
import type { DemoRow } from "../training/row-file";
import { shelves } from "./shelves";

const slug = "definition-shelf";
const classes = [...shelves.values()];
const counts = { training: 15_000, discovery: 4_000, attestation: 4_000 };
/** Of the rows that are looked at and judged, so that many kinds are among them. */
const MOST_OF_A_KIND = 3;

function collect(folder: string): void {
  const lines = readFileSync(path.join(folder, "usr/share/wordnet/data.noun"), "utf8").split("\n");
  const rows = lines.flatMap(rowOf).sort((a, b) => fnv1a(textOf(a)) - fnv1a(textOf(b)));
  const of = (split: keyof typeof counts) => rows.filter((row) => splitOf(row.cluster) === split);
  const training = of("training").slice(0, counts.training);
  const discovery = rowsUnlike(fewOfEach(of("discovery")), training).slice(0, counts.discovery);
  const attestation = rowsUnlike(fewOfEach(of("attestation")), training, discovery).slice(
    0,
    counts.attestation,
  );
  for (const [split, own] of Object.entries({ training, discovery, attestation }))
    saveRows(slug, split as keyof typeof counts, classes, [], own);
}

function fewOfEach(rows: readonly DemoRow[]): DemoRow[] {
  const taken = new Map<number, number>();
  return rows.filter(({ cluster }) => {
    const before = taken.get(cluster) ?? 0;
    taken.set(cluster, before + 1);
    return before < MOST_OF_A_KIND;
  });
}

/** Of ten kinds six are learned from, two are looked at and two are kept for judging. */
function splitOf(kind: number): keyof typeof counts {
  const place = kind % 10;
  if (place < 6) return "training";
  return place < 8 ? "discovery" : "attestation";
}

/** `offset shelf n … @ offset-of-its-kind … | definition; "an example"`: a noun that is of no kind is left out. */
function rowOf(line: string): DemoRow[] {
  const [, shelf, kind, definition] = /^\d{8} (\d\d) n .*? @i? (\d{8}) n .*?\| ([^;"]+)/.exec(line) ?? [];
  const label = shelves.get(shelf ?? "");
  const text = definition?.trim();
  if (!label || !kind || !text) return [];
  return [{ label, flags: [], cluster: clusterOf(kind), features: { kind: "text", text } }];
}

function textOf({ features }: DemoRow): string {
  return features.kind === "text" ? features.text : "";
}

await runCollection(import.meta.filename, collect);
