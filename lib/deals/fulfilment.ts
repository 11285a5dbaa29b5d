import { refuseUnless } from "@/lib/shared/domain-error";
import type { Mover } from "./negotiation";

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
};

/** Every legal move of a signed deal. The deal page, the clocks, the commands and the tests all read this table. */
export const fulfilmentTransitions = {
  fund: { from: ["UNFUNDED"], to: "FUNDED", by: ["buyer", "system"] },
  lapse: { from: ["UNFUNDED"], to: "LAPSED", by: ["system"] },
  deliver: { from: ["FUNDED"], to: "DELIVERED", by: ["seller", "system"] },
  refundUndelivered: { from: ["FUNDED"], to: "REFUNDED", by: ["system"] },
  acceptDelivery: { from: ["DELIVERED"], to: "DELIVERY_ACCEPTED", by: ["buyer", "system"] },
  release: { from: ["DELIVERY_ACCEPTED"], to: "RELEASED", by: ["system"] },
  giveBack: { from: disputableStates, to: "REFUNDED", by: ["seller"] },
  agreeOnSplit: { from: disputableStates, to: "SPLIT", by: ["buyer", "seller"] },
  openDispute: { from: disputableStates, to: "DISPUTED", by: ["buyer", "seller"] },
  withdrawDispute: { from: ["DISPUTED"], to: "WHERE_IT_WAS", by: ["buyer", "seller", "system"] },
  ruleRelease: { from: ["DISPUTED"], to: "RELEASED", by: ["moderator"] },
  ruleRefund: { from: ["DISPUTED"], to: "REFUNDED", by: ["moderator"] },
  ruleSplit: { from: ["DISPUTED"], to: "SPLIT", by: ["moderator"] },
} as const satisfies Record<string, Transition>;

export type FulfilmentMove = keyof typeof fulfilmentTransitions;
export const fulfilmentMoves = Object.keys(fulfilmentTransitions) as FulfilmentMove[];

export type FulfilmentFacts = { fulfilment: FulfilmentState; disputedFrom: FulfilmentState | null };

export function mayFulfil({ fulfilment }: FulfilmentFacts, move: FulfilmentMove, by: Mover): boolean {
  const transition: Transition = fulfilmentTransitions[move];
  return transition.from.includes(fulfilment) && transition.by.includes(by);
}

/**
 * State and dispute origin after a move. Throws `fulfilment_move_refused` when the table does not have it. Whether the
 * deal is signed is asked before: see `requireSigned` in deal.ts.
 */
export function fulfil(facts: FulfilmentFacts, move: FulfilmentMove, by: Mover): FulfilmentFacts {
  refuseUnless(
    mayFulfil(facts, move, by),
    "fulfilment_move_refused",
    "This is no longer possible: the deal has moved on. What stands now is shown below.",
  );
  const { to }: Transition = fulfilmentTransitions[move];
  const fulfilment = to === "WHERE_IT_WAS" ? (facts.disputedFrom ?? "FUNDED") : to;
  return { fulfilment, disputedFrom: fulfilment === "DISPUTED" ? facts.fulfilment : null };
}

export function isSettled(state: FulfilmentState): boolean {
  return state === "RELEASED" || state === "REFUNDED" || state === "SPLIT" || state === "LAPSED";
}

/** The payment is in the provider's hands, neither the seller's nor the buyer's. */
export function isHeld(state: FulfilmentState): boolean {
  return state === "DISPUTED" || disputableStates.some((held) => held === state);
}
