import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { confirmTransfer } from "@/lib/deals/actions";

/** An operator types the amount that arrived, so that nobody confirms by habit. */
export function ConfirmTransferForm({ reference, currency }: { reference: string; currency: string }) {
  return (
    <ActionForm
      action={confirmTransfer}
      fields={{ reference }}
      className="grid justify-items-start gap-3"
      aria-label={`Confirm ${reference}`}
    >
      <div className="w-full max-w-xs">
        <FormText
          id={`amount-${reference}`}
          name="amount"
          label={`Amount that arrived, in ${currency}`}
          inputMode="decimal"
          required
        />
      </div>
      <SubmitButton variant="secondary">Confirm that it arrived</SubmitButton>
    </ActionForm>
  );
}
