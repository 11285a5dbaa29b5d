import type { ReactNode } from "react";

type Props = { id: string; title: string; lead?: ReactNode; isOptional?: boolean; children: ReactNode };

/** One step of the drafted path: a heading, a sentence, its fields. */
export function DraftSection({ id, title, lead, isOptional, children }: Props) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-6 gap-4 border-t border-line py-7"
    >
      <div>
        <h2 id={`${id}-title`}>
          {title}
          {isOptional && <span className="text-base font-normal text-ink-3"> (optional)</span>}
        </h2>
        {lead && <div className="max-w-[66ch] pt-1 text-sm text-ink-2">{lead}</div>}
      </div>
      {children}
    </section>
  );
}
