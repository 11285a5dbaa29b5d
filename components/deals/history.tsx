import { DayTime } from "@/components/ui/moment";
import { envelopeOf } from "@/lib/deals/deal-event";
import type { DealView } from "@/lib/deals/queries/deal-room";
import type { Change } from "@/lib/deals/offer";
import { eventText } from "./event-text";
import { LogMark } from "./log-mark";

/** What happened, newest first, with what changed between offers. */
export function History({ deal, now }: { deal: DealView; now: Date }) {
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="pb-1">
        History
      </h2>
      <p className="sr-only">Times of day are UTC.</p>
      <ol>
        {deal.events.map((event) => (
          <li key={event.id} className="border-t border-line py-2.5 text-sm first:border-t-0">
            <span className="block text-xs text-ink-3">
              <DayTime at={event.at} now={now} />
            </span>
            {eventText(event, deal)}
            <LogMark place={deal.logPlaces[envelopeOf(event) ?? ""]} />
            {event.kind === "offered" && <WhatChanged deal={deal} number={event.details.number} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function WhatChanged({ deal, number }: { deal: DealView; number: number }) {
  const offer = deal.offers.find((one) => one.number === number);
  if (!offer || (offer.changes.length === 0 && offer.message === "")) return null;
  return (
    <details className="pt-1">
      <summary className="inline-flex min-h-6 items-center text-ink-2 underline decoration-line-strong underline-offset-3">
        {offer.changes.length > 0 ? "what changed" : "message"}
      </summary>
      {offer.changes.length > 0 && <Changes changes={offer.changes} />}
      {offer.message && <p className="whitespace-pre-line text-ink-2">“{offer.message}”</p>}
    </details>
  );
}

/** Before and after, line by line. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="grid gap-1 py-1">
      {changes.map(({ what, before, after }) => (
        <li key={what}>
          {what}: <del className="text-ink-3">{before}</del>{" "}
          <ins className="font-medium no-underline">{after}</ins>
        </li>
      ))}
    </ul>
  );
}
