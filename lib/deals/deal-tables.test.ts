import { expect, test } from "vitest";
import { paymentProviders } from "@/lib/ledger/payment-provider";
import { type Clock, hoursAfter } from "./clock";
import { clockOf, longestHoldDays } from "./deadline";
import {
  type FulfilmentMove,
  type FulfilmentFacts,
  type FulfilmentState,
  disputableStates,
  fulfil,
  fulfilmentMoves,
  fulfilmentStates,
  fulfilmentTransitions,
  isHeld,
  isSettled,
  mayFulfil,
} from "./fulfilment";
import {
  type Mover,
  type NegotiationState,
  mayNegotiate,
  movers,
  negotiate,
  negotiationMoves,
  negotiationStates,
  negotiationTransitions,
  withdrawalOf,
} from "./negotiation";

const refused = (text: string) => expect.objectContaining({ code: text });

const NOW = new Date("2026-11-22T12:00:00Z");
const noClock = { deadlineKind: null, deadlineAt: null, remindedAt: null } as const;
const undisputed = { disputedFrom: null, disputants: [] };
/** What comes at a deadline finds one that has passed. */
const clockFor = (transition: object) =>
  "deadline" in transition && transition.deadline === "due" ? { ...noClock, deadlineAt: NOW } : noClock;

/** The Dataspace Protocol's diagram, written down a second time by hand: state → state, and who. */
const DIAGRAM = [
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
  for (const from of negotiationStates) {
    for (const move of negotiationMoves) {
      for (const by of movers) {
        try {
          found.add(
            `${from}>${negotiate({ negotiation: from, ...clockFor(negotiationTransitions[move]) }, move, by, NOW)} ${by}`,
          );
        } catch (error) {
          expect(error).toEqual(refused("negotiation_move_refused"));
        }
      }
    }
  }
  expect([...found].sort()).toEqual([...DIAGRAM].sort());
  const opening = negotiationMoves
    .map((move) => negotiationTransitions[move])
    .filter(({ from }) => (from as readonly string[]).includes("NEW"));
  expect(opening).toEqual([
    { from: ["NEW"], to: "REQUESTED", by: ["buyer"] },
    { from: ["NEW"], to: "AGREED", by: ["buyer"] },
  ]);
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
  "DISPUTED>DELIVERED seller",
  "DISPUTED>RELEASED moderator",
  "DISPUTED>REFUNDED moderator",
  "DISPUTED>SPLIT moderator",
];

