import { bandOf } from "./band";
import type { PartName } from "./part";
import { type RightChoice, rightNames, rightSlugs, type Rights } from "./rights";
import { type EvidenceGradeName, evidenceGrades } from "./standing";

/**
 * What a listing can be found or excluded by. `min_evidence` is cumulative: a listing measured here also carries
 * "signed by the seller". `has` and `lacks` come of stated limitations; one not stated leaves neither.
 */
export const tagKinds = [
  "shown",
  "task",
  "domain",
  "language",
  "min_evidence",
  "right",
  "part",
  "has",
  "lacks",
  "price_band",
  "cost_band",
] as const;
export type TagKind = (typeof tagKinds)[number];

export type Tag = { kind: TagKind; value: string };

export type TaggedFacts = {
  isShown: boolean;
  task: string | null;
  domain: string | null;
  languages: readonly string[];
  evidenceGrade: EvidenceGradeName;
  rights: Pick<Record<keyof Rights, RightChoice>, (typeof rightNames)[number]>;
  offeredParts: readonly PartName[];
  limitations: readonly { type: string; presence: "present" | "absent" }[];
  priceMinor: bigint | null;
  costPer1kCorrectMilli: bigint | null;
};

/** Several limitations of one type are one tag. */
function statedTypes({ limitations }: TaggedFacts, wanted: "present" | "absent"): string[] {
  return [...new Set(limitations.filter(({ presence }) => presence === wanted).map(({ type }) => type))];
}

/** Every tag of a listing. One that is not shown has none, so no search can find it. */
export function tagsOf(facts: TaggedFacts): Tag[] {
  if (!facts.isShown) return [];
  const tag = (kind: TagKind, value: string): Tag => ({ kind, value });
  const grade = evidenceGrades.indexOf(facts.evidenceGrade);
  const { priceMinor, costPer1kCorrectMilli: cost } = facts;
  return [
    tag("shown", "1"),
    ...(facts.task ? [tag("task", facts.task)] : []),
    ...(facts.domain ? [tag("domain", facts.domain)] : []),
    ...[...new Set(facts.languages)].map((language) => tag("language", language)),
    ...evidenceGrades.slice(0, grade + 1).map((name) => tag("min_evidence", name)),
    ...rightNames
      .filter((right) => facts.rights[right] === "yes")
      .map((right) => tag("right", rightSlugs[right])),
    ...facts.offeredParts.map((part) => tag("part", part)),
    ...statedTypes(facts, "present").map((type) => tag("has", type)),
    ...statedTypes(facts, "absent").map((type) => tag("lacks", type)),
    ...(priceMinor === null ? [] : [tag("price_band", String(bandOf(priceMinor)))]),
    ...(cost === null ? [] : [tag("cost_band", String(bandOf(cost)))]),
  ];
}
