import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { restoreDraft } from "@/lib/selling/actions/drafts";

export function RestoreDraft({ draftId, title }: { draftId: string; title: string }) {
  return (
    <ActionForm
      action={restoreDraft}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-line bg-sunken px-4 py-3"
    >
      <p role="status" className="min-w-0 flex-1 basis-60">
        “{title}” was discarded. It can be brought back for a week.
      </p>
      <input type="hidden" name="draftId" value={draftId} />
      <SubmitButton variant="secondary">Undo</SubmitButton>
    </ActionForm>
  );
}
