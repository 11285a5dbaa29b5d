import { Moment } from "@/components/ui/moment";
import type { DraftRow } from "@/lib/selling/queries/drafts";
import { DiscardDraft } from "./discard-draft";

export function OwnDrafts({ drafts, now }: { drafts: readonly DraftRow[]; now: Date }) {
  return (
    <ul className="grid">
      {drafts.map((draft) => (
        <li key={draft.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line py-3">
          <div className="min-w-0 flex-1 basis-64">
            <a href={`/sell/${draft.id}`} className="link inline-block min-h-6 font-medium break-words">
              {draft.revisesTitle ? `Revision of ${draft.revisesTitle}` : draft.title}
            </a>
            <p className="text-sm text-ink-2">
              saved <Moment at={draft.savedAt} now={now} /> ·{" "}
              {draft.left === 0
                ? "ready to publish"
                : `${draft.left} ${draft.left === 1 ? "answer" : "answers"} needed`}
            </p>
          </div>
          <DiscardDraft draftId={draft.id} />
        </li>
      ))}
    </ul>
  );
}
