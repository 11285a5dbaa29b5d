import { ProofFields } from "@/components/accounts/second-step-fields";
import { ActionForm, ButtonForm, SubmitLine } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { DayTime } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import { cancelPayoutDetails, savePayoutDetails } from "@/lib/ledger/actions";
import type { AskedStep } from "@/lib/accounts/queries/second-factors";
import { PAYOUT_DETAILS_DELAY_HOURS } from "@/lib/ledger/payout-details";
import type { PayoutDetailsView } from "@/lib/ledger/queries/payouts";

type OwnProps = { own: Own; step: AskedStep; now: Date };
type Own = { inForce: PayoutDetailsView | null; waiting: PayoutDetailsView | null };

/** A change that does not count yet, and the way to take it back. */
export function WaitingPayoutDetails({ waiting, now }: { waiting: PayoutDetailsView; now: Date }) {
  return (
    <Notice tone="warning">
      <div className="grid gap-3">
        <p className="break-words whitespace-pre-line">
          From <DayTime at={waiting.effectiveAt} now={now} /> on, what you are owed goes to:{"\n"}
          {waiting.details}
        </p>
        <p>If this was not you, cancel it and change your password.</p>
        <ButtonForm action={cancelPayoutDetails} aria-label="Cancel this change" variant="secondary">
          Cancel this change
        </ButtonForm>
      </div>
    </Notice>
  );
}

/** Where the operator sends what somebody is owed. */
export function OwnPayoutDetails({ own: { inForce, waiting }, step, now }: OwnProps) {
  return (
    <div className="grid max-w-[60ch] gap-4">
      {inForce && (
        <p className="break-words whitespace-pre-line">
          {inForce.details}
          {"\n"}
          <span className="text-sm text-ink-3">
            In force since <DayTime at={inForce.effectiveAt} now={now} />
          </span>
        </p>
      )}
      {waiting && <WaitingPayoutDetails waiting={waiting} now={now} />}
      <ActionForm action={savePayoutDetails} className="grid gap-3" aria-label="Where to pay you">
        <FormArea
          name="details"
          label="Account holder and account number (IBAN)"
          hint={`Only the operator reads this. You get a mail whenever it changes, and a change counts ${PAYOUT_DETAILS_DELAY_HOURS} hours later.`}
          rows={3}
          maxLength={300}
          required
        />
        <ProofFields id="payout" step={step} />
        <SubmitLine variant="secondary">Save</SubmitLine>
      </ActionForm>
    </div>
  );
}
