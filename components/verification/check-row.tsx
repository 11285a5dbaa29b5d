import type { ReactNode } from "react";
import type { Check, CheckState } from "@/lib/verification/check";

const marks: Record<CheckState, { mark: string; tone: string; word: string }> = {
  verified: { mark: "✓", tone: "text-verdigris", word: "verified here" },
  not_checked: { mark: "–", tone: "text-ink-3", word: "not checked" },
  cannot_check: { mark: "!", tone: "text-ochre", word: "cannot check" },
  failed: { mark: "✕", tone: "text-red", word: "FAILED" },
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
      <span aria-hidden="true" className={`absolute top-2.5 left-0 font-medium ${tone}`}>
        {mark}
      </span>
      {children}
    </p>
  );
}

/** A check in exactly one of four words, and what it rests on. Amber and grey never look green. */
export function CheckLine({ check, children }: { check: Check; children?: ReactNode }) {
  const { tone, word } = marks[check.state];
  return (
    <CheckRow state={check.state}>
      <b className={`font-medium ${tone}`}>{word}</b>
      {check.message && `: ${check.message}`}
      {children}
    </CheckRow>
  );
}

type FrameProps = {
  name: string;
  /** One below the other, in a column beside the page. */
  isNarrow?: boolean;
  children: ReactNode;
};

/** The frame of one row: its name, and the outcome beside it. */
export function CheckFrame({ name, isNarrow = false, children }: FrameProps) {
  return (
    <div
      role="group"
      aria-label={name}
      className={`relative grid gap-x-4 border-line py-2.5 not-last:border-b ${isNarrow ? "pl-6 [&>p]:pl-0" : "sm:grid-cols-[11rem_1fr]"}`}
    >
      <p className="pl-6">{name}</p>
      {children}
    </div>
  );
}

/** A row whose check is done. */
export function CheckedRow({ name, check }: { name: string; check: Check }) {
  return (
    <CheckFrame name={name}>
      <CheckLine check={check} />
    </CheckFrame>
  );
}
