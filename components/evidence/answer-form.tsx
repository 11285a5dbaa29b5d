import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { answerEvaluation } from "@/lib/evidence/actions/evaluations";

/** The seller's one answer to evidence by somebody else. */
export function AnswerForm({ evaluationId }: { evaluationId: string }) {
  return (
    <ActionForm action={answerEvaluation} className="grid max-w-[68ch] justify-items-start gap-4">
      <input type="hidden" name="evaluationId" value={evaluationId} />
      <div className="w-full">
        <FormArea
          name="body"
          label="Your answer"
          hint="Once, and for ever: it stands beside the evidence, which stays as it is."
          maxLength={2000}
          required
        />
      </div>
      <SubmitButton>Publish this answer</SubmitButton>
    </ActionForm>
  );
}
