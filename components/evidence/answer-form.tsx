import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { answerEvaluation } from "@/lib/evidence/actions/evaluations";
import { DeviceSignedWords } from "./device-signature";

type Props = { evaluationId: string; accountId: string; statementJson: string };

/** The seller's one answer to evidence by somebody else, signed as it is written. */
export function AnswerForm({ evaluationId, accountId, statementJson }: Props) {
  return (
    <ActionForm
      action={answerEvaluation}
      fields={{ evaluationId }}
      className="grid max-w-[68ch] justify-items-start gap-4"
    >
      <div className="w-full">
        <FormArea
          name="body"
          label="Your answer"
          hint="Once, and for ever: it stands beside the evidence, which stays as it is."
          maxLength={2000}
          required
        />
      </div>
      <DeviceSignedWords accountId={accountId} statementJson={statementJson} />
      <SubmitButton>Publish this answer</SubmitButton>
    </ActionForm>
  );
}
