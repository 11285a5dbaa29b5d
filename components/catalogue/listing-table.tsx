import { formatCount, levelText } from "@/lib/catalogue/cost-text";
import { type LimitationType, limitationTypes, worstLimit } from "@/lib/catalogue/limitation";
import { domains, isDomain, isTask, languageName, tasks } from "@/lib/catalogue/niche";
import { type PartName, partLabels, type PricingName, termText } from "@/lib/catalogue/part";
import type { ListingRow } from "@/lib/catalogue/queries/listing-rows";
import { isStale } from "@/lib/catalogue/standing";
import { formatMoney, money } from "@/lib/shared/money";
import { Moment } from "@/components/ui/moment";
import { CostText } from "./cost-text";
import { EnvelopeStrip } from "./envelope-strip";
import { GradeMark } from "./grade-mark";
import { LimitationChip } from "./limitation-chip";

type Props = {
  rows: readonly ListingRow[];
  now: Date;
  /** Limitations the reader excluded: a row that does not state one of them says so. */
  excluded?: readonly LimitationType[];
  /** Whether rows can be picked for a comparison; they then stand inside a form. */
  canCompare?: boolean;
};

const cell = "block py-1 wide:table-cell wide:border-b wide:border-line wide:py-4 wide:pr-3.5 wide:align-top";

/** Listings as rows of aligned numbers; on a narrow screen each row is a compact block. */
export function ListingTable({ rows, now, excluded = [], canCompare }: Props) {
  return (
    <table className="block w-full border-collapse wide:table wide:table-fixed" role="table">
      <thead className="sr-only wide:not-sr-only wide:table-header-group" role="rowgroup">
        <tr role="row" className="text-left text-xs text-ink-3">
          <Head>Model and job</Head>
          <Head width="w-56">Works in</Head>
          <Head width="w-46">Stands behind it</Head>
          <Head width="w-31" isNumber>
            Per 1,000 correct
          </Head>
          <Head width="w-25" isNumber>
            Licence
          </Head>
          <Head width="w-44">Breaks on</Head>
          {canCompare && (
            <Head width="w-9" isHidden>
              Compare
            </Head>
          )}
        </tr>
      </thead>
      <tbody className="block wide:table-row-group" role="rowgroup">
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} excluded={excluded} canCompare={canCompare} />
        ))}
      </tbody>
    </table>
  );
}

type HeadProps = { children: string; width?: string; isNumber?: boolean; isHidden?: boolean };

function Head({ children, width = "", isNumber, isHidden }: HeadProps) {
  return (
    <th
      scope="col"
      role="columnheader"
      className={`border-b border-line-strong py-2 pr-3.5 font-medium whitespace-nowrap ${width} ${isNumber ? "text-right" : ""}`}
    >
      {isHidden ? <span className="sr-only">{children}</span> : children}
    </th>
  );
}

function Row({
  row,
  now,
  excluded,
  canCompare,
}: Required<Pick<Props, "now" | "excluded">> & { row: ListingRow; canCompare?: boolean }) {
  return (
    <tr
      role="row"
      className="relative block border-b border-line py-4 md:grid md:grid-cols-3 md:gap-x-6 wide:table-row wide:border-0 wide:py-0"
    >
      <td role="cell" className={`${cell} pr-9`}>
        <a
          href={`/listings/${row.slug}`}
          className="block min-h-6 text-lg leading-snug font-semibold tracking-tight no-underline hover:underline wide:text-base"
        >
          {row.title}
        </a>
        <span className="block text-sm text-ink-3">{nicheText(row)}</span>
      </td>
      <td role="cell" className={cell}>
        {row.envelope.length > 0 && <EnvelopeStrip cells={row.envelope} />}
        <span className="block max-w-[40ch] pt-0.5 text-sm text-ink-3">{worksText(row)}</span>
      </td>
      <td role="cell" className={cell}>
        <GradeMark grade={row.evidenceGrade} isBrief />
        <span className="text-sm text-ink-3 max-md:ml-2.5 max-md:inline-block md:block">
          {row.evidenceAt ? (
            <>
              n = {formatCount(row.evaluatedRows)} · <Moment at={row.evidenceAt} now={now} />
              {isStale(row.evidenceAt, now) && <span className="text-ochre"> · stale</span>}
            </>
          ) : (
            "no run yet"
          )}
        </span>
      </td>
      <CostCell row={row} />
      <PriceCell row={row} />
      <td role="cell" className={cell}>
        <LimitsCell row={row} excluded={excluded} />
      </td>
      {canCompare && (
        <td
          role="cell"
          className="absolute top-4 right-0 wide:static wide:table-cell wide:border-b wide:border-line wide:py-3.5 wide:align-top"
        >
          <label className="grid size-8 place-items-center" title="Pick for comparison">
            <span className="sr-only">Compare {row.title}</span>
            <input type="checkbox" name="c" value={row.slug} />
          </label>
        </td>
      )}
    </tr>
  );
}

