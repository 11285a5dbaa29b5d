import { isSafeLink } from "@/lib/shared/safe-link";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";

const statusText = {
  confirmed: "confirmed",
  unconfirmed: "not confirmed yet",
  rejected: "says this is wrong",
} as const;

/** Where the data came from, who made it and what share of each sale is theirs. */
export function DataAndPeople({ listing }: { listing: ListingView }) {
  return (
    <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
      <div>
        <h3 className="pb-1">Data</h3>
        {listing.dataOrigins.length === 0 && <p className="text-ink-2">Not stated.</p>}
        <ul className="divide-y divide-line">
          {listing.dataOrigins.map((origin, index) => (
            <li key={index} className="py-2.5">
              {origin.url && isSafeLink(origin.url) ? (
                <a href={origin.url} rel="nofollow noopener">
                  <bdi>{origin.name}</bdi>
                </a>
              ) : (
                <bdi>{origin.name}</bdi>
              )}
              <span className="block text-sm text-ink-3">
                {[
                  origin.use === "training" ? "trained on" : "evaluated on",
                  origin.rowCount === null ? "" : `${origin.rowCount.toLocaleString("en")} rows`,
                  origin.licence ? `licence ${origin.licence}` : "licence not stated",
                  origin.source,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </li>
          ))}
        </ul>
        {listing.baseModels.length > 0 && (
          <p className="pt-2 text-sm">Built on {listing.baseModels.join(", ")}.</p>
        )}
      </div>
      <div>
        <h3 className="pb-1">People</h3>
        {listing.contributors.length === 0 && <p className="text-ink-2">Not stated.</p>}
        <ul className="divide-y divide-line">
          {listing.contributors.map((person, index) => (
            <li key={index} className="flex justify-between gap-4 py-2.5">
              <span className="min-w-0">
                {person.handle ? <a href={`/people/${person.handle}`}>{person.name}</a> : person.name}
                <span className="block text-sm text-ink-3">
                  {[person.contribution, statusText[person.status]].filter(Boolean).join(" · ")}
                </span>
              </span>
              <span className="whitespace-nowrap tabular-nums">{person.shareBasisPoints / 100} %</span>
            </li>
          ))}
        </ul>
        {listing.contributors.length > 0 && (
          <p className="pt-2 text-sm text-ink-3">
            Shares are of what the seller is paid, and are fixed when a contract is signed.
          </p>
        )}
      </div>
    </div>
  );
}
