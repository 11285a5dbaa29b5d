import type { ReactNode } from "react";

const tones = {
  neutral: "border-line bg-sunken text-ink-2",
  good: "border-transparent bg-verdigris-soft text-verdigris",
  warning: "border-transparent bg-ochre-soft text-ochre",
  bad: "border-transparent bg-red-soft text-red",
} as const;

export function Notice({ tone = "neutral", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return <div className={`rounded-md border px-4 py-3 ${tones[tone]}`}>{children}</div>;
}

/** What stands where a list is empty: why, and what to do next. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid justify-items-start gap-3 rounded-lg border border-dashed border-line-strong px-6 py-10">
      <h2>{title}</h2>
      {children && <div className="max-w-[60ch] text-ink-2">{children}</div>}
      {action}
    </div>
  );
}
