import { formatMoney, money } from "@/lib/shared/money";
import type { FacetName } from "./browse-filter";
import type { BrowseQuery } from "./browse-query";
import { isLimitationType, limitationTypes } from "./limitation";
import { domains, isDomain, isTask, languageName, tasks } from "./niche";
import { type PartName, partLabels } from "./part";
import { rightLabels, rightNames, rightSlugs } from "./rights";
import { type EvidenceGradeName, gradeLabels } from "./standing";

/** What a reader calls one value of a facet. */
export function valueLabel(facet: FacetName, value: string, currency: string): string {
  switch (facet) {
    case "task":
      return isTask(value) ? tasks[value] : value;
    case "domain":
      return isDomain(value) ? domains[value] : value;
    case "language":
      return languageName(value);
    case "part":
      return partLabels[value as PartName];
    case "right": {
      const right = rightNames.find((name) => rightSlugs[name] === value);
      return right ? rightLabels[right] : value;
    }
    case "minEvidence":
      return value === "reproduced"
        ? gradeLabels.reproduced
        : `${gradeLabels[value as EvidenceGradeName]} or stronger`;
    case "excludeLimitation":
      return isLimitationType(value) ? limitationTypes[value].label : value;
    case "maxPriceMinor":
    case "maxCostPer1kCorrectMinor":
      return value === "0" ? "Free" : `Up to ${formatMoney(money(BigInt(value), currency))}`;
    default:
      return facet satisfies never;
  }
}

export type Chosen = {
  facet: FacetName;
  value: string;
  /** As on its chip: "Text classification", "Not: HTML input", "Cost up to €2". */
  label: string;
  /** What to change to take it back. */
  without: Partial<BrowseQuery>;
};

/** Every choice of a query, one by one, each with the change that takes it back. */
export function chosenFilters(query: BrowseQuery, currency: string): Chosen[] {
  const lists = (["task", "domain", "language", "part", "right", "excludeLimitation"] as const).flatMap(
    (facet) =>
      (query[facet] as readonly string[]).map((value) => ({
        facet,
        value,
        label: `${facet === "excludeLimitation" ? "Not: " : ""}${valueLabel(facet, value, currency)}`,
        without: { [facet]: (query[facet] as readonly string[]).filter((one) => one !== value) },
      })),
  );
  const singles = (["minEvidence", "maxPriceMinor", "maxCostPer1kCorrectMinor"] as const).flatMap((facet) => {
    const value = query[facet];
    if (value === null) return [];
    const label = valueLabel(facet, String(value), currency);
    const head = facet === "maxPriceMinor" ? "Price: " : facet === "maxCostPer1kCorrectMinor" ? "Cost: " : "";
    return [{ facet, value: String(value), label: head + label, without: { [facet]: null } }];
  });
  return [...lists, ...singles];
}
