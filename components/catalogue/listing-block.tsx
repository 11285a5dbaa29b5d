import type { ReactNode } from "react";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import { DataAndPeople } from "./data-and-people";
import { Description } from "./description";
import { PartsAndTerms } from "./parts-and-terms";

/** One section of a listing's page. */
export function Block({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="pt-9">
      <h2 id={`${id}-title`} className="pb-3">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** What the seller states of data, people and terms, in their own words at the end. */
export function StatedBlocks({ listing }: { listing: ListingView }) {
  return (
    <>
      <Block id="people" title="Data and people">
        <DataAndPeople listing={listing} />
      </Block>
      <Block id="parts" title="Parts and terms">
        <PartsAndTerms listing={listing} />
      </Block>
      {listing.description.trim() !== "" && (
        <Block id="description" title="In the seller’s words">
          <Description text={listing.description} nodes={listing.descriptionNodes} />
        </Block>
      )}
    </>
  );
}
