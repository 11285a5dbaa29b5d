import type { DealEvent } from "@/lib/deals/deal-event";
import type { Party } from "@/lib/deals/negotiation";
import { formatMoney, money } from "@/lib/shared/money";
import { sizeText } from "@/lib/shared/size-text";

type Event = DealEvent & { actorName: string | null };
type Reader = { you: Party | null; currency: string };

/** One line of the history, in the reader's person; `you` is null for a moderator. */
export function eventText(event: Event, deal: Reader): string {
  const who = event.actorName ?? "Offcut";
  const amount = (minor: string) => formatMoney(money(BigInt(minor), deal.currency));
  switch (event.kind) {
    case "offered":
      return `${who} offered ${amount(event.details.priceMinor)} (offer ${event.details.number})`;
    case "declined":
      return `${who} declined the offer`;
    case "withdrawn":
      return `${who} withdrew`;
    case "expired":
      return "The time was over: the negotiation ended";
    case "agreed":
      return "standing" in event.details
        ? `${who} took the seller’s standing offer`
        : `${who} accepted offer ${event.details.number}`;
    case "signed":
      return event.details.method === "session"
        ? `${who} agreed while signed in; Offcut recorded it`
        : `${who} signed with a key of ${who === "You" ? "your" : "their"} device`;
    case "finalized":
      return "Both signatures stand";
    case "paid":
      return event.details.priceMinor === "0"
        ? "Nothing to pay"
        : `${amount(event.details.priceMinor)} is held${deal.you === "seller" ? ", not yet yours" : ", not yet the seller’s"}`;
    case "receipt_seen":
      return "The operator saw the transfer arrive";
    case "lapsed":
      return "Not paid in time: the deal lapsed";
    case "delivered":
      return deliveredText(event);
    case "downloaded":
      return `${who} downloaded ${event.details.path}`;
    case "accepted":
      return `${who} accepted the delivery`;
    case "accepted_by_silence":
      return "The inspection ended in silence, which counts as acceptance";
    case "released":
    case "refunded":
    case "split":
    case "ruled":
      return settledText(event, amount);
    default:
      return laterText(event, who, amount);
  }
}

type Of<Kind extends Event["kind"]> = Event & { kind: Kind };

function deliveredText({ details, actorName }: Of<"delivered">): string {
  if (details.by === "seller") return `${actorName ?? "The seller"} handed it over`;
  const { files, sizeBytes } = details;
  return `Delivered automatically: ${files} file${files === 1 ? "" : "s"}, ${sizeText(sizeBytes)}`;
}

function settledText(
  { kind, details: { buyerMinor, sellerMinor } }: Of<"released" | "refunded" | "split" | "ruled">,
  amount: (minor: string) => string,
): string {
  const parts = `${amount(buyerMinor)} to the buyer, ${amount(sellerMinor)} to the seller’s side`;
  switch (kind) {
    case "released":
      return sellerMinor === "0"
        ? "The deal closed"
        : `Released: ${amount(sellerMinor)} to the seller’s side`;
    case "refunded":
      return buyerMinor === "0"
        ? "The deal ended and the licence with it"
        : `Refunded: ${amount(buyerMinor)} to the buyer`;
    case "split":
      return `Both agreed: ${parts}`;
    case "ruled":
      return `A moderator ruled: ${parts}`;
  }
}

type LaterKind =
  | "split_proposed"
  | "dispute_opened"
  | "dispute_withdrawn"
  | "deleted"
  | "reminded"
  | "delivery_extended"
  | "inspection_extended"
  | "clock_moved";

function laterText(event: Of<LaterKind>, who: string, amount: (minor: string) => string): string {
  switch (event.kind) {
    case "split_proposed":
      return `${who} proposed a split: ${amount(event.details.buyerMinor)} to the buyer`;
    case "dispute_opened":
      return `${who} opened a dispute`;
    case "dispute_withdrawn":
      return `${who} withdrew the dispute`;
    case "deleted":
      return `${who} said that every copy is deleted`;
    case "reminded":
      return `A reminder went to the ${event.details.party}`;
    case "delivery_extended":
      return "No reminder had gone out in time: the seller has a day longer to deliver";
    case "inspection_extended":
      return "No reminder had gone out in time: the inspection lasts a day longer";
    case "clock_moved":
      return `${who} moved the demo clock forward ${event.details.days} day${event.details.days === 1 ? "" : "s"}`;
  }
}
