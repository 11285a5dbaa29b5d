import { DeviceSignedWords } from "@/components/evidence/device-signature";
import type { WordsField } from "@/components/evidence/sign-statement";
import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import type { ButtonVariant } from "@/components/ui/button";
import { replyToEvaluation, withdrawEvaluation } from "@/lib/evidence/actions/evaluations";

type Form = {
  title: string;
  action: typeof replyToEvaluation;
  field: WordsField;
  label: string;
  hint: string;
  button: string;
  variant: ButtonVariant;
};

/** The seller's one reply to evidence by somebody else. */
export const REPLY: Form = {
  title: "Reply to this",
  action: replyToEvaluation,
  field: "body",
  label: "Your reply",
  hint: "Once, and for ever: it stands beside the evidence, which stays as it is.",
  button: "Publish this reply",
  variant: "primary",
};

/** For who signed an evaluation and no longer stands by it. */
export const WITHDRAWAL: Form = {
  title: "Withdraw this",
  action: withdrawEvaluation,
  field: "reason",
  label: "Why you no longer stand by it",
  hint: "For ever, too: the evidence stays to be seen with your reason beside it, and no longer counts for the listing.",
  button: "Withdraw this evaluation",
  variant: "secondary",
};

type Props = { form: Form; evaluationId: string; accountId: string; statementJson: string };

/** Words about an evaluation, signed as they are written. */
export function WordsForm({ form, evaluationId, ...toSign }: Props) {
  const { title, action, field, label, hint, button, variant } = form;
  return (
    <section>
      <h2 className="pb-2">{title}</h2>
      <ActionForm
        action={action}
        fields={{ evaluationId }}
        className="grid max-w-[68ch] justify-items-start gap-4"
      >
        <div className="w-full">
          <FormArea name={field} label={label} hint={hint} maxLength={2000} required />
        </div>
        <DeviceSignedWords {...toSign} field={field} />
        <SubmitButton variant={variant}>{button}</SubmitButton>
      </ActionForm>
    </section>
  );
}