test("a signed deal has these moves and no other, for every state, move and mover", () => {
  const found = new Set<string>();
  for (const fulfilment of fulfilmentStates) {
    const disputed = { disputedFrom: "DELIVERED", disputants: ["seller"] } as const;
    const deal = { fulfilment, ...(fulfilment === "DISPUTED" ? disputed : undisputed) };
    for (const move of fulfilmentMoves) {
      for (const by of movers) {
        try {
          found.add(
            `${fulfilment}>${fulfil({ ...deal, ...clockFor(fulfilmentTransitions[move]) }, move, by, NOW).fulfilment} ${by}`,
          );
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
  const deal = { fulfilment, ...undisputed, ...noClock };
  const disputed = fulfil(deal, "openDispute", "buyer", NOW);
  expect(disputed).toEqual({ fulfilment: "DISPUTED", disputedFrom: fulfilment, disputants: ["buyer"] });
  const after = fulfil({ ...disputed, ...noClock }, "withdrawDispute", "buyer", NOW);
  expect(after).toEqual({ fulfilment, disputedFrom: null, disputants: ["buyer"] });
});

test.each(disputableStates)(
  "in %s each party opens one dispute, and withdraws no other than its own",
  (from) => {
    let deal: FulfilmentFacts = { fulfilment: from, ...undisputed };
    const move = (name: "openDispute" | "withdrawDispute", by: "buyer" | "seller") =>
      (deal = fulfil({ ...deal, ...noClock }, name, by, NOW));
    move("openDispute", "seller");
    expect(() => move("openDispute", "buyer")).toThrow(refused("fulfilment_move_refused"));
    expect(() => move("withdrawDispute", "buyer")).toThrow(refused("fulfilment_move_refused"));
    move("withdrawDispute", "seller");
    expect(() => move("openDispute", "seller")).toThrow(refused("already_disputed"));
    move("openDispute", "buyer");
    expect(() => move("withdrawDispute", "seller")).toThrow(refused("fulfilment_move_refused"));
    move("withdrawDispute", "buyer");
    expect(() => move("openDispute", "buyer")).toThrow(refused("already_disputed"));
    expect(deal).toEqual({ fulfilment: from, disputedFrom: null, disputants: ["seller", "buyer"] });
  },
);

/** What a deadline is to each move, written down a second time by hand: README, "What a deadline ends". */
const ENDS = "before it only";
const BEGINS = "from it on";
const LEAVES = "before and after";
const DEADLINES: Record<FulfilmentMove, Partial<Record<FulfilmentState, string>>> = {
  fund: { UNFUNDED: ENDS },
  lapse: { UNFUNDED: BEGINS },
  deliver: { FUNDED: ENDS },
  refundUndelivered: { FUNDED: BEGINS },
  acceptDelivery: { DELIVERED: LEAVES },
  acceptBySilence: { DELIVERED: BEGINS },
  release: { DELIVERY_ACCEPTED: BEGINS },
  giveBack: { FUNDED: LEAVES, DELIVERED: LEAVES, DELIVERY_ACCEPTED: LEAVES },
  agreeOnSplit: { FUNDED: ENDS, DELIVERED: LEAVES, DELIVERY_ACCEPTED: LEAVES },
  openDispute: { FUNDED: ENDS, DELIVERED: LEAVES, DELIVERY_ACCEPTED: LEAVES },
  withdrawDispute: { DISPUTED: LEAVES },
  ruleRelease: { DISPUTED: LEAVES },
  ruleRefund: { DISPUTED: LEAVES },
  ruleSplit: { DISPUTED: LEAVES },
};

/** When a move is possible, by asking a millisecond before the deadline, at it, and an hour after it. */
function timing(may: (clock: Clock) => boolean, kind: Clock["deadlineKind"], toldHours = 12): string {
  const asked = [-1, 0, 3_600_000].map((lateMs) => {
    const deadlineAt = new Date(NOW.getTime() - lateMs);
    return may({ deadlineKind: kind, deadlineAt, remindedAt: hoursAfter(NOW, -toldHours) });
  });
  const names = { "true,false,false": ENDS, "false,true,true": BEGINS, "true,true,true": LEAVES };
  return names[asked.join() as keyof typeof names] ?? asked.join();
}

const disputedBySeller = { disputedFrom: "DELIVERED", disputants: ["seller"] } as const;

test("a deadline ends, begins or leaves each move of a signed deal as the table says, for every state", () => {
  for (const move of fulfilmentMoves) {
    const { from, by } = fulfilmentTransitions[move];
    const found = from.map((fulfilment) => {
      const disputes = fulfilment === "DISPUTED" ? disputedBySeller : undisputed;
      const mover = fulfilment === "DISPUTED" && move === "withdrawDispute" ? "seller" : by[0];
      const may = (clock: Clock) => mayFulfil({ fulfilment, ...disputes, ...clock }, move, mover, NOW);
      return [fulfilment, timing(may, clockOf("FINALIZED", fulfilment))];
    });
    expect([move, Object.fromEntries(found)]).toEqual([move, DEADLINES[move]]);
  }
});

test("in a negotiation the deadline ends every move but the one that ends it", () => {
  for (const move of negotiationMoves) {
    for (const negotiation of negotiationStates) {
      const kind = clockOf(negotiation, "UNFUNDED");
      const { from, by } = negotiationTransitions[move];
      if (!kind || !(from as readonly string[]).includes(negotiation)) continue;
      const may = (clock: Clock) => mayNegotiate({ negotiation, ...clock }, move, by[0], NOW);
      expect([move, timing(may, kind)]).toEqual([move, move === "expire" ? BEGINS : ENDS]);
    }
  }
});

test("what comes too late is refused in the words of its clock", () => {
  const at = (deadlineKind: NonNullable<Clock["deadlineKind"]>) =>
    ({ deadlineKind, deadlineAt: NOW, remindedAt: hoursAfter(NOW, -12) }) as const;
  const offered = { negotiation: "REQUESTED", ...at("offer") } as const;
  expect(() => negotiate(offered, "acceptAsSeller", "seller", NOW)).toThrow(refused("offer_expired"));
  const agreed = { negotiation: "AGREED", ...at("signature") } as const;
  expect(() => negotiate(agreed, "verify", "buyer", NOW)).toThrow(refused("signature_late"));
  const unpaid = { fulfilment: "UNFUNDED", ...undisputed, ...at("payment") } as const;
  expect(() => fulfil(unpaid, "fund", "buyer", NOW)).toThrow(refused("payment_late"));
  const undelivered = { fulfilment: "FUNDED", ...undisputed, ...at("delivery") } as const;
  for (const move of ["deliver", "openDispute", "agreeOnSplit"] as const)
    expect(() => fulfil(undelivered, move, "seller", NOW)).toThrow(refused("delivery_late"));
});

test.each([0, 11, null])(
  "without a reminder that stood half a day (%s hours) silence costs nobody anything",
  (told) => {
    const clock = {
      deadlineAt: hoursAfter(NOW, -1),
      remindedAt: told === null ? null : hoursAfter(NOW, -told),
    };
    const funded = { fulfilment: "FUNDED", ...undisputed, ...clock, deadlineKind: "delivery" } as const;
    expect(mayFulfil(funded, "deliver", "seller", NOW)).toBe(true);
    expect(mayFulfil(funded, "refundUndelivered", "system", NOW)).toBe(false);
    const delivered = {
      fulfilment: "DELIVERED",
      ...undisputed,
      ...clock,
      deadlineKind: "inspection",
    } as const;
    expect(mayFulfil(delivered, "acceptBySilence", "system", NOW)).toBe(false);
  },
);

test("who may give a negotiation up follows the diagram", () => {
  const may = (state: NegotiationState) =>
    (["buyer", "seller"] as Mover[]).filter(
      (party) => withdrawalOf({ negotiation: state, ...noClock }, party as "buyer" | "seller") !== null,
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
  // 3 + 1 for the delivery, 5 + 1 for the inspection, 1 to object, and twice 14 for a dispute with 6 to inspect anew.
  expect(longestHoldDays()).toBe(51);
  for (const name of ["demo", "bank-transfer"] as const)
    expect(longestHoldDays()).toBeLessThan(paymentProviders[name].holdLimitDays);
});
