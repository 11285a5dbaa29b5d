import type { ReactNode } from "react";
import { DeviceSignature } from "@/components/evidence/device-signature";
import { ActionForm, ButtonForm, FoldedFields, SubmitButton } from "@/components/forms/action-form";
import { FormArea, FormText } from "@/components/forms/form-fields";
import type { ButtonVariant } from "@/components/ui/button";
import {
  acceptOffer,
  counterOffer,
  declineOffer,
  deliver,
  moveDemoClock,
  proposeSplit,
  sendMessage,
  signContract,
} from "@/lib/deals/actions";
import type { OpenOffer } from "@/lib/deals/offer";
import { formatMoney, money } from "@/lib/shared/money";
import { AgreeFields } from "./agree-fields";
import { OfferFields } from "./offer-fields";

type ActionOf = typeof acceptOffer;

/** One button that does one thing to one deal. */
export function DealButton(props: {
  action: ActionOf;
  fields: Record<string, string>;
  variant?: ButtonVariant;
  children: string;
}) {
  return <ButtonForm {...props} className="grid justify-items-start gap-2" aria-label={props.children} />;
}

type AnswerProps = { dealId: string; offer: OpenOffer; currency: string };

export function AnswerOffer({ dealId, offer, currency }: AnswerProps) {
  const answers = String(offer.number);
  const price = formatMoney(money(offer.priceMinor, currency));
  return (
    <div className="grid gap-4 pt-4">
      <div className="flex flex-wrap gap-3">
        <DealButton action={acceptOffer} fields={{ dealId, answers }}>
          {`Accept ${price}`}
        </DealButton>
        <DealButton action={declineOffer} fields={{ dealId, answers }} variant="secondary">
          Decline
        </DealButton>
      </div>
      <ActionForm
        action={counterOffer}
        fields={{ dealId, answers }}
        className="grid gap-3"
        aria-label="Make a counter-offer"
      >
        <FoldedFields summary="Make a counter-offer" className="grid justify-items-start gap-5">
          <OfferFields terms={offer} currency={currency} idPrefix="counter-" />
          <SubmitButton>Send the counter-offer</SubmitButton>
        </FoldedFields>
      </ActionForm>
    </div>
  );
}

type SignProps = { dealId: string; accountId: string; termsSha256: string; statementBase64: string };

export function SignContractForm({ dealId, ...rest }: SignProps) {
  return (
    <ActionForm
      action={signContract}
      fields={{ dealId }}
      className="grid justify-items-start gap-4 pt-4"
      aria-label="Sign the contract"
    >
      <AgreeFields {...rest} label="I have read the terms below and agree to them." />
      <SubmitButton>Sign</SubmitButton>
    </ActionForm>
  );
}

export function DeliverForm({ dealId }: { dealId: string }) {
  return (
    <ActionForm
      action={deliver}
      fields={{ dealId }}
      className="grid justify-items-start gap-4 pt-4"
      aria-label="Deliver"
    >
      <div className="w-full">
        <FormArea
          name="note"
          label="How the buyer gets it"
          hint="Part of the record: where it is, how to open it. Send secrets another way."
          required
          minLength={10}
          maxLength={5000}
        />
      </div>
      <SubmitButton>Say that it is delivered</SubmitButton>
    </ActionForm>
  );
}

type SignedStepProps = {
  action: ActionOf;
  children: string;
  dealId: string;
  accountId: string;
  statementBase64: string;
  /** What else can be done, beside the button. */
  beside?: ReactNode;
};

/** One button whose step is recorded for the log, signed with this browser's key where it has one. */
export function SignedStep(props: SignedStepProps) {
  const { dealId, accountId, statementBase64, beside, action, children } = props;
  return (
    <ActionForm
      action={action}
      fields={{ dealId }}
      className="grid justify-items-start gap-2"
      aria-label={children}
    >
      <div className="flex flex-wrap gap-3">
        <SubmitButton>{children}</SubmitButton>
        {beside}
      </div>
      <DeviceSignature accountId={accountId} statementBase64={statementBase64} />
    </ActionForm>
  );
}

export function ProposeSplitForm({ dealId, currency }: { dealId: string; currency: string }) {
  return (
    <ActionForm
      action={proposeSplit}
      fields={{ dealId }}
      className="grid max-w-sm justify-items-start gap-3"
      aria-label="Propose a split"
    >
      <div className="w-full">
        <FormText
          name="buyerAmount"
          label={`Back to the buyer, in ${currency}`}
          inputMode="decimal"
          required
        />
      </div>
      <SubmitButton variant="secondary">Propose the split</SubmitButton>
    </ActionForm>
  );
}

type MessageProps = { dealId: string; messageId: string; otherName: string };

export function MessageForm({ dealId, messageId, otherName }: MessageProps) {
  return (
    <ActionForm
      action={sendMessage}
      fields={{ dealId, messageId }}
      className="grid justify-items-start gap-3"
      aria-label={`Write to ${otherName}`}
    >
      <div className="w-full">
        <FormArea name="body" label={`Write to ${otherName}`} required maxLength={5000} rows={3} />
      </div>
      <SubmitButton variant="secondary">Send</SubmitButton>
    </ActionForm>
  );
}

export function DemoClockForm({ dealId }: { dealId: string }) {
  return (
    <ActionForm
      action={moveDemoClock}
      fields={{ dealId }}
      className="grid gap-3"
      aria-label="Move the demo clock"
    >
      <p className="text-sm text-ink-2">
        Only in a demo. Time moves forward for this whole installation, never back, and every deadline
        follows.
      </p>
      <div className="flex flex-wrap gap-3">
        <SubmitButton variant="secondary" name="days" value="1">
          Move forward 1 day
        </SubmitButton>
        <SubmitButton variant="secondary" name="days" value="5">
          Move forward 5 days
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
