import type { ReactNode } from "react";

export type CheckState = "verified" | "not_checked" | "warning" | "cannot_check" | "failed";

const marks: Record<CheckState, { mark: string; tone: string }> = {
  verified: { mark: "✓", tone: "text-verdigris" },
  not_checked: { mark: "–", tone: "text-ink-3" },
  warning: { mark: "!", tone: "text-ochre" },
  cannot_check: { mark: "!", tone: "text-ochre" },
  failed: { mark: "✕", tone: "text-red font-medium" },
};

/**
 * The outcome of one check: a mark for the eye and the same in words, since colour alone says nothing. The mark stands
 * at the left edge of the nearest positioned row, before its name.
 */
export function CheckRow({ state, children }: { state: CheckState; children: ReactNode }) {
  const { mark, tone } = marks[state];
  return (
    <p
      data-state={state}
      className={`max-w-[64ch] pl-6 sm:pl-0 ${state === "failed" ? "text-red" : "text-ink-2"}`}
    >
      <span aria-hidden="true" className={`absolute top-2.5 left-0 ${tone}`}>
        {mark}
      </span>
      {children}
    </p>
  );
}
