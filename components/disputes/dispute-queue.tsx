import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import type { DisputeQueueView } from "@/lib/disputes/queries/case";
import { disputeReasons } from "@/lib/disputes/dispute";
import { formatMoney } from "@/lib/shared/money";
import { Queue } from "./queue";

type Props = { queue: DisputeQueueView; isFirstPage: boolean; now: Date };

/** Open disputes, the most urgent first. */
export function DisputeQueue({ queue, isFirstPage, now }: Props) {
  const { disputes, count, next } = queue;
  return (
    <Queue
      id="disputes"
      title="Disputes"
      rows={disputes}
      page={{ name: "disputes", count, isFirst: isFirstPage, next }}
      empty={["No open disputes", "A dispute appears here as soon as a party opens one."]}
    >
      {(dispute) => (
        <li
          key={dispute.id}
          className="grid gap-x-6 gap-y-1 rounded-lg border border-line bg-surface px-5 py-4 sm:grid-cols-[1fr_auto]"
        >
          <div>
            <TextLink className="font-medium" href={`/moderation/cases/${dispute.id}`}>
              {disputeReasons[dispute.reason]}
            </TextLink>
            <p className="text-sm text-ink-2">
              {dispute.party === "buyer"
                ? `${dispute.buyerName} against ${dispute.sellerName}`
                : `${dispute.sellerName} against ${dispute.buyerName}`}
              , about “{dispute.listingTitle}”
            </p>
          </div>
          <div className="text-sm sm:text-right">
            <p className="tabular-nums">{formatMoney(dispute.held)} held</p>
            <p className={dispute.ruleBy < now ? "text-red" : "text-ink-2"}>
              Ruling due <Moment at={dispute.ruleBy} now={now} />
            </p>
          </div>
        </li>
      )}
    </Queue>
  );
}
