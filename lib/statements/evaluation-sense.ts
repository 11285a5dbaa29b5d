import { contradictionsOf } from "./evaluation-recount";
import type { EvaluationPredicate } from "./kinds/evaluation";
import { isOfferedLevel } from "./kinds/field";
import type { SenseFault } from "./sense-fault";

/** What it means that a field does not follow from the others, by the last part of its name. */
const faults: Record<string, SenseFault> = {
  alpha: "method_differs",
  baseK: "base_rate_differs",
  baseN: "base_rate_differs",
  baseRate: "base_rate_differs",
  clusters: "clusters_differ",
  flips: "count_exceeds",
  grade: "grade_differs",
  id: "condition_differs",
  interval: "interval_differs",
  k: "count_exceeds",
  level: "level_range",
  lower: "interval_differs",
  n: "count_exceeds",
  name: "condition_differs",
  neededRows: "needed_rows_differ",
  pBeatsBase: "p_value_differs",
  pFails: "p_value_differs",
  pFilled: "p_value_differs",
  run: "count_exceeds",
  showsNiche: "niche_differs",
  slices: "slice_repeated",
  slicesExamined: "total_differs",
  upper: "interval_differs",
  value: "share_differs",
  verdict: "verdict_differs",
};

/** The first of an evaluation's figures that does not follow from the others; null where everything holds together. */
export function evaluationFault(predicate: EvaluationPredicate): SenseFault | null {
  const { method, evaluator, results } = predicate;
  if (!isOfferedLevel(method.level)) return "level_range";
  if ((evaluator.relation === "first_party") !== (evaluator.role === "seller")) return "relation_differs";
  const [field] = contradictionsOf(predicate);
  if (field === "dataSet.n") return "total_differs";
  if (field !== undefined) return faults[field.split(".").at(-1) ?? ""] ?? "total_differs";
  return results.every((result) => isOverall(result, predicate)) ? null : "result_differs";
}

type Result = EvaluationPredicate["results"][number];

/** A result is the overall figure in other words. */
function isOverall(result: Result, { dataSet, overall }: EvaluationPredicate): boolean {
  const { metric_config: metric, source_data: source, score_details: details } = result;
  const { confidence_interval: interval, num_samples: samples } = details.uncertainty;
  return (
    metric.metric_name === "accuracy" &&
    !metric.lower_is_better &&
    metric.min_score === "0" &&
    metric.max_score === "1" &&
    samples === overall.n &&
    source.samples_number === overall.n &&
    source.dataset_name === dataSet.name &&
    details.score === overall.value &&
    interval.lower === overall.lower &&
    interval.upper === overall.upper &&
    interval.confidence_level === "0.95" &&
    interval.method === overall.interval
  );
}
