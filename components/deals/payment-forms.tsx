import { ActionForm, ButtonForm, SubmitButton, SubmitLine } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { confirmPayout, discardPayout, uploadStatement } from "@/lib/ledger/actions";
import type { OwedAccount } from "@/lib/ledger/queries/payouts";

/** The bank's own statement confirms many transfers at once, after its lines were looked through. */
export function UploadStatementForm() {
  return (
    <ActionForm
      action={uploadStatement}
      className="grid justify-items-start gap-3"
      aria-label="Import a statement"
    >
      <FormText
        name="file"
        type="file"
        label="A statement of the bank"
        hint="camt.053, MT940 or CSV, up to 900 KB and 10,000 lines. Nothing is confirmed before you have seen every line."
        accept=".xml,.sta,.mt940,.940,.txt,.csv,text/csv,text/plain,text/xml,application/xml"
        required
      />
      <SubmitButton variant="secondary">Read it</SubmitButton>
    </ActionForm>
  );
}

/** An operator types the amount that was sent, so that nobody confirms by habit. */
export function ConfirmPayoutForm({ owed, detailsId }: { owed: OwedAccount; detailsId: string }) {
  const { accountId, currency, name, open } = owed;
  return (
    <ActionForm
      action={confirmPayout}
      fields={{ accountId, detailsId }}
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
