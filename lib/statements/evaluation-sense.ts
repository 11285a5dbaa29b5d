import { VERDICT_ALPHA, wilsonInterval } from "@/lib/measurement/statistics";
import { verdictsOf } from "@/lib/measurement/evaluation";
import { decimalText } from "./decimal-text";
import type { EvaluationPredicate } from "./kinds/evaluation";
import { isOfferedLevel } from "./kinds/field";
import type { SenseFault } from "./sense-fault";

type Proportion = EvaluationPredicate["overall"];

/**
 * The first of an evaluation's figures that does not follow from the others. From the counts, the level and the base
 * rates follow every share, interval, p-value (adjusted over all slices), verdict and result, and whether it shows a
 * niche; each is computed anew and compared digit for digit.
 */
export function evaluationFault(predicate: EvaluationPredicate): SenseFault | null {
  const { dataSet, method, overall, slices, evaluator } = predicate;
  if (!isOfferedLevel(method.level)) return "level_range";
  if (method.alpha !== decimalText(VERDICT_ALPHA)) return "method_differs";
  if (dataSet.n !== overall.n || overall.baseN !== overall.n || method.slicesExamined !== slices.length)
    return "total_differs";
  if (new Set(slices.map(({ id }) => id)).size !== slices.length) return "slice_repeated";
  const isFirstParty = evaluator.relation === "first_party";
  if (evaluator.relation !== undefined && isFirstParty !== (evaluator.role === "seller"))
    return "relation_differs";
  return (
    proportionFault(overall, overall.n) ??
    firstOf(slices, (slice) => proportionFault(slice, overall.n)) ??
    verdictFault(predicate) ??
    firstOf(predicate.results ?? [], (result) => resultFault(result, predicate))
  );
}

function proportionFault(said: Proportion, rows: number): SenseFault | null {
  const { n, k, value, lower, upper } = said;
  if (k > n || n > rows) return "count_exceeds";
  if (value !== (n === 0 ? null : decimalText(k / n))) return "share_differs";
  const interval = wilsonInterval(k, n);
  if (lower !== decimalText(interval.lower) || upper !== decimalText(interval.upper))
    return "interval_differs";
  return baseFault(said, rows);
}

/** A base rate is a count out of its rows, so that no others give it. */
function baseFault({ baseRate, baseN }: Proportion, rows: number): SenseFault | null {
  if (baseN > rows) return "count_exceeds";
  if (baseRate === null || baseN === 0) return baseRate === null && baseN === 0 ? null : "base_rate_differs";
  const most = Math.round(Number(baseRate) * baseN);
  const isCount = most >= 1 && most <= baseN && decimalText(most / baseN) === baseRate;
  return isCount ? null : "base_rate_differs";
}

function verdictFault({ slices, showsNiche, method }: EvaluationPredicate): SenseFault | null {
  const facts = slices.map(({ k, n, baseRate, baseN }) => ({
    k,
    n,
    baseRate: baseRate === null ? null : Math.round(Number(baseRate) * baseN) / baseN,
  }));
  const verdicts = verdictsOf(facts, Number(method.level));
  for (const [at, { pFilled, pFails, verdict }] of slices.entries()) {
    const own = verdicts[at];
    if (pFilled !== decimalText(own?.pFilled ?? 1) || pFails !== decimalText(own?.pFails ?? 1))
      return "p_value_differs";
    if (verdict !== own?.verdict) return "verdict_differs";
  }
  const hasNiche = verdicts.some(({ verdict, beatsBaseRate }) => verdict === "filled" && beatsBaseRate);
  return showsNiche === undefined || showsNiche === hasNiche ? null : "niche_differs";
}

type Result = NonNullable<EvaluationPredicate["results"]>[number];

/** A result is the overall figure in other words. */
function resultFault(result: Result, { dataSet, overall }: EvaluationPredicate): SenseFault | null {
  const { metric_config: metric, source_data: source, score_details: details } = result;
  const { confidence_interval: interval, num_samples: samples } = details.uncertainty;
  const isShare =
    metric.metric_name === "accuracy" &&
    !metric.lower_is_better &&
    metric.min_score === "0" &&
    metric.max_score === "1" &&
    interval.confidence_level === "0.95";
  const isOverall =
    samples === overall.n &&
    source.samples_number === overall.n &&
    source.dataset_name === dataSet.name &&
    details.score === overall.value &&
    interval.lower === overall.lower &&
    interval.upper === overall.upper;
  return isShare && isOverall ? null : "result_differs";
}

function firstOf<One>(all: readonly One[], faultOf: (one: One) => SenseFault | null): SenseFault | null {
  for (const one of all) {
    const fault = faultOf(one);
    if (fault !== null) return fault;
  }
  return null;
}
