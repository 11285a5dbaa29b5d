import { EmptyState } from "@/components/ui/notice";
import type { PartName } from "@/lib/catalogue/part";
import type { RefusalCode } from "@/lib/shared/domain-error";

type Props = { listing: { slug: string; title: string }; part: PartName; code: RefusalCode; message: string };

/** Why this person cannot go on here, and what they can do instead. */
export function PartRefusal({ message, ...rest }: Props) {
  return (
    <EmptyState title={message} action={wayOn(rest)}>
      <p>Nothing was signed or paid.</p>
    </EmptyState>
  );
}

function wayOn({ listing, part, code }: Omit<Props, "message">) {
  const variant = "primary";
  switch (code) {
    case "no_standing_offer":
    case "standing_offer_differs":
      return {
        href: `/listings/${listing.slug}/offer?part=${part}`,
        text: "Make an offer",
        variant,
      } as const;
    case "address_unconfirmed":
      return { href: "/account", text: "Go to your account", variant } as const;
    case "own_listing":
      return { href: "/sell", text: "Manage your listings", variant } as const;
    default:
      return { href: `/listings/${listing.slug}`, text: "Back to the listing" };
  }
}
