/** What the rest of the log says about a statement. Adverse is never hidden, and neither is what came after it. */
export type Standing = {
  adverse: boolean;
  /** Where the statement stands that takes it back; null while it stands. */
  withdrawnHref: string | null;
  answerHrefs: readonly string[];
};

export function StandingMarks({ adverse, withdrawnHref, answerHrefs }: Standing) {
  if (!adverse && withdrawnHref === null && answerHrefs.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {adverse && <span className="rounded-sm bg-ochre-soft px-2 py-0.5 text-ochre">Adverse</span>}
      {withdrawnHref !== null && (
        <span className="rounded-sm border border-line-strong px-2 py-0.5 text-ink-2">
          Withdrawn: its signer <a href={withdrawnHref}>no longer stands by it</a>
        </span>
      )}
      {answerHrefs.map((href, at) => (
        <a key={href} href={href} className="link inline-flex min-h-6 items-center">
          The seller replied{at > 0 ? ` (${at + 1})` : ""}
        </a>
      ))}
    </p>
  );
}
