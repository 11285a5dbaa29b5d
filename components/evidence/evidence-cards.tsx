import { GradeMark } from "@/components/catalogue/grade-mark";
import { EmptyState } from "@/components/ui/notice";
import type { EvaluationView } from "@/lib/evidence/evaluation-view";
import { EvidenceCard } from "./evidence-card";
import { SentenceText } from "./sentence";

/** This many stand open; the rest open on demand, because a listing may have many. */
const OPEN_CARDS = 2;

type Props = { evaluations: readonly EvaluationView[]; now: Date };

/** Who stands behind a listing's figures: one card for each signed evaluation, newest first. */
export function EvidenceCards({ evaluations, now }: Props) {
  if (evaluations.length === 0) {
    return (
      <EmptyState title="Nobody has signed a figure yet">
        What this listing says is stated, not shown: no signed record of a run stands behind it.
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-4">
      {evaluations.slice(0, OPEN_CARDS).map((evaluation) => (
        <EvidenceCard key={evaluation.id} evaluation={evaluation} now={now} />
      ))}
      {evaluations.slice(OPEN_CARDS).map((evaluation) => (
        <details key={evaluation.id} className="group rounded-lg border border-line bg-surface">
          <summary className="grid min-h-10 gap-1 px-5 py-3 group-open:hidden">
            <GradeMark grade={evaluation.grade} text={evaluation.gradeText} isStale={evaluation.isStale} />
            <SentenceText sentence={evaluation.headline} />
          </summary>
          <EvidenceCard evaluation={evaluation} now={now} isBare />
        </details>
      ))}
    </div>
  );
}
