import { type BrowseQuery, browseHref } from "@/lib/catalogue/browse-query";
import { chosenFilters } from "@/lib/catalogue/filter-label";

type Props = { query: BrowseQuery; total: number; currency: string };

/** What is chosen, each with a way to take it back, and how many listings match. */
export function AppliedFilters({ query, total, currency }: Props) {
  const chosen = chosenFilters(query, currency);
  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      {query.q !== "" && <Chip href={browseHref(query, { q: "" })} label={`“${query.q}”`} />}
      {chosen.map((one) => (
        <Chip key={`${one.facet}:${one.value}`} href={browseHref(query, one.without)} label={one.label} />
      ))}
      <p role="status" className="not-first:pl-1 text-sm text-ink-2 tabular-nums">
        {total.toLocaleString("en")} {total === 1 ? "listing" : "listings"}
      </p>
      {chosen.length > 1 && (
        <a className="link inline-flex min-h-7 items-center text-sm text-ink-2" href="/">
          Clear all
        </a>
      )}
    </div>
  );
}

function Chip({ href, label }: { href: string; label: string }) {
  return (
    <a
      href={href}
      className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-2xl border border-line-strong bg-surface px-3 py-0.5 text-sm no-underline hover:border-ink-2"
    >
      <span className="sr-only">Remove </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
      <span aria-hidden="true">✕</span>
    </a>
  );
}
