import type { ConditionTest } from "@/lib/catalogue/condition";
import { comparedValue } from "@/lib/measurement/condition";
import type { EvaluationPredicate } from "./kinds/evaluation";

type Stated = EvaluationPredicate["overall"];
type StatedSlice = EvaluationPredicate["slices"][number];

/** What of the slices cannot be of the same rows as the whole and as each other: names of fields. */
export function overlapsOf({ overall, slices }: EvaluationPredicate): string[] {
  return [
    ...slices.flatMap((slice, at) => [
      ...(areWithin(slice, overall) ? [] : [`slices.${at}.clusters`]),
      ...(slice.k <= mostRight(slice) ? [] : [`slices.${at}.k`]),
    ]),
    ...crowded(slices, overall).map((at) => `slices.${at}.n`),
  ];
}

/** Rows of a slice share clusters where they share them in the whole, and a row outside makes one more at most. */
function areWithin(slice: Stated, overall: Stated): boolean {
  const [here, all] = [clustersOf(slice), clustersOf(overall)];
  if (slice.n === overall.n) return shapesText(slice) === shapesText(overall);
  return (
    here <= all && all <= here + overall.n - slice.n && (slice.clusters === null || overall.clusters !== null)
  );
}

function clustersOf({ n, clusters }: Stated): number {
  return clusters?.reduce((sum, [, , count]) => sum + count, 0) ?? n;
}

function shapesText({ clusters }: Stated): string {
  return (clusters ?? []).map(String).sort().join(" ");
}

/** A right answer is its row's label, and no label is on more rows of the input than the commonest. */
function mostRight({ condition, baseK }: StatedSlice): number {
  const answers = condition.all.flatMap((test) =>
    "says" in test ? new Set(test.says.filter((said) => said !== "")).size : [],
  );
  return Math.min(Infinity, ...answers.map((different) => different * baseK));
}

/** Slices by one value each of one column, or by one answer each, have no row in common: where they do not fit the whole. */
function crowded(slices: readonly StatedSlice[], overall: Stated): number[] {
  const taken = new Map<string, { n: number; k: number }>();
  return slices.flatMap(({ id, condition, n, k }, at) => {
    // One that stands twice is a fault of its own.
    if (slices.findIndex((slice) => slice.id === id) < at) return [];
    const [test, ...others] = condition.all;
    const place = test && others.length === 0 ? placeOf(test) : null;
    if (place === null) return [];
    const before = taken.get(place) ?? { n: 0, k: 0 };
    const sum = { n: before.n + n, k: before.k + k };
    taken.set(place, sum);
    const fits = sum.n <= overall.n && sum.k <= overall.k && sum.n - sum.k <= overall.n - overall.k;
    return fits ? [] : [at];
  });
}

/** What a row has one value of; null for a test that two different ones of may hold for one row. */
function placeOf(test: ConditionTest): string | null {
  if ("says" in test) return test.says.length === 1 ? "answer" : null;
  // A flag is written as 1 as well, which "true" holds for.
  if (!("is" in test) || comparedValue(test.is) === "1") return null;
  return `${test.on} ${test.column.normalize("NFC")}`;
}
