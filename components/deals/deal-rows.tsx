import { Moment } from "@/components/ui/moment";
import { partLabels, termText } from "@/lib/catalogue/part";
import type { DealRowView } from "@/lib/deals/queries/deal-list";
import { formatColumnMoney, money } from "@/lib/shared/money";

type Props = {
  id: string;
  title: string;
  deals: readonly DealRowView[];
  now: Date;
  /** These wait for the reader, and stand out as the next action does in the deal room. */
  isYours?: boolean;
};

/** Deals of one group, one row each: what it is about, what comes next, by when. */
export function DealRows({ id, title, deals, now, isYours = false }: Props) {
  if (deals.length === 0) return null;
  return (
    <section aria-labelledby={id} className="pb-8">
      <h2 id={id} className="pb-2">
        {title} <span className="font-normal text-ink-3 tabular-nums">{deals.length}</span>
      </h2>
      <ul className={`rounded-lg border bg-surface ${isYours ? "border-ink" : "border-line"}`}>
        {deals.map((deal) => (
          <li
            key={deal.id}
            className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1 border-t border-line px-4 py-3.5 first:border-t-0 hover:bg-sunken md:grid-cols-[minmax(0,1fr)_16rem_8rem] md:px-5"
          >
            <div className="min-w-0">
              <a className="font-medium after:absolute after:inset-0" href={`/deals/${deal.id}`}>
                {deal.listingTitle}
              </a>
              <p className="text-sm text-ink-2">
                {deal.you === "buyer" ? "From" : "To"} {deal.otherName} · {partLabels[deal.part]},{" "}
                {termText(deal.termMonths)}
              </p>
            </div>
            <p className="text-right tabular-nums md:order-last">{priceOf(deal)}</p>
            <div className="col-span-full text-sm md:col-span-1">
              <p>{deal.title}</p>
              <p className={isPressing(deal, now) ? "text-ochre" : "text-ink-3"}>
                {deal.by ? (
                  <>
                    due <Moment at={deal.by} now={now} />
                  </>
                ) : (
                  <Moment at={deal.updatedAt} now={now} />
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const DAY_MS = 86_400_000;

function isPressing({ by, group }: DealRowView, now: Date): boolean {
  return group === "yours" && by !== null && by.getTime() - now.getTime() < DAY_MS;
}

function priceOf({ priceMinor, currency }: DealRowView): string {
  if (priceMinor === null) return "";
  return priceMinor === 0n ? "Free" : formatColumnMoney(money(priceMinor, currency));
}
