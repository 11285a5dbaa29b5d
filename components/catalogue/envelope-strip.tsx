import { type EnvelopeCell, envelopeText } from "@/lib/catalogue/standing";

type Props = { cells: readonly Pick<EnvelopeCell, "slice" | "verdict">[]; isLarge?: boolean };

/** One cell for each slice a model was evaluated on; the same in words for those who do not see it. */
export function EnvelopeStrip({ cells, isLarge }: Props) {
  return (
    <span
      role="img"
      aria-label={`Operating envelope: ${envelopeText(cells)}`}
      title={envelopeText(cells)}
      className={`inline-flex flex-wrap gap-[3px] align-middle ${isLarge ? "strip-large" : ""}`}
    >
      {cells.map((cell) => (
        <i key={cell.slice} className="strip-cell" data-verdict={cell.verdict} />
      ))}
    </span>
  );
}
