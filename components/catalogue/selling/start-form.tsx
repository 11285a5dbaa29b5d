import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormArea } from "@/components/forms/form-fields";
import { startDraftFromCard } from "@/lib/evidence/actions/selling";
import { CardDrop } from "./card-drop";

export const START_FORM = "start";

/** Paste or drop a card, choose it as a file, or start with nothing. */
export function StartForm() {
  return (
    <ActionForm action={startDraftFromCard} permalink="/sell" id={START_FORM}>
      <CardDrop form={START_FORM}>
        <FormArea
          name="cardText"
          label="Model card"
          isOptional
          rows={7}
          spellCheck={false}
          className="font-mono text-sm"
          hint="Paste a Hugging Face README.md with its front matter, or drop the file here. What it says fills the draft."
        />
      </CardDrop>
      <div className="flex flex-wrap gap-3">
        <SubmitButton>Start a draft</SubmitButton>
      </div>
      <p className="text-sm text-ink-3">
        Left empty, you start from nothing. Files and evaluations are added in the draft.
      </p>
    </ActionForm>
  );
}
