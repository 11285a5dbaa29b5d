import { DayTime } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { DealView } from "@/lib/deals/queries/deal-room";
import { MessageForm } from "./deal-forms";

/** What the two wrote to each other. Part of the record: nobody can edit it, and a moderator reads it in a dispute. */
export function Messages({ deal, messageId, now }: { deal: DealView; messageId: string; now: Date }) {
  return (
    <Panel title="Messages" id="messages">
      {deal.messages.length === 0 ? (
        <p className="pb-4 text-sm text-ink-3">
          Nothing written yet. Messages stay with the deal and are read in a dispute.
        </p>
      ) : (
        <ol className="grid gap-3 pb-4">
          {deal.messages.map((message) => (
            <li key={message.id} className="border-t border-line pt-2.5 text-sm first:border-t-0">
              <p className="text-xs text-ink-3">
                {message.authorName} · <DayTime at={message.createdAt} now={now} />
              </p>
              <p className="max-w-[66ch] break-words whitespace-pre-line">{message.body}</p>
            </li>
          ))}
        </ol>
      )}
      <MessageForm dealId={deal.id} messageId={messageId} otherName={deal.otherName} />
    </Panel>
  );
}
