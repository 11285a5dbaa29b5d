import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormError, FormText } from "@/components/forms/form-fields";
import { Choice } from "@/components/ui/field";
import { Moment, exactTime } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { DealForCase } from "@/lib/deals/queries/deal-for-case";
import { ruleDispute } from "@/lib/disputes/actions";
import type { DisputeView } from "@/lib/disputes/queries/case";
import { hasOtherSideAnswered, outcomeLabels } from "@/lib/disputes/dispute";
import type { LedgerPreview } from "@/lib/ledger/balance";
import { formatColumnMoney, formatMoney, money } from "@/lib/shared/money";
import { RecordArea } from "./record-area";
import { SplitPreview } from "./split-preview";

type Props = { dispute: DisputeView; previews: DealForCase["previews"]; now: Date };

/** The ruling's form, with what each outcome would post before anybody confirms it. */
export function RulingDesk({ dispute, previews, now }: Props) {
  return (
    <Panel title="Rule" className="border-2 border-ink!">
      <p className={`text-sm ${dispute.ruleBy < now ? "text-red" : "text-ink-2"}`}>
        Your turn · by {exactTime(dispute.ruleBy)} (<Moment at={dispute.ruleBy} now={now} />
        ); nothing happens by silence
      </p>
      {!hasOtherSideAnswered(dispute) && (
        <p className="pt-1 text-sm text-ochre">
          The other side has not answered; it may until {exactTime(dispute.answerBy)}.
        </p>
      )}
      <p className="pt-2 pb-4 text-sm text-ink-2">
        {formatMoney(dispute.held)} is held. A ruling moves it at once, ends the deal and cannot be taken
        back; a refund also revokes the licence. Both sides read your reason.
      </p>
      <ActionForm action={ruleDispute} fields={{ disputeId: dispute.id }}>
        <fieldset className="grid gap-4">
          <legend className="sr-only">Outcome</legend>
          <Outcome value="release" preview={previews.release} />
          <Outcome value="refund" preview={previews.refund} />
          <div>
            <Choice type="radio" name="outcome" value="split" label={outcomeLabels.split} required />
            <div className="max-w-sm pt-2 pl-7">
              <FormText
                name="buyerAmount"
                label={`Of ${formatMoney(dispute.held)}, back to the buyer`}
                inputMode="decimal"
                autoComplete="off"
                hint="For a split only; the rest goes to the seller’s side."
              />
              <SplitPreview heldMinor={dispute.held.minor.toString()} currency={dispute.held.currency} />
            </div>
          </div>
          <FormError name="outcome" />
        </fieldset>
        <RecordArea name="rationale" label="Reason, from the evidence" rows={5} />
        <SubmitLine variant="danger">Rule and move the money</SubmitLine>
      </ActionForm>
    </Panel>
  );
}

function Outcome({ value, preview }: { value: "release" | "refund"; preview: LedgerPreview }) {
  return (
    <div>
      <Choice type="radio" name="outcome" value={value} label={outcomeLabels[value]} required />
      <ul className="pl-7 text-sm text-ink-2 tabular-nums">
        {preview.lines.map((line) => (
          <li key={line.account}>
            {line.label}: {formatColumnMoney(money(line.amountMinor, preview.currency))}
          </li>
        ))}
      </ul>
    </div>
  );
}
