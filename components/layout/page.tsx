import type { ReactNode } from "react";

const widths = { narrow: "max-w-xl", medium: "max-w-4xl", wide: "max-w-7xl", full: "max-w-360" } as const;

type Props = {
  width?: keyof typeof widths;
  /** A short line above the title: where one is. */
  eyebrow?: ReactNode;
  title?: ReactNode;
  lead?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
};

/** The frame of every page: one main, one h1, even margins. */
export function Page({ width = "wide", eyebrow, title, lead, actions, children }: Props) {
  return (
    <main className={`mx-auto w-full px-4 py-7 sm:px-8 ${widths[width]}`}>
      {title && (
        <div className="flex flex-wrap items-start gap-x-8 gap-y-4 pb-7">
          <div className="min-w-0 flex-1 basis-72">
            {eyebrow && (
              <p className="pb-0.5 text-sm text-ink-2 [&_a]:inline-block [&_a]:min-h-6">{eyebrow}</p>
            )}
            <h1>{title}</h1>
            {lead && <div className="max-w-[66ch] pt-2 text-pretty text-ink-2">{lead}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-3">{actions}</div>}
        </div>
      )}
      {children}
    </main>
  );
}
