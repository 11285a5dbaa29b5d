import type { BrowseQuery } from "./browse-query";
import { type FacetName, facetNames } from "./browse-filter";
import type { Tag } from "./facet-tag";
import { type EvidenceGradeName, evidenceGrades } from "./standing";

export type FacetValue = { value: string; count: number };
export type Facets = Record<FacetName, FacetValue[]>;

/** One row of `countsSql`: several rows of one facet and tag add up. */
export type CountRow = { facet: FacetName | null; tag: Tag; count: number };

export type Counted = {
  total: number;
  facets: Facets;
  /** For each chosen facet, how many would match without its choice. */
  without: Partial<Record<FacetName, number>>;
};

/**
 * Turns counted tags into options with what would remain for each. `known` are all tags there are, so that a value
 * without a match reads 0 instead of going missing. An excluded limitation's count is what remains without it: all
 * less those that have it, or, when "not stated" does not pass, those that say they lack it.
 */
export function facetsOf(
  rows: readonly CountRow[],
  known: readonly Tag[],
  query: BrowseQuery,
  isChosen: (facet: FacetName) => boolean,
): Counted {
  const counts = new Map<string, number>();
  for (const { facet, tag, count } of rows) {
    const key = keyOf(facet, tag);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const countOf = (facet: FacetName, tag: Tag) => counts.get(keyOf(isChosen(facet) ? facet : null, tag)) ?? 0;
  const valuesOf = (facet: FacetName, kind: Tag["kind"]) =>
    known.filter((tag) => tag.kind === kind).map((tag) => ({ value: tag.value, count: countOf(facet, tag) }));
  const facets: Facets = {
    task: byCount(valuesOf("task", "task")),
    domain: byCount(valuesOf("domain", "domain")),
    language: byCount(valuesOf("language", "language")),
    part: byCount(valuesOf("part", "part")),
    right: byCount(valuesOf("right", "right")),
    minEvidence: valuesOf("minEvidence", "min_evidence").sort(
      (a, b) => gradeOrder(b.value) - gradeOrder(a.value),
    ),
    excludeLimitation: byCount(
      exclusions(known).map((value) => ({
        value,
        count:
          query.notStated === "hide"
            ? countOf("excludeLimitation", { kind: "lacks", value })
            : countOf("excludeLimitation", SHOWN) - countOf("excludeLimitation", { kind: "has", value }),
      })),
    ),
    maxPriceMinor: cumulated(valuesOf("maxPriceMinor", "price_band")),
    maxCostPer1kCorrectMinor: cumulated(valuesOf("maxCostPer1kCorrectMinor", "cost_band")),
  };
  const without: Counted["without"] = {};
  for (const facet of facetNames) if (isChosen(facet)) without[facet] = countOf(facet, SHOWN);
  return { total: counts.get(keyOf(null, SHOWN)) ?? 0, facets, without };
}

const SHOWN: Tag = { kind: "shown", value: "1" };

function keyOf(facet: FacetName | null, { kind, value }: Tag): string {
  return `${facet ?? ""}|${kind}:${value}`;
}

function gradeOrder(value: string): number {
  return evidenceGrades.indexOf(value as EvidenceGradeName);
}

function byCount(values: FacetValue[]): FacetValue[] {
  return values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function exclusions(known: readonly Tag[]): string[] {
  return [...new Set(known.filter(({ kind }) => kind === "has" || kind === "lacks").map((tag) => tag.value))];
}

/** Bands become "at most this band": the value of each is its number, its count that of it and all below. */
function cumulated(bands: FacetValue[]): FacetValue[] {
  let sum = 0;
  return bands
    .sort((a, b) => Number(a.value) - Number(b.value))
    .map(({ value, count }) => ({ value, count: (sum += count) }));
}
