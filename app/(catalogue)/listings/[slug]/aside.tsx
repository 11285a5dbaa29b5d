import type { ComponentProps } from "react";
import { LimitationChip } from "@/components/catalogue/limitation-chip";
import { OtherParts, PricePanel } from "@/components/catalogue/price-panel";
import { Panel } from "@/components/ui/panel";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";

type AsideProps = Omit<ComponentProps<typeof PricePanel>, "listing"> & {
  listing: ListingView;
  isSignedIn: boolean;
};

export function ListingAside({ listing, standing, isSignedIn, ...price }: AsideProps) {
  const present = listing.limitations.filter((limitation) => limitation.presence === "present");
  const types = new Set(present.map(({ type }) => type));
  return (
    <aside aria-label="Price and terms" className="grid content-start gap-4 lg:row-span-2">
      <PricePanel listing={listing} standing={standing} {...price} />
      <OtherParts listing={listing} standing={standing} />
      {present.length > 0 && (
        <Panel title="Known limits" className="max-lg:hidden">
          <p className="flex flex-wrap gap-1.5">
            {[...types].map((type) => (
              <LimitationChip key={type} type={type} />
            ))}
          </p>
        </Panel>
      )}
      <p className="px-1 text-sm text-ink-3">
        Sold by <a href={`/people/${listing.seller.handle}`}>{listing.seller.displayName}</a>.{" "}
        {isSignedIn ? `Contact: ${listing.contact}. ` : ""}
        <a href={`/report?about=${encodeURIComponent(`/listings/${listing.slug}`)}`}>Report this listing</a>
      </p>
    </aside>
  );
}
