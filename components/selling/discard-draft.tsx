import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { discardDraft } from "@/lib/selling/actions/drafts";

/** No question first: it can be brought back. */
export function DiscardDraft({ draftId }: { draftId: string }) {
  return (
    <ActionForm action={discardDraft} fields={{ draftId }} className="contents">
      <SubmitButton variant="quiet">Discard this draft</SubmitButton>
    </ActionForm>
  );
}
