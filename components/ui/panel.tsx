import type { ReactNode } from "react";

type Props = { title?: ReactNode; id?: string; children: ReactNode; className?: string };

/** A bordered block; the title is its heading. */
export function Panel({ title, id, children, className = "" }: Props) {
  return (
    <section id={id} className={`rounded-lg border border-line bg-surface px-5 py-4.5 ${className}`}>
      {title && <h2 className="pb-2">{title}</h2>}
      {children}
    </section>
  );
}

/** Label and value in two columns. */
export function Facts({ rows }: { rows: readonly { label: ReactNode; value: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
      {rows.map((row, index) => (
        <div key={index} className="contents">
          <dt className="text-ink-3">{row.label}</dt>
          <dd className="text-right tabular-nums">{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
