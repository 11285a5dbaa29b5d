import type { Party } from "@/lib/deals/negotiation";
import type { DealEventView } from "@/lib/deals/queries/deal-room";
import { formatMoney, money } from "@/lib/shared/money";
import { sizeText } from "@/lib/shared/size-text";

type Event = Pick<DealEventView, "kind" | "actorName" | "details">;
type Reader = { you: Party | null; currency: string };

/** One line of the history, in the reader's person; `you` is null for a moderator. */
export function eventText(event: Event, deal: Reader): string {
  const who = event.actorName ?? "Offcut";
  const amount = (key: string) => formatMoney(money(BigInt(String(event.details[key] ?? 0)), deal.currency));
  const isFree = event.details["priceMinor"] === "0";
  switch (event.kind) {
    case "offered":
      return `${who} offered ${amount("priceMinor")} (offer ${event.details["number"]})`;
    case "declined":
      return `${who} declined the offer`;
    case "withdrawn":
      return `${who} withdrew`;
    case "expired":
      return "The time was over: the negotiation ended";
    case "agreed":
      return event.details["standing"]
        ? `${who} took the seller’s standing offer`
        : `${who} accepted offer ${event.details["number"]}`;
    case "signed":
      return signedText(event, who);
    case "finalized":
      return "Both signatures stand";
    case "paid":
      return isFree
        ? "Nothing to pay"
        : `${amount("priceMinor")} is held${deal.you === "seller" ? ", not yet yours" : ", not yet the seller’s"}`;
    case "receipt_seen":
      return "The operator saw the transfer arrive";
    case "lapsed":
      return "Not paid in time: the deal lapsed";
    case "delivered":
      return deliveredText(event);
    case "downloaded":
      return `${who} downloaded ${event.details["path"]}`;
    case "accepted":
      return `${who} accepted the delivery`;
    case "accepted_by_silence":
      return "The inspection ended in silence, which counts as acceptance";
    default:
      return laterText(event, who, amount);
  }
}

function signedText({ details }: Event, who: string): string {
  if (details["method"] === "session") return `${who} agreed while signed in; Offcut recorded it`;
  return `${who} signed with a key of ${who === "You" ? "your" : "their"} device`;
}

function deliveredText({ details, actorName }: Event): string {
  if (details["by"] === "seller") return `${actorName ?? "The seller"} handed it over`;
  const count = Number(details["files"]);
  return `Delivered automatically: ${count} file${count === 1 ? "" : "s"}, ${sizeText(String(details["sizeBytes"]))}`;
}

function laterText(event: Event, who: string, amount: (key: string) => string): string {
  switch (event.kind) {
    case "released":
      return event.details["sellerMinor"] === "0"
        ? "The deal closed"
        : `Released: ${amount("sellerMinor")} to the seller’s side`;
    case "refunded":
      return event.details["buyerMinor"] === "0"
        ? "The deal ended and the licence with it"
        : `Refunded: ${amount("buyerMinor")} to the buyer`;
    case "split":
      return `Both agreed: ${amount("buyerMinor")} to the buyer, ${amount("sellerMinor")} to the seller’s side`;
    case "split_proposed":
      return `${who} proposed a split: ${amount("buyerMinor")} to the buyer`;
    case "dispute_opened":
      return `${who} opened a dispute`;
    case "dispute_withdrawn":
      return `${who} withdrew the dispute`;
    case "ruled":
      return `A moderator ruled: ${amount("buyerMinor")} to the buyer, ${amount("sellerMinor")} to the seller’s side`;
    case "deleted":
      return `${who} said that every copy is deleted`;
    case "reminded":
      return `A reminder went to the ${event.details["party"]}`;
    case "inspection_extended":
      return "No reminder had gone out in time: the inspection lasts a day longer";
    case "clock_moved":
      return `${who} moved the demo clock forward ${event.details["days"]} day${event.details["days"] === 1 ? "" : "s"}`;
    default:
      return event.kind;
  }
}
