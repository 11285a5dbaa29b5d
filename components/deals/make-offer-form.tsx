import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import type { PartName } from "@/lib/catalogue/part";
import { makeOffer } from "@/lib/deals/actions";
import type { OfferForm } from "@/lib/deals/queries/license-page";
import { OfferFields } from "./offer-fields";

/** A buyer's first offer. */
export function MakeOfferForm({
  listingId,
  part,
  form,
}: {
  listingId: string;
  part: PartName;
  form: OfferForm;
}) {
  return (
    <ActionForm action={makeOffer} className="grid justify-items-start gap-5" aria-label="Make an offer">
      <input type="hidden" name="listingId" value={listingId} />
      <input type="hidden" name="part" value={part} />
      <input type="hidden" name="dealId" value={form.dealId} />
      <OfferFields terms={form} currency={form.currency} />
      <SubmitButton>Send the offer</SubmitButton>
    </ActionForm>
  );
}
