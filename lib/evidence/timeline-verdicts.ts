import { envelopeText } from "@/lib/catalogue/standing";
import type { TimelineEntry } from "@/lib/catalogue/timeline";
import { levelText } from "@/lib/catalogue/cost-text";
import type { EvaluationView } from "./evaluation-view";

type Judged = {
  id: string;
  summary: Pick<EvaluationView["summary"], "level" | "hasNiche"> & {
    slices: readonly Pick<EvaluationView["summary"]["slices"][number], "verdict">[];
  };
};

/**
 * A timeline with the verdict of each evaluation in it, at the level the evaluations are drawn at: an entry was written
 * for ever, and the level that a listing declares, or a reader asks for, changes.
 */
export function withVerdicts(
  entries: readonly TimelineEntry[],
  evaluations: readonly Judged[],
): TimelineEntry[] {
  const summaries = new Map(evaluations.map(({ id, summary }) => [id, summary]));
  return entries.map((entry) => {
    const summary = entry.kind === "evaluated" ? summaries.get(entry.subjectId ?? "") : undefined;
    if (!summary) return entry;
    const verdict = `${envelopeText(summary.slices)} at ${levelText(summary.level)}`;
    return { ...entry, text: `${entry.text}, ${verdict}`, isAdverse: !summary.hasNiche };
  });
}
