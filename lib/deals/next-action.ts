import { clockHours } from "@/lib/terms/clock-hours";
import { type Clock, hoursAfter, isOver, refusalOfClock } from "./clock";
import type { Deal } from "./deal";
import { type FulfilmentFacts, isSettled } from "./fulfilment";
import { type Party, parties } from "./negotiation";

export type ActionKind =
  "answer_offer" | "answer_dispute" | "sign" | "pay" | "deliver" | "inspect" | "wait" | "settled" | "ended";

/**
 * The one thing a side sees: what to do, or whom it waits for. `otherwise` says what happens at the deadline when
 * nobody acts; null where nothing runs.
 */
export type NextAction = {
  kind: ActionKind;
  isYours: boolean;
  title: string;
  text: string;
  by: Date | null;
  otherwise: string | null;
  /** What it waits for without a deadline, it waits for since then. */
  since?: Date;
};

type Facts = FulfilmentFacts &
  Clock &
  Pick<Deal, "negotiation" | "priceMinor" | "paymentProvider" | "acceptanceLog"> & {
    signed: Record<Party, boolean>;
    hasFiles: boolean;
  };

/** The next action of one side. Exactly one side has `isYours` in every state that waits for a person. */
export function nextAction(deal: Facts, you: Party, now: Date): NextAction {
  const action = actionInTime(deal, you, now);
  if (!refusalOfClock(deal, now)) return action;
  const text = `Nobody can act any more: ${action.otherwise}, at the next turn of the clock.`;
  return wait("The time is over", text, null, null);
}

function actionInTime(deal: Facts, you: Party, now: Date): NextAction {
  const by = deal.deadlineAt;
  if (deal.negotiation === "TERMINATED") {
    return settled(
      "ended",
      "This negotiation has ended",
      you === "buyer" ? "Nothing is owed. You can make a new offer on the listing." : "Nothing is owed.",
    );
  }
  if (deal.negotiation !== "FINALIZED") return negotiationAction(deal, you, by);
  if (isSettled(deal.fulfilment)) return settledAction(deal, you);
  return fulfilmentAction(deal, you, by, now);
}

function negotiationAction(deal: Facts, you: Party, by: Date | null): NextAction {
  const otherwise = "the negotiation then ends";
  if (deal.negotiation === "REQUESTED" || deal.negotiation === "OFFERED") {
    const answerer: Party = deal.negotiation === "REQUESTED" ? "seller" : "buyer";
    return you === answerer
      ? act("answer_offer", "Answer the offer", "Accept it, make a counter-offer, or decline.", by, otherwise)
      : wait(`The ${answerer} answers your offer`, "It binds you until then.", by, otherwise);
  }
  if (!deal.signed[you]) {
    const text = deal.signed[you === "buyer" ? "seller" : "buyer"]
      ? "The other side has signed. Read the terms once more; your signature closes the deal."
      : "The terms are written down. Each of you signs the same text.";
    return act("sign", "Sign the contract", text, by, otherwise);
  }
  return wait(`The ${you === "buyer" ? "seller" : "buyer"} signs`, "You have signed.", by, otherwise);
}

function fulfilmentAction(deal: Facts, you: Party, by: Date | null, now: Date): NextAction {
  const isFree = deal.priceMinor === 0n;
  switch (deal.fulfilment) {
    case "UNFUNDED":
      return paymentAction(deal, you, by);
    case "FUNDED":
      return deliveryAction(deal, you, by, isFree);
    case "DELIVERED":
      return you === "buyer"
        ? act(
            "inspect",
            "Does it do what was agreed?",
            inspectText(isFree),
            by,
            "silence then counts as acceptance",
          )
        : wait(
            "The buyer inspects the delivery",
            "Silence counts as acceptance after a reminder.",
            by,
            "it then counts as accepted",
          );
    case "DELIVERY_ACCEPTED":
      return releaseAction(deal, isFree, now);
    default:
      return wait(
        "A moderator rules on the dispute",
        `${isFree ? "The clocks stand still." : "The clocks stand still and the payment stays held."} The moderator rules from the contract, the files and what you both write in the dispute.`,
        by,
        "the ruling is due then",
      );
  }
}

/** Time alone releases nothing: the record of the acceptance must stand in the published log too. */
function releaseAction(deal: Facts, isFree: boolean, now: Date): NextAction {
  const { acceptanceLog, deadlineAt: by } = deal;
  const happens = isFree ? "the deal closes" : "the payment goes to the seller";
  const open = (title: string, text: string): NextAction => ({
    ...wait(title, text, null, null),
    ...(by && { since: hoursAfter(by, -clockHours.objection) }),
  });
  if (acceptanceLog === "failed") {
    return open(
      "Stopped: the log does not prove it",
      `The log does not prove that the delivery was accepted, so ${isFree ? "the deal stays open" : "the payment stays held"}. The operator has to find out why.${objectors(deal)}`,
    );
  }
  if (isOver(deal, now)) {
    return acceptanceLog === "proven"
      ? open(
          "Accepted and logged",
          `The log proves the acceptance: ${happens} at the next turn of the clock.`,
        )
      : open(
          "Waiting for the log",
          `The log does not prove the acceptance yet. As soon as it does, ${happens}.${objectors(deal)}`,
        );
  }
  const logged = acceptanceLog ? "" : " The log does not prove the acceptance yet, and must by then.";
  return wait(
    isFree ? "Accepted" : "Accepted; the payment is released soon",
    `The time to object runs.${objectors(deal)}${logged}`,
    by,
    isFree ? "the deal then closes" : "the payment then goes to the seller",
  );
}

