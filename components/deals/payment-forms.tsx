import { ActionForm, ButtonForm, SubmitButton, SubmitLine } from "@/components/forms/action-form";
import { FormArea, FormText } from "@/components/forms/form-fields";
import { importStatement } from "@/lib/deals/actions";
import { confirmPayout, discardPayout, savePayoutDetails } from "@/lib/ledger/actions";
import type { OwedAccount } from "@/lib/ledger/queries/payouts";

/** The bank's own list confirms many transfers at once, by the same rules as one by hand. */
export function ImportStatementForm() {
  return (
    <ActionForm
      action={importStatement}
      className="grid justify-items-start gap-3"
      aria-label="Import a statement"
    >
      <FormText
        name="file"
        type="file"
        label="The bank’s list of transfers, as CSV"
        hint="With a line of column names, one of them the amount; our reference may stand in any column. Up to 900 KB."
        accept=".csv,text/csv,text/plain"
        required
      />
      <SubmitButton variant="secondary">Read it and confirm</SubmitButton>
    </ActionForm>
  );
}

/** An operator types the amount that was sent, so that nobody confirms by habit. */
export function ConfirmPayoutForm({ owed }: { owed: OwedAccount }) {
  const { accountId, currency, name, open } = owed;
  return (
    <ActionForm
      action={confirmPayout}
      fields={{ accountId }}
      className="grid max-w-sm gap-3"
      aria-label={`Confirm a payout to ${name}`}
    >
      <FormText
        id={`sent-${accountId}`}
        name="amount"
        label={`Amount that was sent, in ${currency}`}
        inputMode="decimal"
        required
      />
      {open ? (
        <input type="hidden" name="bankReference" value={open.bankReference} />
      ) : (
        <FormText
          id={`bank-${accountId}`}
          name="bankReference"
          label="The bank’s reference of the transfer"
          required
          maxLength={140}
        />
      )}
      <SubmitLine variant="secondary">Confirm that it was sent</SubmitLine>
    </ActionForm>
  );
}

export function DiscardPayoutForm({ payoutId }: { payoutId: string }) {
  return (
    <ButtonForm
      action={discardPayout}
      fields={{ payoutId }}
      aria-label="Discard this payout"
      variant="secondary"
    >
      It was not sent: discard it
    </ButtonForm>
  );
}

/** Where the operator sends what somebody is owed. */
export function PayoutDetailsForm({ details }: { details: string }) {
  return (
    <ActionForm action={savePayoutDetails} className="grid max-w-[60ch] gap-3" aria-label="Where to pay you">
      <FormArea
        name="details"
        label="Account holder and account number (IBAN)"
        hint="Only the operator reads this. You get a mail whenever it changes."
        rows={3}
        maxLength={300}
        required
        defaultValue={details}
      />
      <SubmitLine variant="secondary">Save</SubmitLine>
    </ActionForm>
  );
}
