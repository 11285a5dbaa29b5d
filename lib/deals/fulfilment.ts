import { refuseUnless } from "@/lib/shared/domain-error";
import { type Clock, isOver, requireInTime } from "./clock";
import type { Mover, Party } from "./negotiation";

export const fulfilmentStates = [
  "UNFUNDED",
  "FUNDED",
  "DELIVERED",
  "DELIVERY_ACCEPTED",
  "RELEASED",
  "DISPUTED",
  "REFUNDED",
  "SPLIT",
  "LAPSED",
] as const;
export type FulfilmentState = (typeof fulfilmentStates)[number];

/** Where a dispute may begin, and where a withdrawn one returns to. */
export const disputableStates = ["FUNDED", "DELIVERED", "DELIVERY_ACCEPTED"] as const;

type Transition = {
  from: readonly FulfilmentState[];
  /** "WHERE_IT_WAS": the state in which the dispute began. */
  to: FulfilmentState | "WHERE_IT_WAS";
  by: readonly Mover[];
  /**
   * What the deadline is to the move: it ends it in the states named, or begins it ("due"). Elsewhere the move may come
   * late, as long as the state lasts: it takes nothing from a side that has not agreed to it.
   */
  deadline?: readonly FulfilmentState[] | "due";
};

/** Every legal move of a signed deal. The deal page, the clocks, the commands and the tests all read this table. */
export const fulfilmentTransitions = {
  fund: { from: ["UNFUNDED"], to: "FUNDED", by: ["buyer", "system"], deadline: ["UNFUNDED"] },
  lapse: { from: ["UNFUNDED"], to: "LAPSED", by: ["system"], deadline: "due" },
  deliver: { from: ["FUNDED"], to: "DELIVERED", by: ["seller", "system"], deadline: ["FUNDED"] },
  refundUndelivered: { from: ["FUNDED"], to: "REFUNDED", by: ["system"], deadline: "due" },
  acceptDelivery: { from: ["DELIVERED"], to: "DELIVERY_ACCEPTED", by: ["buyer"] },
  acceptBySilence: { from: ["DELIVERED"], to: "DELIVERY_ACCEPTED", by: ["system"], deadline: "due" },
  release: { from: ["DELIVERY_ACCEPTED"], to: "RELEASED", by: ["system"], deadline: "due" },
  giveBack: { from: disputableStates, to: "REFUNDED", by: ["seller"] },
  agreeOnSplit: { from: disputableStates, to: "SPLIT", by: ["buyer", "seller"], deadline: ["FUNDED"] },
  openDispute: { from: disputableStates, to: "DISPUTED", by: ["buyer", "seller"], deadline: ["FUNDED"] },
  withdrawDispute: { from: ["DISPUTED"], to: "WHERE_IT_WAS", by: ["buyer", "seller"] },
  ruleRelease: { from: ["DISPUTED"], to: "RELEASED", by: ["moderator"] },
  ruleRefund: { from: ["DISPUTED"], to: "REFUNDED", by: ["moderator"] },
  ruleSplit: { from: ["DISPUTED"], to: "SPLIT", by: ["moderator"] },
} as const satisfies Record<string, Transition>;

export type FulfilmentMove = keyof typeof fulfilmentTransitions;
export const fulfilmentMoves = Object.keys(fulfilmentTransitions) as FulfilmentMove[];

export type FulfilmentFacts = {
  fulfilment: FulfilmentState;
  disputedFrom: FulfilmentState | null;
  /** Who has opened a dispute, in order; the last one's is open while the deal is DISPUTED. */
  disputants: readonly Party[];
};

/** A party opens one dispute, whatever became of the other side's, and withdraws its own. */
function isTheirs({ disputants }: FulfilmentFacts, move: FulfilmentMove, by: Mover): boolean {
  if (move === "openDispute") return !disputants.some((party) => party === by);
  return move !== "withdrawDispute" || disputants.at(-1) === by;
}

function hasMove(deal: FulfilmentFacts, move: FulfilmentMove, by: Mover): boolean {
  const { from, by: movers }: Transition = fulfilmentTransitions[move];
  return from.includes(deal.fulfilment) && movers.includes(by) && isTheirs(deal, move, by);
}

function isTooLate(deal: FulfilmentFacts & Clock, move: FulfilmentMove, now: Date): boolean {
  const { deadline }: Transition = fulfilmentTransitions[move];
  return (
    deadline !== undefined && deadline !== "due" && deadline.includes(deal.fulfilment) && isOver(deal, now)
  );
}

export function mayFulfil(
  deal: FulfilmentFacts & Clock,
  move: FulfilmentMove,
  by: Mover,
  now: Date,
): boolean {
  const { deadline }: Transition = fulfilmentTransitions[move];
  const isEarly = deadline === "due" && !isOver(deal, now);
  return hasMove(deal, move, by) && !isEarly && !isTooLate(deal, move, now);
}

/**
 * State and disputes after a move. Throws `fulfilment_move_refused` when the table does not have it, `already_disputed`
 * for a party's second dispute, and the refusal of the deal's clock when it comes too late. Whether the deal is signed
 * is asked before: see `requireSigned` in deal.ts.
 */
export function fulfil(
  deal: FulfilmentFacts & Clock,
  move: FulfilmentMove,
  by: Mover,
  now: Date,
): FulfilmentFacts {
  if (hasMove(deal, move, by) && isTooLate(deal, move, now)) requireInTime(deal, now);
  const { from, to }: Transition = fulfilmentTransitions[move];
  refuseUnless(
    move !== "openDispute" || !from.includes(deal.fulfilment) || isTheirs(deal, move, by),
    "already_disputed",
    "You have opened your one dispute about this deal and withdrawn it.",
  );
  refuseUnless(
    mayFulfil(deal, move, by, now),
    "fulfilment_move_refused",
    "This is no longer possible: the deal has moved on. What stands now is shown below.",
  );
  const fulfilment = to === "WHERE_IT_WAS" ? (deal.disputedFrom ?? "FUNDED") : to;
  const disputedFrom = fulfilment === "DISPUTED" ? deal.fulfilment : null;
  const isOpening = move === "openDispute" && (by === "buyer" || by === "seller");
  return { fulfilment, disputedFrom, disputants: isOpening ? [...deal.disputants, by] : deal.disputants };
}

export function isSettled(state: FulfilmentState): boolean {
  return state === "RELEASED" || state === "REFUNDED" || state === "SPLIT" || state === "LAPSED";
}

/** The payment is in the provider's hands, neither the seller's nor the buyer's. */
export function isHeld(state: FulfilmentState): boolean {
  return state === "DISPUTED" || disputableStates.some((held) => held === state);
}