/** Who has not used its dispute, as a sentence; nothing where nobody is left. */
function objectors({ disputants }: Facts): string {
  const left = parties.filter((party) => !disputants.includes(party));
  if (left.length === 0) return "";
  return ` ${left.length === 2 ? "Either side" : `The ${left[0]}`} may still object until then.`;
}

function inspectText(isFree: boolean): string {
  const after = isFree
    ? ""
    : " Accepting releases the payment a day later, once the public log proves it, unless somebody objects.";
  return `Download the files, check that they are the ones in the contract, and try them.${after}`;
}

function paymentAction(deal: Facts, you: Party, by: Date | null): NextAction {
  const otherwise = "the deal then lapses and nothing is owed";
  if (you === "seller") {
    return wait("The buyer pays", "The payment will be held until the buyer has accepted.", by, otherwise);
  }
  if (deal.paymentProvider === "bank-transfer") {
    return act(
      "pay",
      "Pay by bank transfer",
      "Transfer the amount with the reference below. We confirm when it arrives.",
      by,
      otherwise,
    );
  }
  return act(
    "pay",
    "Pay",
    "The payment is held. It reaches the seller only after you accept.",
    by,
    otherwise,
  );
}

function deliveryAction(deal: Facts, you: Party, by: Date | null, isFree: boolean): NextAction {
  const otherwise = isFree ? "the deal then ends" : "the payment then goes back to the buyer";
  if (deal.hasFiles) return wait("The platform hands over the files", "This takes a moment.", by, otherwise);
  return you === "seller"
    ? act("deliver", "Hand it over", "Say how the buyer gets it. The inspection starts then.", by, otherwise)
    : wait("The seller hands it over", "You inspect it afterwards.", by, otherwise);
}

function settledAction(deal: Facts, you: Party): NextAction {
  const isFree = deal.priceMinor === 0n;
  switch (deal.fulfilment) {
    case "RELEASED":
      return settled(
        "settled",
        "Done",
        isFree
          ? "The licence is granted."
          : you === "buyer"
            ? "The payment is released and the licence is yours."
            : "The payment is released: see your statement.",
      );
    case "REFUNDED":
      return settled(
        "ended",
        isFree ? "Ended" : "Refunded",
        you === "buyer"
          ? "A licence that was granted has ended: delete every copy of the files."
          : "A licence that was granted has ended; the buyer has to delete every copy of the files.",
      );
    case "SPLIT":
      return settled("settled", "Settled by a split", "Each side has its part; the licence stays.");
    default:
      return settled("ended", "Lapsed", "It was not paid in time. Nothing is owed.");
  }
}

function act(
  kind: ActionKind,
  title: string,
  text: string,
  by: Date | null,
  otherwise: string | null,
): NextAction {
  return { kind, isYours: true, title, text, by, otherwise };
}

function wait(title: string, text: string, by: Date | null, otherwise: string | null): NextAction {
  return { kind: "wait", isYours: false, title, text, by, otherwise };
}

function settled(kind: ActionKind, title: string, text: string): NextAction {
  return { kind, isYours: false, title, text, by: null, otherwise: null };
}

export type Step = { label: string; state: "done" | "now" | "later" };

const STEP_LABELS = [
  "Agreed",
  "Signed by both",
  "Payment held",
  "Delivered",
  "Inspected",
  "Released",
] as const;

const NOW_LABELS = ["Agreeing", "Signing", "Paying", "Delivering", "Inspecting", "Objection time"] as const;

/** The bar above the deal room. A deal that ended early shows how, in place of what never came. */
export function dealSteps(
  deal: Pick<Facts, "negotiation" | "fulfilment" | "disputedFrom" | "priceMinor">,
): Step[] {
  const reached = reachedSteps(deal);
  const end = endLabel(deal);
  if (end) {
    const done = STEP_LABELS.slice(0, reached).map((label): Step => ({ label, state: "done" }));
    return [...done, { label: end, state: "now" }];
  }
  return STEP_LABELS.map((label, index): Step => {
    if (index === reached) return { label: NOW_LABELS[index] ?? label, state: "now" };
    const isFree = deal.priceMinor === 0n;
    const shown =
      isFree && label === "Payment held"
        ? "Nothing to pay"
        : isFree && label === "Released"
          ? "Closed"
          : label;
    return { label: shown, state: index < reached ? "done" : "later" };
  });
}

function reachedSteps({
  negotiation,
  fulfilment,
  disputedFrom,
}: Pick<Facts, "negotiation" | "fulfilment" | "disputedFrom">): number {
  if (negotiation === "AGREED" || negotiation === "VERIFIED") return 1;
  if (negotiation !== "FINALIZED") return 0;
  const reached = {
    UNFUNDED: 2,
    LAPSED: 2,
    FUNDED: 3,
    DELIVERED: 4,
    DELIVERY_ACCEPTED: 5,
    RELEASED: 6,
    REFUNDED: 3,
    SPLIT: 3,
  };
  if (fulfilment === "DISPUTED")
    return reached[disputedFrom as "FUNDED" | "DELIVERED" | "DELIVERY_ACCEPTED"] ?? 3;
  return reached[fulfilment];
}

function endLabel({ negotiation, fulfilment }: Pick<Facts, "negotiation" | "fulfilment">): string | null {
  if (negotiation === "TERMINATED") return "Ended";
  const labels: Partial<Record<Facts["fulfilment"], string>> = {
    DISPUTED: "In dispute",
    REFUNDED: "Refunded",
    SPLIT: "Split",
    LAPSED: "Lapsed",
  };
  return labels[fulfilment] ?? null;
}