function CostCell({ row: { cost, currency } }: { row: ListingRow }) {
  return (
    <td role="cell" className={`${cell} tabular-nums wide:text-right`}>
      <span className="mr-2 text-sm text-ink-3 md:block wide:hidden">Per 1,000 correct</span>
      <CostText cost={cost} currency={currency} isColumn />
    </td>
  );
}

function PriceCell({ row: { leading, currency } }: { row: ListingRow }) {
  return (
    <td role="cell" className={`${cell} tabular-nums wide:text-right`}>
      <span className="mr-2 text-sm text-ink-3 md:block wide:hidden">Licence</span>
      {leading ? (
        <>
          <span className="font-medium">{priceText(leading, currency)}</span>
          <span className="ml-2 text-sm text-ink-3 wide:ml-0 wide:block">{leadingText(leading)}</span>
        </>
      ) : (
        <span className="text-sm text-ink-3">not offered</span>
      )}
    </td>
  );
}

function LimitsCell({ row, excluded }: { row: ListingRow; excluded: readonly LimitationType[] }) {
  const worst = worstLimit(row.limitations);
  const more = row.limitations.length - 1;
  const stated = new Set<string>([...row.limitations.map((limit) => limit.type), ...row.absentLimitations]);
  const silent = excluded.filter((type) => !stated.has(type));
  return (
    <>
      <span className="hidden text-sm text-ink-3 md:block wide:hidden">Breaks on</span>
      {worst ? (
        <LimitationChip type={worst.type} text={worst.text} />
      ) : (
        <span className="text-sm text-ink-3">No limits stated</span>
      )}
      {more > 0 && (
        <span className="ml-2 inline-block text-sm whitespace-nowrap text-ink-3 md:ml-0 md:block">
          + {more} more {more === 1 ? "limit" : "limits"}
        </span>
      )}
      {silent.map((type) => (
        <span key={type} className="block text-sm text-ochre">
          {limitationTypes[type].label}: not stated
        </span>
      ))}
    </>
  );
}

/** "Text classification · E-mail · English" */
export function nicheText({
  task,
  domain,
  languages,
}: Pick<ListingRow, "task" | "domain" | "languages">): string {
  if (!task || !domain) return "No niche: parts for sale";
  const names = languages.filter((tag) => tag !== "zxx").map(languageName);
  const shown = names.length > 3 ? [`${names.length} languages`] : names;
  return [isTask(task) ? tasks[task] : task, isDomain(domain) ? domains[domain] : domain, ...shown].join(
    "\u00a0· ",
  );
}

/** The filled slices by name, and the level they are filled at. */
function worksText({ envelope, judgedLevel }: ListingRow): string {
  if (envelope.length === 0) return "not evaluated yet";
  const filled = envelope.filter((slice) => slice.verdict === "filled").map((slice) => `“${slice.name}”`);
  const level =
    judgedLevel === null ? "" : `\u00a0· at\u00a0${levelText(judgedLevel).replace(" ", "\u00a0")}`;
  if (filled.length === 0) return `no slice is shown to work${level}`;
  const shown = filled.slice(0, 2).join(", ").length <= 44 ? filled.slice(0, 2) : filled.slice(0, 1);
  const rest = filled.length > shown.length ? ` +\u00a0${filled.length - shown.length}\u00a0more` : "";
  return `${shown.join(", ")}${rest}${level}`;
}

export function priceText(part: { pricing: PricingName; priceMinor: bigint }, currency: string): string {
  return part.pricing === "free" ? "Free" : formatMoney(money(part.priceMinor, currency));
}

function leadingText(part: { part: PartName; pricing: PricingName; termMonths: number | null }): string {
  if (part.pricing === "per_1000_calls") return "per 1,000 calls";
  const term = termText(part.termMonths);
  return part.part === "weights" ? term : `${partLabels[part.part].toLowerCase()}, ${term}`;
}
