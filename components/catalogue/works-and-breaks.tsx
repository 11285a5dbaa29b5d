import type { ReactNode } from "react";
import { countText, formatCount, formatInterval, formatShare, levelText } from "@/lib/catalogue/cost-text";
import type { EnvelopeCell } from "@/lib/catalogue/standing";
import { IntervalTrack } from "./interval-track";
import { SliceName } from "./slice-name";

/** The first slices of each column stand open; the rest open on demand. */
const OPEN_SLICES = 6;

type Props = {
  cells: readonly EnvelopeCell[];
  level: number;
  /** Who stands behind all of it, when and on what. */
  origin: string;
};

/** Where the level is shown to be reached and where it is shown to be missed, side by side and of the same size. */
export function WorksAndBreaks({ cells, level, origin }: Props) {
  const of = (verdict: EnvelopeCell["verdict"]) => cells.filter((slice) => slice.verdict === verdict);
  const works = of("filled");
  const breaks = of("fails").sort((a, b) => a.value - b.value);
  const unknown = of("not_enough_evidence");
  return (
    <div className="grid rounded-lg border border-line bg-surface md:grid-cols-2">
      <p className="border-b border-line px-5 py-2 text-xs text-ink-3 md:col-span-2">
        {origin}. Every figure: share right, 95 % interval of that slice by itself, rows, base rate. Where
        rows belong together their clusters are counted, and intervals are drawn over them.
      </p>
      <Column id="works" title="Works here" hint="right when it answers, with 95 % interval">
        {works.length === 0 && (
          <p className="pt-3 text-ink-2">No slice is shown to reach {levelText(level)}.</p>
        )}
        <Slices cells={works} level={level} tone="works" />
        {unknown.length > 0 && (
          <>
            <h3 className="mt-5 border-t border-line pt-4 text-sm text-ink-2">
              <a href="/glossary#not_enough_evidence">Not enough evidence</a>
            </h3>
            <Slices cells={unknown} level={level} tone="unknown" />
          </>
        )}
      </Column>
      <Column id="breaks" title="Breaks here" hint="the same measure, the same rows">
        {breaks.length === 0 && (
          <p className="pt-3 text-ink-2">
            No slice is shown to miss {levelText(level)}. That is not proof that there is none.
          </p>
        )}
        <Slices cells={breaks} level={level} tone="breaks" />
      </Column>
    </div>
  );
}

type ColumnProps = { id: string; title: string; hint: string; children: ReactNode };

function Column({ id, title, hint, children }: ColumnProps) {
  return (
    <section
      aria-labelledby={id}
      className="min-w-0 px-5 py-4.5 not-first:border-t not-first:border-line md:not-first:border-t-0 md:not-first:border-l"
    >
      <h2 id={id}>{title}</h2>
      <p className="text-xs text-ink-3">{hint}</p>
      {children}
    </section>
  );
}

type Tone = "works" | "breaks" | "unknown";

/** Figures of slices, each with its interval, rows and base rate. */
export function Slices({
  cells,
  level,
  tone,
}: {
  cells: readonly EnvelopeCell[];
  level: number;
  tone: Tone;
}) {
  const rest = cells.slice(OPEN_SLICES);
  const list = (some: readonly EnvelopeCell[]) => (
    <ul className="divide-y divide-line">
      {some.map((slice) => (
        <Slice key={slice.slice} slice={slice} level={level} tone={tone} />
      ))}
    </ul>
  );
  return (
    <>
      {list(cells.slice(0, OPEN_SLICES))}
      {rest.length > 0 && (
        <details className="border-t border-line pt-2">
          <summary className="min-h-6 text-sm text-ink-2">{rest.length} more</summary>
          {list(rest)}
        </details>
      )}
    </>
  );
}

function Slice({ slice, level, tone }: { slice: EnvelopeCell; level: number; tone: Tone }) {
  const { name, sellerName, n, clusters, value, lower, upper, neededN } = slice;
  const { baseRate, baseLabel, baseN } = slice;
  return (
    <li className="py-3">
      <p className="flex justify-between gap-3">
        <b className="min-w-0 font-medium [overflow-wrap:anywhere]">
          <SliceName name={name} sellerName={sellerName} />
        </b>
        <span className="whitespace-nowrap tabular-nums">{n === 0 ? "no rows" : formatShare(value)}</span>
      </p>
      {n > 0 && <IntervalTrack {...{ value, lower, upper, level, baseRate, tone }} />}
      <p className="flex flex-wrap justify-between gap-x-3 text-xs text-ink-3 tabular-nums">
        {n > 0 && (
          <span>
            {formatInterval(lower, upper)} · {countText(slice)}
          </span>
        )}
        <span title={baseLabel === null ? undefined : `${baseLabel}, of ${formatCount(baseN)} rows`}>
          base rate {formatShare(baseRate)}
        </span>
        {tone === "unknown" && <span className="w-full">{neededText(n, neededN, clusters !== null)}</span>}
      </p>
    </li>
  );
}

function neededText(n: number, neededN: number | null, isClustered: boolean): string {
  if (neededN === null) return "too close to the level to tell";
  const needed = `${formatCount(neededN)}${isClustered ? " clusters" : ""} would be needed`;
  return n === 0 ? needed : `about ${needed}`;
}
