import type { EvaluationSummary } from "./evaluation";

/**
 * "2,643 rows of SpamAssassin 2002: 78.8 % right (95 % interval 77.2–80.3)" for a timeline, which keeps it for ever:
 * nothing in it depends on a level.
 */
export function measuredText(dataSetName: string, { overall }: EvaluationSummary): string {
  const rows = `${overall.n.toLocaleString("en")} row${overall.n === 1 ? "" : "s"} of ${dataSetName}`;
  if (overall.value === null) return rows;
  const interval = `95 % interval ${percent(overall.lower)}–${percent(overall.upper)}`;
  return `${rows}: ${percent(overall.value)} % right (${interval})`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
