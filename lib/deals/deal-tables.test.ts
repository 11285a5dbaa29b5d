import { expect, test } from "vitest";
import { paymentProviders } from "@/lib/ledger/payment-provider";
import { clockOf, longestHoldDays } from "./deadline";
import {
  type FulfilmentState,
  disputableStates,
  fulfil,
  fulfilmentMoves,
  fulfilmentStates,
  fulfilmentTransitions,
  isHeld,
  isSettled,
} from "./fulfilment";
import {
  type Mover,
  type NegotiationState,
  movers,
  negotiate,
  negotiationMoves,
  negotiationStates,
  negotiationTransitions,
  withdrawalOf,
} from "./negotiation";

const refused = (text: string) => expect.objectContaining({ code: text });

/** The Dataspace Protocol's diagram, written down a second time by hand: state → state, and who. */
const DIAGRAM = [
  "NEW>REQUESTED buyer",
  "NEW>AGREED buyer",
  "REQUESTED>OFFERED seller",
  "REQUESTED>AGREED seller",
  "REQUESTED>TERMINATED buyer",
  "REQUESTED>TERMINATED seller",
  "REQUESTED>TERMINATED system",
  "OFFERED>REQUESTED buyer",
  "OFFERED>ACCEPTED buyer",
  "OFFERED>TERMINATED buyer",
  "OFFERED>TERMINATED seller",
  "OFFERED>TERMINATED system",
  "ACCEPTED>AGREED seller",
  "ACCEPTED>AGREED system",
  "ACCEPTED>TERMINATED seller",
  "AGREED>VERIFIED buyer",
  "AGREED>TERMINATED buyer",
  "AGREED>TERMINATED system",
  "VERIFIED>FINALIZED seller",
  "VERIFIED>FINALIZED system",
  "VERIFIED>TERMINATED seller",
  "VERIFIED>TERMINATED system",
];

test("a negotiation has the moves of the protocol's diagram and no other, for every state, move and mover", () => {
  const found = new Set<string>();
  for (const from of ["NEW", ...negotiationStates] as const) {
    for (const move of negotiationMoves) {
      for (const by of movers) {
        try {
          found.add(`${from}>${negotiate(from, move, by)} ${by}`);
        } catch (error) {
          expect(error).toEqual(refused("negotiation_move_refused"));
        }
      }
    }
  }
  expect([...found].sort()).toEqual([...DIAGRAM].sort());
});

const FULFILMENT = [
  "UNFUNDED>FUNDED buyer",
  "UNFUNDED>FUNDED system",
  "UNFUNDED>LAPSED system",
  "FUNDED>DELIVERED seller",
  "FUNDED>DELIVERED system",
  "FUNDED>REFUNDED system",
  "DELIVERED>DELIVERY_ACCEPTED buyer",
  "DELIVERED>DELIVERY_ACCEPTED system",
  "DELIVERY_ACCEPTED>RELEASED system",
  ...disputableStates.flatMap((state) => [
    `${state}>DISPUTED buyer`,
    `${state}>DISPUTED seller`,
    `${state}>REFUNDED seller`,
    `${state}>SPLIT buyer`,
    `${state}>SPLIT seller`,
  ]),
  "DISPUTED>DELIVERED buyer",
  "DISPUTED>DELIVERED seller",
  "DISPUTED>DELIVERED system",
  "DISPUTED>RELEASED moderator",
  "DISPUTED>REFUNDED moderator",
  "DISPUTED>SPLIT moderator",
];

test("a signed deal has these moves and no other, for every state, move and mover", () => {
  const found = new Set<string>();
  for (const fulfilment of fulfilmentStates) {
    const disputedFrom = fulfilment === "DISPUTED" ? ("DELIVERED" as const) : null;
    for (const move of fulfilmentMoves) {
      for (const by of movers) {
        try {
          found.add(`${fulfilment}>${fulfil({ fulfilment, disputedFrom }, move, by).fulfilment} ${by}`);
        } catch (error) {
          expect(error).toEqual(refused("fulfilment_move_refused"));
        }
      }
    }
  }
  expect([...found].sort()).toEqual([...new Set(FULFILMENT)].sort());
});

function reachable<S extends string>(start: S, step: (state: S) => S[]): Set<S> {
  const seen = new Set<S>([start]);
  for (const state of seen) for (const next of step(state)) seen.add(next);
  return seen;
}

test("every state can be reached, and from every state an end can be reached", () => {
  const negotiation = (from: NegotiationState | "NEW") =>
    negotiationMoves
      .map((move) => negotiationTransitions[move])
      .filter((transition) => (transition.from as readonly string[]).includes(from))
      .map((transition) => transition.to as NegotiationState | "NEW");
  expect(reachable("NEW" as NegotiationState | "NEW", negotiation)).toEqual(
    new Set(["NEW", ...negotiationStates]),
  );
  for (const state of negotiationStates) {
    const ends = reachable(state as NegotiationState | "NEW", negotiation);
    expect(ends.has("FINALIZED") || ends.has("TERMINATED")).toBe(true);
  }
  const fulfilment = (from: FulfilmentState): FulfilmentState[] =>
    fulfilmentMoves
      .map((move) => fulfilmentTransitions[move])
      .filter((transition) => (transition.from as readonly string[]).includes(from))
      .flatMap(({ to }) => (to === "WHERE_IT_WAS" ? [...disputableStates] : [to]));
  expect(reachable("UNFUNDED" as FulfilmentState, fulfilment)).toEqual(new Set(fulfilmentStates));
  for (const state of fulfilmentStates) expect([...reachable(state, fulfilment)].some(isSettled)).toBe(true);
});

test.each(disputableStates)("a withdrawn dispute returns to %s, where it began", (fulfilment) => {
  const disputed = fulfil({ fulfilment, disputedFrom: null }, "openDispute", "buyer");
  expect(disputed).toEqual({ fulfilment: "DISPUTED", disputedFrom: fulfilment });
  expect(fulfil(disputed, "withdrawDispute", "buyer")).toEqual({ fulfilment, disputedFrom: null });
});

test("who may give a negotiation up follows the diagram", () => {
  const may = (state: NegotiationState) =>
    (["buyer", "seller"] as Mover[]).filter(
      (party) => withdrawalOf(state, party as "buyer" | "seller") !== null,
    );
  expect(Object.fromEntries(negotiationStates.map((state) => [state, may(state)]))).toEqual({
    REQUESTED: ["buyer", "seller"],
    OFFERED: ["buyer", "seller"],
    ACCEPTED: ["seller"],
    AGREED: ["buyer"],
    VERIFIED: ["seller"],
    FINALIZED: [],
    TERMINATED: [],
  });
});

test("every state that waits for somebody has a clock, and no end has one", () => {
  for (const state of fulfilmentStates) expect(clockOf("FINALIZED", state) === null).toBe(isSettled(state));
  for (const state of negotiationStates) {
    const isEnd = state === "TERMINATED" || state === "ACCEPTED";
    expect(clockOf(state, "UNFUNDED") === null).toBe(isEnd);
  }
});

test("money is held exactly between payment and end", () => {
  expect(fulfilmentStates.filter(isHeld)).toEqual(["FUNDED", "DELIVERED", "DELIVERY_ACCEPTED", "DISPUTED"]);
});

test("the clocks together never exceed what a provider may hold", () => {
  expect(longestHoldDays()).toBe(24);
  for (const name of ["demo", "bank-transfer"] as const)
    expect(longestHoldDays()).toBeLessThan(paymentProviders[name].holdLimitDays);
});
