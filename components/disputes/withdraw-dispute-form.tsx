import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { withdrawDispute } from "@/lib/disputes/actions";

export function WithdrawDisputeForm({ disputeId }: { disputeId: string }) {
  return (
    <ActionForm action={withdrawDispute} fields={{ disputeId }}>
      <p className="text-ink-2">
        The deal goes on where it stood, with its clocks started afresh. You cannot dispute it again.
      </p>
      <SubmitLine variant="secondary">Withdraw it</SubmitLine>
    </ActionForm>
  );
}
