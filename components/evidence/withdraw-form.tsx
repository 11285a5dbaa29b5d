import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { withdrawEvaluation } from "@/lib/evidence/actions/evaluations";
import { DeviceSignedWords } from "./device-signature";

type Props = { evaluationId: string; accountId: string; statementJson: string };

/** For who signed an evaluation and no longer stands by it; the reason is signed as it is written. */
export function WithdrawForm({ evaluationId, accountId, statementJson }: Props) {
  return (
    <ActionForm
      action={withdrawEvaluation}
      fields={{ evaluationId }}
      className="grid max-w-[68ch] justify-items-start gap-4"
    >
      <div className="w-full">
        <FormArea
          name="reason"
          label="Why you no longer stand by it"
          hint="For ever, too: the evidence stays to be seen with your reason beside it, and no longer counts for the listing."
          maxLength={2000}
          required
        />
      </div>
      <DeviceSignedWords accountId={accountId} statementJson={statementJson} field="reason" />
      <SubmitButton variant="secondary">Withdraw this evaluation</SubmitButton>
    </ActionForm>
  );
}
