import { ActionForm, FoldedFields, SubmitLine } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { DayTime } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { assignTransfer } from "@/lib/deals/actions";
import type { UnmatchedTransfer } from "@/lib/deals/queries/unmatched";
import { returnTransfer } from "@/lib/ledger/actions";
import { formatMoney, money } from "@/lib/shared/money";
import { DiscardPayoutForm } from "./payment-forms";

/** Money that arrived and pays no deal: why, and the two things that an operator can do. */
export function ReceivedTransfers({
  transfers,
  now,
}: {
  transfers: readonly UnmatchedTransfer[];
  now: Date;
}) {
  return transfers.map((transfer) => (
    <Panel key={transfer.id} title={formatMoney(money(transfer.amountMinor, transfer.currency))}>
      <div className="grid gap-3">
        <p className="text-sm break-words whitespace-pre-line text-ink-2">{transfer.text}</p>
        <p className="text-sm text-ink-2">
          {transfer.bookedOn ? `Booked on ${transfer.bookedOn}` : "Confirmed by hand, in no statement yet"}
          {transfer.bankReference && (
            <>
              , the bank’s reference is <span className="font-mono">{transfer.bankReference}</span>
            </>
          )}
          . Known since <DayTime at={transfer.createdAt} now={now} />.
        </p>
        <p>{transfer.reason}</p>
        <NextOf transfer={transfer} />
      </div>
    </Panel>
  ));
}

function NextOf({ transfer }: { transfer: UnmatchedTransfer }) {
  const { open, isReceived, isSeenByYou, isYours } = transfer;
  if (isYours) return <p className="text-sm">It is for a deal of your own: somebody else must decide.</p>;
  if (!isReceived)
    return (
      <p className="text-sm">
        {isSeenByYou
          ? "You saw it. A second administrator must import the statement that shows it, too."
          : "Another administrator saw it. Import the statement that shows it, to see it too."}
      </p>
    );
  return (
    <>
      {open && (
        <p className="text-sm">
          It was sent back with the reference <span className="font-mono">{open.bankReference}</span>
          {open.isConfirmedByYou
            ? ". You confirmed it; a second administrator must too."
            : ", as another administrator says. Confirm it when your bank shows the same."}
        </p>
      )}
      {!open?.isConfirmedByYou && <ReturnForm transfer={transfer} />}
      {open ? <DiscardPayoutForm payoutId={open.id} /> : <AssignForm transfer={transfer} />}
    </>
  );
}

/** An operator types the amount that went back, so that nobody confirms by habit. */
function ReturnForm({ transfer: { id, currency, open } }: { transfer: UnmatchedTransfer }) {
  return (
    <ActionForm
      action={returnTransfer}
      fields={{ transferId: id, ...(open && { bankReference: open.bankReference }) }}
      aria-label="Note that it was sent back"
    >
      <FoldedFields summary="It was sent back to the payer" className="grid max-w-sm gap-3">
        <FormText
          id={`returned-${id}`}
          name="amount"
          label={`Amount that was sent back, in ${currency}`}
          inputMode="decimal"
          required
        />
        {!open && (
          <FormText
            id={`return-reference-${id}`}
            name="bankReference"
            label="The bank’s reference of the transfer back"
            required
            maxLength={140}
          />
        )}
        <SubmitLine variant="secondary">Note it as sent back</SubmitLine>
      </FoldedFields>
    </ActionForm>
  );
}

function AssignForm({ transfer: { id } }: { transfer: UnmatchedTransfer }) {
  return (
    <ActionForm action={assignTransfer} fields={{ transferId: id }} aria-label="It is for a deal">
      <FoldedFields summary="It is for a deal with another reference" className="grid max-w-sm gap-3">
        <FormText
          id={`reference-${id}`}
          name="reference"
          label="The payment reference of the deal"
          hint="The payer told you so. The amount must be the deal’s price."
          placeholder="OFC-XXXX-XXXX"
          required
          maxLength={100}
        />
        <SubmitLine variant="secondary">It pays this deal</SubmitLine>
      </FoldedFields>
    </ActionForm>
  );
}
