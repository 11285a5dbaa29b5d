import type { ReactNode } from "react";
import { ButtonLink, type ButtonVariant } from "./button";

const tones = {
  neutral: "border-line bg-sunken text-ink-2",
  good: "border-transparent bg-verdigris-soft text-verdigris",
  warning: "border-transparent bg-ochre-soft text-ochre",
  bad: "border-transparent bg-red-soft text-red",
} as const;

export function Notice({ tone = "neutral", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return <div className={`rounded-md border px-4 py-3 ${tones[tone]}`}>{children}</div>;
}

type EmptyProps = {
  title: string;
  children?: ReactNode;
  /** Where to go instead. */
  action?: { href: string; text: string; variant?: ButtonVariant };
};

/** What stands where a list is empty: why, and what to do next. */
export function EmptyState({ title, children, action }: EmptyProps) {
  return (
    <div className="grid justify-items-start gap-3 rounded-lg border border-dashed border-line-strong px-6 py-10">
      <h2>{title}</h2>
      {children && <div className="max-w-[60ch] text-ink-2">{children}</div>}
      {action && (
        <ButtonLink href={action.href} variant={action.variant}>
          {action.text}
        </ButtonLink>
      )}
    </div>
  );
}
