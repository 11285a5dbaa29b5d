import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/notice";
import type { PartName } from "@/lib/catalogue/part";
import type { RefusalCode } from "@/lib/shared/domain-error";

type Props = { listing: { slug: string; title: string }; part: PartName; code: RefusalCode; message: string };

/** Why this person cannot go on here, and what they can do instead. */
export function PartRefusal({ listing, part, code, message }: Props) {
  return (
    <EmptyState title={message} action={<WayOn listing={listing} part={part} code={code} />}>
      <p>Nothing was signed or paid.</p>
    </EmptyState>
  );
}

function WayOn({ listing, part, code }: Omit<Props, "message">) {
  if (code === "no_standing_offer" || code === "standing_offer_differs") {
    return (
      <ButtonLink href={`/listings/${listing.slug}/offer?part=${part}`} variant="primary">
        Make an offer
      </ButtonLink>
    );
  }
  if (code === "address_unconfirmed") {
    return (
      <ButtonLink href="/account" variant="primary">
        Go to your account
      </ButtonLink>
    );
  }
  if (code === "own_listing") {
    return (
      <ButtonLink href="/sell" variant="primary">
        Manage your listings
      </ButtonLink>
    );
  }
  return <ButtonLink href={`/listings/${listing.slug}`}>Back to the listing</ButtonLink>;
}
