import {
  type EvidenceGradeName,
  evidenceGrades,
  gradeBriefLabels,
  gradeLabels,
} from "@/lib/catalogue/standing";

type Props = {
  grade: EvidenceGradeName;
  /** Words that say more than the grade's own. */
  text?: string;
  isStale?: boolean;
  isBrief?: boolean;
};

/** Who stands behind a figure: up to five bars and the words. */
export function GradeMark({ grade, text, isStale, isBrief }: Props) {
  const bars = evidenceGrades.indexOf(grade) + 1;
  return (
    <span className="inline-flex items-center gap-2 text-sm text-ink-2">
      <span aria-hidden="true" className="inline-flex gap-0.5">
        {evidenceGrades.map((name, index) => (
          <i
            key={name}
            className={`block h-[11px] w-[5px] rounded-[1px] ${index < bars ? "bg-verdigris-fill" : "bg-line-strong"}`}
          />
        ))}
      </span>
      {text ?? (isBrief ? gradeBriefLabels[grade] : gradeLabels[grade])}
      {isStale && <span className="text-ochre">stale</span>}
    </span>
  );
}
