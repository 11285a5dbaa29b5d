import type { Metadata } from "next";
import { AppliedFilters } from "@/components/catalogue/applied-filters";
import { BrowseFilters } from "@/components/catalogue/browse-filters";
import { InstantForm } from "@/components/catalogue/instant-form";
import { ListingTable } from "@/components/catalogue/listing-table";
import { NoListings } from "@/components/catalogue/no-listings";
import { Page } from "@/components/layout/page";
import { Button, ButtonLink } from "@/components/ui/button";
import { controlClass } from "@/components/ui/field";
import {
  type BrowseQuery,
  browseHref,
  countFilters,
  effectiveSort,
  type RawParameters,
  readBrowseQuery,
  sortLabels,
  sortNames,
} from "@/lib/catalogue/browse-query";
import { listNearTitles, searchListings } from "@/lib/catalogue/queries/search-listings";
import { currentTime } from "@/lib/platform/clock";
import { getInstallation } from "@/lib/platform/installation";

export const metadata: Metadata = {
  title: { absolute: "Offcut: models that failed broadly and still work somewhere" },
};

export default async function BrowsePage({ searchParams }: PageProps<"/">) {
  const { query } = readBrowseQuery(rawParameters(await searchParams));
  const [result, { currency }, now] = await Promise.all([
    searchListings(query),
    getInstallation(),
    currentTime(),
  ]);
  const near = result.total === 0 && query.q !== "" ? await listNearTitles(query.q) : [];
  const filters = countFilters(query);
  return (
    <Page
      width="full"
      title="Models that failed broadly and still work somewhere"
      lead="Every row shows where a model is reliable, where it breaks and who says so. Check any figure yourself, then license the model in one sitting."
    >
      <InstantForm action="/" address={browseHref(query, { cursor: query.cursor })}>
        {/* The first button of a form is what Enter presses. */}
        <button type="submit" className="sr-only">
          Search
        </button>
        <div className="grid gap-x-10 lg:grid-cols-[16.5rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
          <div className="lg:col-start-2">
            <SearchBar query={query} />
          </div>
          <aside aria-label="Filters" className="pb-4 lg:col-start-1 lg:row-span-2 lg:row-start-1">
            <details className="filter-column">
              <summary className="inline-flex min-h-10 supports-[selector(::details-content)]:lg:hidden items-center rounded-md border border-edge bg-surface px-4 font-medium">
                Filters{filters > 0 ? ` (${filters})` : ""}
              </summary>
              <div className="pt-3 lg:pt-0">
                <BrowseFilters query={query} facets={result.facets} currency={currency} />
                <noscript>
                  <Button type="submit" variant="primary" className="w-full">
                    Apply
                  </Button>
                </noscript>
              </div>
            </details>
          </aside>
          <section aria-label="Listings" className="lg:col-start-2">
            <AppliedFilters query={query} total={result.total} currency={currency} />
            <div className="group-data-pending/search:opacity-50">
              {result.rows.length > 0 ? (
                <ListingTable rows={result.rows} now={now} excluded={query.excludeLimitation} canCompare />
              ) : (
                <NoListings query={query} without={result.without} near={near} />
              )}
            </div>
            <Pages query={query} next={result.next} />
          </section>
        </div>
      </InstantForm>
    </Page>
  );
}

function SearchBar({ query }: { query: BrowseQuery }) {
  const sort = effectiveSort(query);
  return (
    <div className="flex flex-wrap items-center gap-3 pb-3.5">
      <input
        type="search"
        name="q"
        defaultValue={query.q}
        maxLength={200}
        aria-label="Search listings"
        placeholder="Search by job, data or limitation"
        className={`${controlClass} min-w-0 flex-1 basis-64 max-sm:basis-full`}
      />
      <div className="flex min-w-0 items-center gap-2.5 text-sm text-ink-2 max-sm:flex-1">
        <label htmlFor="sort">Sort</label>
        <select
          id="sort"
          name="sort"
          data-chosen={query.sort === null ? "" : sort}
          defaultValue={query.sort === null ? "" : sort}
          className={`${controlClass} text-sm sm:w-auto`}
        >
          <option value="">{query.q === "" ? sortLabels.cost : sortLabels.relevance}</option>
          {sortNames
            .filter((name) => name !== (query.q === "" ? "cost" : "relevance"))
            .filter((name) => query.q !== "" || name !== "relevance")
            .map((name) => (
              <option key={name} value={name}>
                {sortLabels[name]}
              </option>
            ))}
        </select>
      </div>
      <Button type="submit" formAction="/compare">
        Compare
      </Button>
      <noscript>
        <Button type="submit">Search</Button>
      </noscript>
    </div>
  );
}

function Pages({ query, next }: { query: BrowseQuery; next: BrowseQuery["cursor"] }) {
  if (!next && !query.cursor) return null;
  return (
    <nav aria-label="Pages" className="flex gap-3 pt-6">
      {query.cursor && <ButtonLink href={browseHref(query)}>First page</ButtonLink>}
      {next && <ButtonLink href={browseHref(query, { cursor: next })}>Next page</ButtonLink>}
    </nav>
  );
}

function rawParameters(parameters: Record<string, string | string[] | undefined>): RawParameters {
  return Object.entries(parameters).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((one) => [name, one] as const),
  );
}
