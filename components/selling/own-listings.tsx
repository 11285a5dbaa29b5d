import { EnvelopeStrip } from "@/components/catalogue/envelope-strip";
import { GradeMark } from "@/components/catalogue/grade-mark";
import { ButtonForm } from "@/components/forms/action-form";
import { ButtonLink, buttonClass } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import { pauseListing, reopenListing, retireListing, reviseListing } from "@/lib/selling/actions/drafts";
import { domains, isDomain, isTask, tasks } from "@/lib/catalogue/niche";
import type { OwnListingRow } from "@/lib/selling/queries/drafts";
import { formatMoney, money } from "@/lib/shared/money";

type Props = {
  listings: readonly OwnListingRow[];
  /** Evaluations that wait for the seller's signature, by listing. */
  unsigned: Record<string, string>;
  /** How many claims no key of the seller's has signed, by listing. */
  unsignedClaims: Record<string, number>;
  now: Date;
};

/** The seller's listings, each with its state and what can be done about it. */
export function OwnListings({ listings, unsigned, unsignedClaims, now }: Props) {
  return (
    <ul className="grid">
      {listings.map((listing) => (
        <li
          key={listing.id}
          className="flex flex-wrap items-center gap-x-8 gap-y-1 border-t border-line py-4"
        >
          <ListingFacts
            listing={listing}
            unsignedId={unsigned[listing.id]}
            claims={unsignedClaims[listing.id] ?? 0}
            now={now}
          />
          <ListingMoves listing={listing} />
        </li>
      ))}
    </ul>
  );
}

type ListingFactsProps = { listing: OwnListingRow; unsignedId?: string; claims: number; now: Date };

function ListingFacts({ listing, unsignedId, claims, now }: ListingFactsProps) {
  const niche =
    listing.task && listing.domain && isTask(listing.task) && isDomain(listing.domain)
      ? `${tasks[listing.task]}, ${domains[listing.domain].toLowerCase()}`
      : "Parts only, no niche";
  const price =
    listing.priceMinor === null
      ? null
      : listing.priceMinor === 0n
        ? "Free"
        : formatMoney(money(listing.priceMinor, listing.currency));
  return (
    <div className="min-w-0 flex-1 basis-80">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <a
          href={`/listings/${listing.slug}`}
          className="link inline-block min-h-6 min-w-0 font-medium break-words"
        >
          {listing.title}
        </a>
        <StatusMark listing={listing} />
      </p>
      <p className="text-sm text-ink-2">
        {niche} · version {listing.versionNumber}
        {price && ` · from ${price}`} · changed <Moment at={listing.updatedAt} now={now} />
      </p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 pt-1">
        {listing.envelope.length > 0 && <EnvelopeStrip cells={listing.envelope} />}
        <GradeMark grade={listing.evidenceGrade} />
      </p>
      {unsignedId && (
        <p className="text-sm text-ochre">
          An evaluation is counted and not signed: buyers do not see it.{" "}
          <TextLink href={`/evaluations/${unsignedId}`}>Look at it and sign</TextLink>
        </p>
      )}
      <p className="text-sm text-ink-3">
        {claims > 0 &&
          `${claims === 1 ? "1 claim is" : `${claims} claims are`} not signed with a key of yours. `}
        <TextLink href={`/sell/claims/${listing.slug}`}>
          {claims > 0 ? "Read and sign" : "What it claims"}
        </TextLink>
      </p>
    </div>
  );
}

const statusWords = { draft: "Draft", open: "Open", paused: "Paused", retired: "Retired" } as const;

function StatusMark({ listing }: { listing: OwnListingRow }) {
  if (listing.isTakenDown) return <span className="text-sm text-red">Taken down by a moderator</span>;
  if (listing.isFrozen) return <span className="text-sm text-red">Frozen by a moderator</span>;
  return (
    <span className={`text-sm ${listing.status === "open" ? "text-verdigris" : "text-ink-3"}`}>
      {statusWords[listing.status]}
    </span>
  );
}

function ListingMoves({ listing }: { listing: OwnListingRow }) {
  if (listing.status === "retired" || listing.isTakenDown) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1 max-lg:basis-full">
      {listing.status === "open" && !listing.isFrozen && (
        <ButtonLink variant="quiet" href={`/listings/${listing.slug}/standing-offer`}>
          Standing offer
        </ButtonLink>
      )}
      <MoveForm action={reviseListing} listing={listing}>
        {listing.openDraftId ? "Go on revising" : "Revise"}
      </MoveForm>
      <MoveForm action={listing.status === "open" ? pauseListing : reopenListing} listing={listing}>
        {listing.status === "open" ? "Pause" : "Reopen"}
      </MoveForm>
      <details className="relative">
        <summary className={buttonClass("quiet")}>Retire…</summary>
        <div className="grid max-w-80 gap-2 rounded-md border border-line bg-surface p-3 text-sm">
          <p>A retired listing never comes back. Its page, its evidence and the licences sold stay.</p>
          <MoveForm action={retireListing} listing={listing} variant="danger">
            Retire for good
          </MoveForm>
        </div>
      </details>
    </div>
  );
}

type MoveProps = {
  action: typeof pauseListing;
  listing: OwnListingRow;
  children: string;
  variant?: "quiet" | "danger";
};

function MoveForm({ listing, variant = "quiet", ...move }: MoveProps) {
  return (
    <ButtonForm
      {...move}
      fields={{ listingId: listing.id }}
      variant={variant}
      className="grid justify-items-start gap-1"
      aria-label={`${move.children}: ${listing.title}`}
    />
  );
}
