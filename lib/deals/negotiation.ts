import { refuseUnless } from "@/lib/shared/domain-error";
import { type Clock, isOver, requireInTime } from "./clock";

/** The Dataspace Protocol's states; the consumer is the buyer, the provider the seller. */
export const negotiationStates = [
  "REQUESTED",
  "OFFERED",
  "ACCEPTED",
  "AGREED",
  "VERIFIED",
  "FINALIZED",
  "TERMINATED",
] as const;
export type NegotiationState = (typeof negotiationStates)[number];

export const parties = ["buyer", "seller"] as const;
export type Party = (typeof parties)[number];
/** "system": the platform, in the name of a party. "moderator": somebody who rules on a dispute. */
export type Mover = Party | "system" | "moderator";
export const movers = ["buyer", "seller", "system", "moderator"] as const satisfies readonly Mover[];

type Transition = {
  from: readonly (NegotiationState | "NEW")[];
  to: NegotiationState;
  by: readonly Mover[];
  /** Comes when the deadline has passed, not before; every other move comes before it. */
  deadline?: "due";
};

/** Every legal move of a negotiation. Pages, commands, clocks and tests all read this table. */
export const negotiationTransitions = {
  makeOffer: { from: ["NEW"], to: "REQUESTED", by: ["buyer"] },
  takeStandingOffer: { from: ["NEW"], to: "AGREED", by: ["buyer"] },
  counterAsSeller: { from: ["REQUESTED"], to: "OFFERED", by: ["seller"] },
  counterAsBuyer: { from: ["OFFERED"], to: "REQUESTED", by: ["buyer"] },
  acceptAsSeller: { from: ["REQUESTED"], to: "AGREED", by: ["seller"] },
  acceptAsBuyer: { from: ["OFFERED"], to: "ACCEPTED", by: ["buyer"] },
  agree: { from: ["ACCEPTED"], to: "AGREED", by: ["seller", "system"] },
  verify: { from: ["AGREED"], to: "VERIFIED", by: ["buyer"] },
  finalize: { from: ["VERIFIED"], to: "FINALIZED", by: ["seller", "system"] },
  terminate: { from: ["REQUESTED", "OFFERED"], to: "TERMINATED", by: ["buyer", "seller"] },
  terminateAsBuyer: { from: ["AGREED"], to: "TERMINATED", by: ["buyer"] },
  terminateAsSeller: { from: ["ACCEPTED", "VERIFIED"], to: "TERMINATED", by: ["seller"] },
  expire: {
    from: ["REQUESTED", "OFFERED", "AGREED", "VERIFIED"],
    to: "TERMINATED",
    by: ["system"],
    deadline: "due",
  },
} as const satisfies Record<string, Transition>;

export type NegotiationMove = keyof typeof negotiationTransitions;
export const negotiationMoves = Object.keys(negotiationTransitions) as NegotiationMove[];

export type NegotiationFacts = { negotiation: NegotiationState } & Clock;

function hasMove({ negotiation }: NegotiationFacts, move: NegotiationMove, by: Mover): boolean {
  const transition: Transition = negotiationTransitions[move];
  return transition.from.includes(negotiation) && transition.by.includes(by);
}

export function mayNegotiate(deal: NegotiationFacts, move: NegotiationMove, by: Mover, now: Date): boolean {
  const { deadline }: Transition = negotiationTransitions[move];
  return hasMove(deal, move, by) && isOver(deal, now) === (deadline === "due");
}

/**
 * The state after a move. Throws `negotiation_move_refused` when the table does not have it, and the refusal of the
 * deal's clock when it comes too late.
 */
export function negotiate(
  deal: NegotiationFacts,
  move: NegotiationMove,
  by: Mover,
  now: Date,
): NegotiationState {
  const transition: Transition = negotiationTransitions[move];
  if (hasMove(deal, move, by) && transition.deadline !== "due") requireInTime(deal, now);
  refuseUnless(
    mayNegotiate(deal, move, by, now),
    "negotiation_move_refused",
    "This is no longer possible: the deal has moved on. What stands now is shown below.",
  );
  return transition.to;
}

/** The move by which a party gives a negotiation up in its state, in time or not; null when it may not. */
export function withdrawalOf(deal: NegotiationFacts, party: Party): NegotiationMove | null {
  const moves = ["terminate", "terminateAsBuyer", "terminateAsSeller"] as const;
  return moves.find((move) => hasMove(deal, move, party)) ?? null;
}
