import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { replyToEvaluation } from "@/lib/evidence/actions/evaluations";
import { DeviceSignedWords } from "./device-signature";

type Props = { evaluationId: string; accountId: string; statementJson: string };

/** The seller's one answer to evidence by somebody else, signed as it is written. */
export function ReplyForm({ evaluationId, accountId, statementJson }: Props) {
  return (
    <ActionForm action={replyToEvaluation} className="grid max-w-[68ch] justify-items-start gap-4">
      <input type="hidden" name="evaluationId" value={evaluationId} />
      <div className="w-full">
        <FormArea
          name="body"
          label="Your reply"
          hint="Once, and for ever: it stands beside the evidence, which stays as it is."
          maxLength={2000}
          required
        />
      </div>
      <DeviceSignedWords accountId={accountId} statementJson={statementJson} />
      <SubmitButton>Publish this reply</SubmitButton>
    </ActionForm>
  );
}
