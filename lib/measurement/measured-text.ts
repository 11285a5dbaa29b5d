import { envelopeText } from "@/lib/catalogue/standing";
import type { EvaluationSummary } from "./evaluation";

/** "2,643 rows of SpamAssassin 2002: 78.8 % right (95 % interval 77.2–80.3), works in 1 of 6 slices" for a timeline. */
export function measuredText(dataSetName: string, { overall, slices }: EvaluationSummary): string {
  const rows = `${overall.n.toLocaleString("en")} row${overall.n === 1 ? "" : "s"} of ${dataSetName}`;
  if (overall.value === null) return rows;
  const interval = `95 % interval ${percent(overall.lower)}–${percent(overall.upper)}`;
  return `${rows}: ${percent(overall.value)} % right (${interval}), ${envelopeText(slices)}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
