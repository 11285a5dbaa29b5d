import { TextLink } from "@/components/ui/text-link";
import { formatCount, formatShare, levelText } from "@/lib/catalogue/cost-text";
import type { EnvelopeCell } from "@/lib/catalogue/standing";
import { EnvelopeStrip } from "./envelope-strip";

type Props = {
  cells: readonly EnvelopeCell[];
  level: number;
  /** The level the seller declares, when the strip is drawn at another one. */
  declaredLevel: number | null;
  isOwnLevel: boolean;
  /** Share of all rows in the union of the filled slices. */
  covered: number | null;
  /** All rows of the run. */
  rows: number;
  slug: string;
  /** The reader's other parameters. */
  kept: readonly (readonly [name: string, value: string])[];
};

const offeredLevels = [0.8, 0.9, 0.95, 0.99] as const;

/** The strip in full size, what it says in words, and the reader's own level. */
export function EnvelopeLine({ cells, level, declaredLevel, isOwnLevel, covered, ...props }: Props) {
  const { rows, slug, kept } = props;
  const count = (verdict: EnvelopeCell["verdict"]) =>
    cells.filter((slice) => slice.verdict === verdict).length;
  const percent = levelText(level);
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-3 border-t border-line py-4.5">
      <EnvelopeStrip cells={cells} isLarge />
      <div className="text-sm text-ink-2">
        <p>
          <b className="font-semibold text-ink">{headText(count("filled"), cells.length)}</b> at{" "}
          {isOwnLevel
            ? `your level of ${percent}`
            : declaredLevel === null
              ? `${percent}, the level it was examined at`
              : `the ${percent} the seller declares`}
          {covered !== null && covered > 0
            ? ` · covers ${formatShare(covered)} of ${formatCount(rows)} rows`
            : ` · ${formatCount(rows)} rows`}
        </p>
        <p>{shortfallText(count("fails"), count("not_enough_evidence"))}</p>
        <details className="pt-1" open={isOwnLevel}>
          <summary className="min-h-6 underline decoration-line-strong underline-offset-3">
            Use my own level
          </summary>
          <form action={`/listings/${slug}`} className="flex flex-wrap items-center gap-2 pt-1.5">
            {kept.map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            {offeredLevels.map((offered) => (
              <button
                key={offered}
                name="level"
                value={offered.toFixed(2)}
                aria-pressed={isOwnLevel && offered === level}
                className="min-h-7 rounded-full border border-edge bg-surface px-3 aria-pressed:border-verdigris aria-pressed:bg-verdigris-soft aria-pressed:text-verdigris"
              >
                {Math.round(offered * 100)} %
              </button>
            ))}
            {isOwnLevel && (
              <TextLink href={addressOf(slug, kept)}>
                {declaredLevel === null
                  ? "Back to the level it was examined at"
                  : `Back to the declared ${levelText(declaredLevel)}`}
              </TextLink>
            )}
          </form>
        </details>
      </div>
    </div>
  );
}

function addressOf(slug: string, kept: Props["kept"]): string {
  const search = new URLSearchParams(kept.map(([name, value]) => [name, value])).toString();
  return `/listings/${slug}${search && `?${search}`}`;
}

function headText(filled: number, total: number): string {
  const slices = total === 1 ? "slice" : "slices";
  return filled === 0
    ? `Shown to work in none of ${total} ${slices}`
    : `Works in ${filled} of ${total} ${slices}`;
}

function shortfallText(fails: number, unknown: number): string {
  const parts = [
    fails > 0 ? `${fails} ${fails === 1 ? "falls" : "fall"} short` : "",
    unknown > 0 ? `${unknown} ${unknown === 1 ? "has" : "have"} too few rows to tell` : "",
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(", ")}.` : "None is shown to fall short.";
}
