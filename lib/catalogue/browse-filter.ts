import { cutBands } from "./band";
import type { BrowseQuery } from "./browse-query";
import type { Tag, TagKind } from "./facet-tag";

/** A filter group whose own choice does not shrink its own counts. */
export const facetNames = [
  "task",
  "domain",
  "language",
  "part",
  "right",
  "minEvidence",
  "excludeLimitation",
  "maxPriceMinor",
  "maxCostPer1kCorrectMinor",
] as const;
export type FacetName = (typeof facetNames)[number];

/** The tags a facet's counts are read from. */
export const facetKinds: Record<FacetName, readonly TagKind[]> = {
  task: ["task"],
  domain: ["domain"],
  language: ["language"],
  part: ["part"],
  right: ["right"],
  minEvidence: ["min_evidence"],
  excludeLimitation: ["has", "lacks"],
  maxPriceMinor: ["price_band"],
  maxCostPer1kCorrectMinor: ["cost_band"],
};

/** What a chosen facet asks of a listing's tags: any of, all of, or none of these. */
export type TagCondition = { want: "any" | "all" | "none"; tags: Tag[] };

/** "At most": a column and its limit. Its bands stand in for it where bits are counted. */
export type AmountCondition = {
  column: "priceMinor" | "costPer1kCorrectMilli";
  limit: bigint;
  /** Rows above it lie in the band that the limit cuts; null when it cuts none. */
  edge: bigint | null;
  bands: TagCondition;
  /** Every band with an amount at most the limit, the one it cuts included: wider than the limit, never narrower. */
  touched: Tag[];
};

export type FacetCondition = { facet: FacetName } & (
  { tags: TagCondition; amount?: undefined } | { amount: AmountCondition; tags?: undefined }
);

/** The chosen facets of a query, each as one condition. */
export function conditionsOf(query: BrowseQuery): FacetCondition[] {
  const conditions: FacetCondition[] = [];
  const add = (facet: FacetName, want: TagCondition["want"], kind: TagKind, values: readonly string[]) => {
    if (values.length > 0)
      conditions.push({ facet, tags: { want, tags: values.map((value) => ({ kind, value })) } });
  };
  add("task", "any", "task", query.task);
  add("domain", "any", "domain", query.domain);
  add("language", "any", "language", query.language);
  add("part", "any", "part", query.part);
  add("right", "all", "right", query.right);
  add("minEvidence", "all", "min_evidence", query.minEvidence ? [query.minEvidence] : []);
  if (query.notStated === "pass") add("excludeLimitation", "none", "has", query.excludeLimitation);
  else add("excludeLimitation", "all", "lacks", query.excludeLimitation);
  const { maxPriceMinor: price, maxCostPer1kCorrectMinor: cost } = query;
  if (price !== null)
    conditions.push({ facet: "maxPriceMinor", amount: atMost("priceMinor", "price_band", price) });
  if (cost !== null)
    conditions.push({
      facet: "maxCostPer1kCorrectMinor",
      amount: atMost("costPer1kCorrectMilli", "cost_band", cost * 1000n),
    });
  return conditions;
}

function atMost(column: AmountCondition["column"], kind: TagKind, limit: bigint): AmountCondition {
  const { below, edge } = cutBands(limit);
  const tags = below.map((band): Tag => ({ kind, value: String(band) }));
  const cut: Tag[] = edge === null ? [] : [{ kind, value: String(below.length) }];
  return { column, limit, edge, bands: { want: "any", tags }, touched: [...tags, ...cut] };
}
