import {
  CLUSTER_DRAWS,
  type ClusterShape,
  type Clustered,
  clusteredBy,
  clusteredInterval,
} from "@/lib/measurement/clustered";
import { conditionId, conditionWords, inputTests, outputTests } from "@/lib/measurement/condition";
import { judgeSlices } from "@/lib/measurement/evaluation";
import { VERDICT_ALPHA } from "@/lib/measurement/statistics";
import { proportion } from "@/lib/measurement/tally";
import { decimalText } from "./decimal-text";
import { gradeOfRun } from "./evaluation-grade";
import type { EvaluationPredicate } from "./kinds/evaluation";
import { overlapsOf } from "./slices-together";

type Stated = EvaluationPredicate["overall"];
type StatedSlice = EvaluationPredicate["slices"][number];

/** Another machine's logarithms may turn the last of six digits where a figure lies as near as this to the next. */
const TOLERANCE = 1e-9;

/**
 * What in an evaluation does not follow from its own counts: names of fields, such as `slices.2.pFilled`; empty where
 * everything holds together. Shares, intervals, p-values, verdicts, rows needed, base rates and names are worked out
 * anew from n, k, the clusters' shapes, the conditions, the level and the digest of the rows, which seeds the draws.
 */
export function contradictionsOf(predicate: EvaluationPredicate): string[] {
  const { overall, slices, method, dataSet, clusters, showsNiche, grade, evaluator, binding, about } =
    predicate;
  const level = Number(method.level);
  if (!(level > 0 && level < 1)) return ["method.level"];
  const counts = [
    ...countsOf(overall).map((field) => `overall.${field}`),
    ...slices.flatMap((slice, at) => [
      ...countsOf(slice).map((field) => `slices.${at}.${field}`),
      ...namesOf(slice, overall).map((field) => `slices.${at}.${field}`),
    ]),
    ...overlapsOf(predicate),
  ];
  // Nothing follows from counts that cannot be.
  if (counts.length > 0) return counts;
  const seed = dataSet.rows.sha256;
  const facts = slices.map((slice) => ({
    n: slice.n,
    k: slice.k,
    clustered: slice.clusters && clusteredBy(slice.clusters, seed),
    baseRate: slice.baseN === 0 ? null : slice.baseK / slice.baseN,
  }));
  const judged = judgeSlices(facts, level);
  const holds: [string, boolean][] = [
    ["grade", grade === gradeOfRun({ ...evaluator, binding, about })],
    ["binding", binding.kind !== "reran_here" || binding.rows === overall.n],
    [
      "about",
      binding.kind === "answers_only" || about === (binding.kind === "asked_here" ? "endpoint" : "files"),
    ],
    ["run", !predicate.run || predicate.run.notRun <= overall.n - overall.k],
    ["run", !predicate.run || binding.kind === "ran_here"],
    [
      "flips",
      binding.kind !== "reran_here" || binding.flips * 1000 <= binding.flipsPerThousand * binding.rows,
    ],
    ["method.alpha", Number(method.alpha) === VERDICT_ALPHA],
    ["method.slicesExamined", method.slicesExamined === slices.length],
    ["dataSet.n", dataSet.n === overall.n],
    ["overall.baseN", overall.baseN === overall.n],
    ["slices", new Set(slices.map(({ id }) => id)).size === slices.length],
    ["clusters", areClusters(clusters, overall)],
    [
      "showsNiche",
      showsNiche === judged.some(({ verdict, beatsBaseRate }) => verdict === "filled" && beatsBaseRate),
    ],
    ...figuresOf(overall, overall.clusters && clusteredBy(overall.clusters, seed), seed).map(
      ([field, held]): [string, boolean] => [`overall.${field}`, held],
    ),
    ...slices.flatMap((slice, at) => {
      const again = judged[at];
      const verdicts: [string, boolean][] = again
        ? [
            ["verdict", slice.verdict === again.verdict],
            ["pFilled", isNear(slice.pFilled, again.pFilled)],
            ["pFails", isNear(slice.pFails, again.pFails)],
            ["pBeatsBase", isNear(slice.pBeatsBase, again.pBeatsBase)],
            ["neededRows", slice.neededRows === again.neededN],
          ]
        : [];
      return [...figuresOf(slice, facts[at]?.clustered ?? null, seed), ...verdicts].map(
        ([field, held]): [string, boolean] => [`slices.${at}.${field}`, held],
      );
    }),
  ];
  return holds.filter(([, held]) => !held).map(([field]) => field);
}

/** Counts that cannot be, whatever the rows. */
function countsOf({ n, k, baseK, baseN, clusters }: Stated): string[] {
  const rows = clusters?.reduce((sum, [of, , count]) => sum + of * count, 0);
  const right = clusters?.reduce((sum, [, correct, count]) => sum + correct * count, 0);
  const isShape = ([of, correct, count]: ClusterShape) => of > 0 && correct <= of && count > 0;
  const holds: [string, boolean][] = [
    ["k", k <= n],
    ["baseK", baseK <= baseN && (baseK > 0 || baseN === 0)],
    // Rows that meet the whole condition meet its part on the input.
    ["baseN", baseN >= n],
    [
      "clusters",
      clusters === null ||
        (rows === n && right === k && clusters.every(isShape) && clusters.some(([of]) => of > 1)),
    ],
  ];
  return holds.filter(([, held]) => !held).map(([field]) => field);
}

function namesOf(slice: StatedSlice, overall: Stated): string[] {
  const { id, name, condition, n, k, baseN, baseK } = slice;
  const isOnInputAlone = outputTests(condition).length === 0;
  const isOnOutputAlone = inputTests(condition).length === 0;
  const holds: [string, boolean][] = [
    ["id", id === conditionId(condition)],
    ["name", name === conditionWords(condition)],
    ["n", n <= overall.n && k <= overall.k && n - k <= overall.n - overall.k],
    ["baseN", baseN <= overall.n && (!isOnInputAlone || baseN === n)],
    ["baseK", !isOnOutputAlone || (baseN === overall.baseN && baseK === overall.baseK)],
  ];
  return holds.filter(([, held]) => !held).map(([field]) => field);
}

function figuresOf(stated: Stated, clustered: Clustered | null, seed: string): [string, boolean][] {
  const { n, k, baseK, baseN } = stated;
  const { value, lower, upper, interval } = {
    ...proportion(k, n),
    interval: "wilson_95",
    ...(clustered && intervalOf(clusteredInterval(clustered, seed))),
  };
  return [
    ["value", isNear(stated.value, value)],
    ["lower", isNear(stated.lower, lower)],
    ["upper", isNear(stated.upper, upper)],
    ["interval", stated.interval === interval],
    ["baseRate", isNear(stated.baseRate, baseN === 0 ? null : baseK / baseN)],
  ];
}

function intervalOf({ lower, upper, intervalMethod }: ReturnType<typeof clusteredInterval>) {
  return { lower, upper, interval: intervalMethod };
}

/** As many clusters as the shapes come to; rows of which none shares a cluster are as many as there are. */
function areClusters(clusters: EvaluationPredicate["clusters"], overall: Stated): boolean {
  if (clusters === null) return overall.clusters === null;
  const counted = overall.clusters?.reduce((sum, [, , count]) => sum + count, 0) ?? overall.n;
  return clusters.n === counted && clusters.draws === CLUSTER_DRAWS;
}

function isNear(stated: string | null, value: number | null): boolean {
  if (stated === null || value === null) return stated === value;
  return [-TOLERANCE, 0, TOLERANCE].some((by) => decimalText(Math.max(0, value + by)) === stated);
}
