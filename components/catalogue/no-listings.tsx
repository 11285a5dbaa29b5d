import { type BrowseQuery, browseHref, countFilters } from "@/lib/catalogue/browse-query";
import type { FacetName } from "@/lib/catalogue/browse-filter";
import type { Counted } from "@/lib/catalogue/facet-count";
import { EmptyState } from "@/components/ui/notice";

type Props = {
  query: BrowseQuery;
  without: Counted["without"];
  near: readonly { slug: string; title: string }[];
};

const words: Record<FacetName, string> = {
  task: "any task",
  domain: "any domain",
  language: "any language",
  part: "any part",
  right: "any rights",
  minEvidence: "any evidence",
  excludeLimitation: "all limits allowed",
  maxPriceMinor: "any price",
  maxCostPer1kCorrectMinor: "any cost per 1,000 correct",
};

const nothing: Partial<Record<FacetName, Partial<BrowseQuery>>> = {
  minEvidence: { minEvidence: null },
  maxPriceMinor: { maxPriceMinor: null },
  maxCostPer1kCorrectMinor: { maxCostPer1kCorrectMinor: null },
};

/** Nothing matches: which choice to give up, and what would then be found. */
export function NoListings({ query, without, near }: Props) {
  const ways = (Object.entries(without) as [FacetName, number][])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  if (query.q === "" && countFilters(query) === 0) return <EmptyMarket />;
  return (
    <EmptyState title="Nothing matches all of this" action={{ href: "/", text: "Start again" }}>
      {query.excludeLimitation.length > 0 && query.notStated === "hide" && (
        <p className="pb-2">
          No listing says that it looked for these limits and found none.{" "}
          <a href={browseHref(query, { notStated: "pass" })}>Let “not stated” pass</a>
        </p>
      )}
      {ways.length > 0 && (
        <ul className="grid gap-1">
          {ways.map(([facet, count]) => (
            <li key={facet} className="min-h-6">
              <a href={browseHref(query, nothing[facet] ?? { [facet]: [] })}>With {words[facet]}</a>: {count}{" "}
              {count === 1 ? "listing" : "listings"}
            </li>
          ))}
        </ul>
      )}
      {query.q !== "" && (
        <p className="pt-2">
          <a className="link inline-block min-h-6" href={browseHref(query, { q: "" })}>
            Search without the words
          </a>
          {near.length > 0 && ", or look at the closest titles:"}
        </p>
      )}
      <ul>
        {near.map(({ slug, title }) => (
          <li key={slug}>
            <a className="link inline-flex min-h-7 items-center" href={`/listings/${slug}`}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}

function EmptyMarket() {
  return (
    <EmptyState
      title="Nothing is for sale yet"
      action={{ href: "/sell", text: "Sell the first model", variant: "primary" }}
    >
      A model that lost the general race and still works somewhere can be listed here, with proof of where.
    </EmptyState>
  );
}
