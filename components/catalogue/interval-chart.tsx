import { formatInterval, formatShare, levelText, rowsText } from "@/lib/catalogue/cost-text";
import type { EnvelopeCell, VerdictName } from "@/lib/catalogue/standing";
import { IntervalTrack } from "./interval-track";
import { SliceName } from "./slice-name";

const tones = { filled: "works", fails: "breaks", not_enough_evidence: "unknown" } as const;

export const verdictTexts: Record<VerdictName, string> = {
  filled: "reached",
  fails: "missed",
  not_enough_evidence: "not enough evidence",
};

type Props = {
  cells: readonly EnvelopeCell[];
  overall: {
    n: number;
    k: number;
    clusters: number | null;
    value: number | null;
    lower: number;
    upper: number;
    baseRate: number | null;
    clustered: { n: number } | null;
  };
  level: number;
  /** Who stands behind all of it, when and on what. */
  origin: string;
  /** Where the same numbers are a file. */
  csvHref: string;
};

/** Every slice on one axis, the whole first; the same numbers as a table and as a file. */
export function IntervalChart({ cells, overall, level, origin, csvHref }: Props) {
  const drawn = cells.filter((slice) => slice.n > 0);
  return (
    <figure>
      <div
        aria-hidden="true"
        className="grid grid-cols-[minmax(0,11rem)_minmax(0,1fr)] items-center gap-x-4 sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)]"
      >
        <Line
          name="All rows"
          tone="unknown"
          level={level}
          lower={overall.lower}
          upper={overall.upper}
          value={overall.value ?? 0}
          baseRate={overall.baseRate ?? undefined}
        />
        {drawn.map((slice) => (
          <Line key={slice.slice} {...slice} tone={tones[slice.verdict]} level={level} />
        ))}
        <span />
        <span className="flex justify-between text-xs text-ink-3 tabular-nums">
          {[0, 25, 50, 75, 100].map((mark) => (
            <span key={mark}>{mark}</span>
          ))}
        </span>
      </div>
      <figcaption className="pt-3 text-sm text-ink-3">
        {origin}. Share of right answers in per cent with its 95 % interval, each slice by itself
        {overall.clustered ? " and by drawing whole clusters" : " (Wilson)"}. Dashed: the level of{" "}
        {levelText(level)}. Tick: the <a href="/glossary#base_rate">base rate</a>. Whether a slice counts as
        reached or missed is decided by an exact test{" "}
        <a href="/glossary#verdict">adjusted for every slice examined</a>.
      </figcaption>
      <details className="pt-2">
        <summary className="min-h-7 text-sm text-ink-2 underline decoration-line-strong underline-offset-3">
          The same as a table
        </summary>
        <SliceFigures cells={cells} overall={overall} />
      </details>
      <p className="pt-1 text-sm">
        <a href={csvHref} download>
          Download as CSV
        </a>
      </p>
    </figure>
  );
}

type LineProps = {
  name: string;
  value: number;
  lower: number;
  upper: number;
  level: number;
  baseRate?: number;
  tone: "works" | "breaks" | "unknown";
};

function Line({ name, ...track }: LineProps) {
  return (
    <>
      <span className="py-0.5 text-sm leading-snug text-ink-2">{name}</span>
      <IntervalTrack {...track} />
    </>
  );
}

function SliceFigures({ cells, overall }: Pick<Props, "cells" | "overall">) {
  const all = [
    {
      ...overall,
      slice: "",
      name: "All rows",
      sellerName: null,
      verdict: null,
      value: overall.value ?? 0,
      clusters: overall.clustered?.n ?? null,
    },
    ...cells,
  ];
  return (
    <div role="region" aria-label="Slices in numbers" tabIndex={0} className="overflow-x-auto pt-2">
      <table className="w-full min-w-140 text-sm tabular-nums">
        <thead className="border-b border-line-strong text-left text-xs text-ink-3">
          <tr>
            <th className="py-1.5 pr-4 font-medium">Slice</th>
            <th className="py-1.5 pr-4 text-right font-medium">Right</th>
            <th className="py-1.5 pr-4 text-right font-medium">95 % interval</th>
            <th className="py-1.5 pr-4 text-right font-medium">n</th>
            <th className="py-1.5 pr-4 text-right font-medium">Base rate</th>
            <th className="py-1.5 font-medium">Level</th>
          </tr>
        </thead>
        <tbody>
          {all.map((row) => (
            <tr key={row.slice} className="border-b border-line">
              <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                <SliceName {...row} />
              </th>
              <td className="py-1.5 pr-4 text-right">{row.n === 0 ? "none" : formatShare(row.value)}</td>
              <td className="py-1.5 pr-4 text-right whitespace-nowrap">
                {formatInterval(row.lower, row.upper)}
              </td>
              <td className="py-1.5 pr-4 text-right">{rowsText(row)}</td>
              <td className="py-1.5 pr-4 text-right">
                {row.baseRate === null ? "none" : formatShare(row.baseRate)}
              </td>
              <td className="py-1.5">{row.verdict === null ? "" : verdictTexts[row.verdict]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
