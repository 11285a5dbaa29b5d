import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import type { PartName } from "@/lib/catalogue/part";
import { makeOffer } from "@/lib/deals/actions";
import type { OfferForm } from "@/lib/deals/queries/license-page";
import { OfferFields } from "./offer-fields";

type Props = { listingId: string; part: PartName; form: OfferForm };

/** A buyer's first offer. */
export function MakeOfferForm({ listingId, part, form }: Props) {
  return (
    <ActionForm
      action={makeOffer}
      fields={{ listingId, part, dealId: form.dealId }}
      className="grid justify-items-start gap-5"
      aria-label="Make an offer"
    >
      <OfferFields terms={form} currency={form.currency} />
      <SubmitButton>Send the offer</SubmitButton>
    </ActionForm>
  );
}
