import { eventText } from "@/components/deals/event-text";
import { LogMark } from "@/components/deals/log-mark";
import { DayTime } from "@/components/ui/moment";
import { envelopeOf } from "@/lib/deals/deal-event";
import type { DealForCase } from "@/lib/deals/queries/deal-for-case";
import type { DisputeView } from "@/lib/disputes/queries/case";

/** What happened, newest first, and what was written, in order, beside the case. */
export function CaseHistory({ dispute, deal, now }: { dispute: DisputeView; deal: DealForCase; now: Date }) {
  const name = (id: string | null) =>
    id === dispute.buyerId ? dispute.buyerName : id === dispute.sellerId ? dispute.sellerName : "Offcut";
  const reader = { you: null, currency: deal.currency };
  return (
    <aside className="grid content-start gap-6">
      <section aria-labelledby="history">
        <h2 id="history">History</h2>
        <ol>
          {deal.events.map((event) => (
            <li key={event.id} className="border-t border-line py-2 text-sm first:border-0">
              <span className="block text-xs text-ink-3">
                <DayTime at={event.at} now={now} />
              </span>
              {eventText({ ...event, actorName: event.actorId && name(event.actorId) }, reader)}
              <LogMark place={deal.logPlaces[envelopeOf(event) ?? ""]} />
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="messages">
        <h2 id="messages">Messages</h2>
        {deal.messages.length === 0 && (
          <p className="text-sm text-ink-3">They wrote nothing to each other.</p>
        )}
        <ol>
          {deal.messages.map((message) => (
            <li key={message.id} className="border-t border-line py-2 text-sm first:border-0">
              <span className="block text-xs text-ink-3">
                {name(message.authorId)}, <DayTime at={message.createdAt} now={now} />
              </span>
              <span className="break-words whitespace-pre-line">{message.body}</span>
            </li>
          ))}
        </ol>
      </section>
    </aside>
  );
}
