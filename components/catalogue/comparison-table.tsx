import type { ComparisonLine } from "@/lib/catalogue/comparison";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import { EnvelopeStrip } from "./envelope-strip";

type Props = {
  listings: readonly Pick<ListingView, "slug" | "title" | "envelope">[];
  lines: readonly ComparisonLine[];
  /** The address without one of the listings. */
  hrefWithout: (slug: string) => string;
};

/** Listings side by side under a head that stays in view; lines that differ are marked. */
export function ComparisonTable({ listings, lines, hrefWithout }: Props) {
  return (
    <div
      role="region"
      aria-label="Comparison"
      tabIndex={0}
      className="max-h-[85dvh] overflow-auto rounded-lg border border-line bg-surface"
    >
      <table className="w-full border-separate border-spacing-0 text-sm lg:table-fixed">
        <caption className="sr-only">Listings compared line by line</caption>
        <thead>
          <tr>
            <td className="sticky top-0 left-0 z-2 min-w-24 border-b border-line-strong bg-surface p-3 lg:w-44" />
            {listings.map((listing) => (
              <th
                key={listing.slug}
                scope="col"
                className="sticky top-0 z-1 min-w-44 sm:min-w-37 border-b border-l border-line-strong border-l-line bg-surface p-3 text-left align-top font-medium"
              >
                <a href={`/listings/${listing.slug}`} className="link block min-h-6">
                  {listing.title}
                </a>
                <span className="block py-1.5">
                  <EnvelopeStrip cells={listing.envelope} />
                </span>
                <a
                  href={hrefWithout(listing.slug)}
                  className="link inline-block min-h-6 text-xs font-normal text-ink-3"
                >
                  Remove<span className="sr-only"> {listing.title}</span>
                </a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <Line
              key={`${line.group}:${line.label}`}
              line={line}
              startsGroup={lines[index - 1]?.group !== line.group}
              isAlone={listings.length === 1}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type LineProps = { line: ComparisonLine; startsGroup: boolean; isAlone: boolean };

function Line({ line, startsGroup, isAlone }: LineProps) {
  return (
    <tr className={line.differs || isAlone ? "" : "text-ink-3"}>
      <th
        scope="row"
        className="sticky left-0 max-w-32 border-b border-line bg-surface p-3 text-left align-top font-normal sm:max-w-none"
      >
        {startsGroup && <span className="block text-xs text-ink-3">{line.group}</span>}
        {line.label}
        {line.differs && (
          <span className="block text-xs text-ochre" title="The listings differ here">
            differs
          </span>
        )}
      </th>
      {line.values.map((value, index) => (
        <td
          key={index}
          className="border-b border-l border-line p-3 align-top tabular-nums [overflow-wrap:anywhere]"
        >
          {value.split("\n").map((text) => (
            <span key={text} className="block not-first:pt-1.5">
              {unbroken(text)}
            </span>
          ))}
        </td>
      ))}
    </tr>
  );
}

/** Keeps "97.3 %", "95.7 – 98.4" and "n = 602" each on one line. */
function unbroken(text: string): string {
  return text.replace(/ ([%–=]) ?/g, (part) => part.replaceAll(" ", "\u00a0").replace("–", "–\u2060"));
}
