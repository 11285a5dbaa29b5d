import type { ReactNode } from "react";

export type CheckState = "verified" | "not_checked" | "warning" | "cannot_check" | "failed";

const marks: Record<CheckState, { mark: string; tone: string }> = {
  verified: { mark: "✓", tone: "text-verdigris" },
  not_checked: { mark: "–", tone: "text-ink-3" },
  warning: { mark: "!", tone: "text-ochre" },
  cannot_check: { mark: "!", tone: "text-ochre" },
  failed: { mark: "✕", tone: "text-red font-medium" },
};

/** The outcome of one check: a mark for the eye and the same in words, since colour alone says nothing. */
export function CheckRow({ state, children }: { state: CheckState; children: ReactNode }) {
  const { mark, tone } = marks[state];
  return (
    <p data-state={state} className={`relative max-w-[64ch] pl-6 text-ink-2 ${state === "failed" ? "text-red" : ""}`}>
      <span aria-hidden="true" className={`absolute left-0 ${tone}`}>
        {mark}
      </span>
      {children}
    </p>
  );
}
