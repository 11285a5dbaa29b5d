import { ButtonForm } from "@/components/forms/action-form";
import { discardDraft } from "@/lib/selling/actions/drafts";

/** No question first: it can be brought back. */
export function DiscardDraft({ draftId }: { draftId: string }) {
  return (
    <ButtonForm action={discardDraft} fields={{ draftId }} className="contents" variant="quiet">
      Discard this draft
    </ButtonForm>
  );
}
