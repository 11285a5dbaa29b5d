import { expect, test } from "vitest";
import { clockHours } from "@/lib/terms/clock-hours";
import { type Clock, deadlineAfterReminder, hasPassed, hoursAfter } from "./clock";
import { otherParty } from "./deal";
import { deadlineOn, dueMove } from "./deadline";
import {
  type FulfilmentFacts,
  type FulfilmentMove,
  fulfil,
  fulfilmentMoves,
  isHeld,
  isSettled,
  mayFulfil,
} from "./fulfilment";
import {
  type Mover,
  type NegotiationState,
  type Party,
  mayNegotiate,
  movers,
  negotiate,
  negotiationMoves,
  parties,
} from "./negotiation";

/**
 * Every state that a deal can come into by the two tables and the clock, with clocks that run late, early or never, and
 * what the test itself remembers of the way there. The present moment is always NOW: waiting moves the dates.
 */
type World = FulfilmentFacts &
  Clock & {
    negotiation: NegotiationState;
    proposalBy: Party | null;
    isLogged: boolean;
    /** Hours since it came into this state, and since the side it waits for was told; no more than are asked for. */
    hoursHere: number;
    toldHours: number | null;
    /** How the delivery was accepted. */
    acceptedBy: "buyer" | "silence" | null;
  };

type Step = { name: FulfilmentMove | "other"; by: Mover; to: World };

const NOW = new Date("2026-11-22T12:00:00Z");
/** Of which all clocks are multiples; long enough for a reminder to have stood. */
const TICK_HOURS = 12;
const MOST_HOURS = 5 * 24;

const begin: World = {
  negotiation: "REQUESTED",
  fulfilment: "UNFUNDED",
  disputedFrom: null,
  disputants: [],
  ...fresh("REQUESTED", "UNFUNDED"),
  proposalBy: null,
  isLogged: false,
  acceptedBy: null,
};

function fresh(negotiation: NegotiationState, fulfilment: World["fulfilment"]) {
  const deadline = deadlineOn(negotiation, fulfilment, NOW);
  const clock = { deadlineKind: deadline?.kind ?? null, deadlineAt: deadline?.at ?? null, remindedAt: null };
  return { ...clock, hoursHere: 0, toldHours: null };
}

/** The rules under test; planted faults put others in their place. */
const rules = { mayFulfil, fulfil, fresh, dueMove };
type Rules = typeof rules;

function fulfilled(world: World, move: FulfilmentMove, by: Mover, under: Rules): World {
  const facts = under.fulfil(world, move, by, NOW);
  const acceptedBy = { acceptDelivery: "buyer", acceptBySilence: "silence" } as const;
  return {
    ...world,
    ...facts,
    ...under.fresh(world.negotiation, facts.fulfilment),
    proposalBy: null,
    acceptedBy: move in acceptedBy ? acceptedBy[move as keyof typeof acceptedBy] : world.acceptedBy,
  };
}

function waited(world: World): World {
  const { deadlineAt, remindedAt, hoursHere, toldHours } = world;
  const earlier = (at: Date | null, least: number) =>
    at && new Date(Math.max(hoursAfter(at, -TICK_HOURS).getTime(), hoursAfter(NOW, least).getTime()));
  return {
    ...world,
    deadlineAt: earlier(deadlineAt, -3 * TICK_HOURS),
    remindedAt: earlier(remindedAt, -TICK_HOURS),
    hoursHere: Math.min(hoursHere + TICK_HOURS, MOST_HOURS),
    toldHours: toldHours === null ? null : Math.min(toldHours + TICK_HOURS, TICK_HOURS),
  };
}

function clockSteps(world: World, under: Rules): Step[] {
  const due = under.dueMove(world, NOW);
  if (due === null) return [];
  if (due === "remind") {
    const deadlineAt = deadlineAfterReminder({ ...world, deadlineAt: world.deadlineAt ?? NOW }, NOW);
    return [{ name: "other", by: "system", to: { ...world, deadlineAt, remindedAt: NOW, toldHours: 0 } }];
  }
  if (due === "expire") {
    const negotiation = negotiate(world, due, "system", NOW);
    return [
      { name: "other", by: "system", to: { ...world, negotiation, ...fresh(negotiation, "UNFUNDED") } },
    ];
  }
  if (due === "release" && !world.isLogged) return [];
  return [{ name: due, by: "system", to: fulfilled(world, due, "system", under) }];
}

function stepsFrom(world: World, under: Rules = rules): Step[] {
  if (world.negotiation === "TERMINATED" || isSettled(world.fulfilment)) return [];
  const steps: Step[] = [{ name: "other", by: "system", to: waited(world) }, ...clockSteps(world, under)];
  if (world.acceptedBy) steps.push({ name: "other", by: "system", to: { ...world, isLogged: true } });
  for (const by of movers) {
    for (const move of negotiationMoves) {
      if (move === "expire" || !mayNegotiate(world, move, by, NOW)) continue;
      const negotiation = negotiate(world, move, by, NOW);
      steps.push({
        name: "other",
        by,
        to: { ...world, negotiation, ...under.fresh(negotiation, "UNFUNDED") },
      });
    }
    if (world.negotiation === "FINALIZED") steps.push(...fulfilmentSteps(world, by, under));
  }
  return steps;
}

function fulfilmentSteps(world: World, by: Mover, under: Rules): Step[] {
  const may = (move: FulfilmentMove) => under.mayFulfil(world, move, by, NOW);
  const isParty = by === "buyer" || by === "seller";
  const proposals: Step[] =
    isParty && may("agreeOnSplit") ? [{ name: "other", by, to: { ...world, proposalBy: by } }] : [];
  // The platform's own moves come with its clock, above; a split needs the other side's proposal.
  const isPossible = (move: FulfilmentMove) =>
    may(move) &&
    (by !== "system" || move === "fund" || move === "deliver") &&
    (move !== "agreeOnSplit" || (isParty && world.proposalBy === otherParty(by)));
  const moves = fulfilmentMoves.filter(isPossible);
  return [...proposals, ...moves.map((name) => ({ name, by, to: fulfilled(world, name, by, under) }))];
}

function explore(under: Rules = rules): Map<string, { world: World; steps: Step[] }> {
  const found = new Map<string, { world: World; steps: Step[] }>();
  const waiting = [begin];
  for (let world = waiting.pop(); world; world = waiting.pop()) {
    const key = JSON.stringify(world);
    if (found.has(key)) continue;
    const steps = stepsFrom(world, under);
    found.set(key, { world, steps });
    waiting.push(...steps.map(({ to }) => to));
  }
  return found;
}

/** Somebody whose deadline passed half a day or more after they were told of it, and after all of its time. */
function wasSilent(world: World, hours: number): boolean {
  const isPassed = world.deadlineAt !== null && hasPassed(world.deadlineAt, NOW);
  return isPassed && world.toldHours !== null && world.toldHours >= 12 && world.hoursHere >= hours;
}

/** Why a party that has not given its right up has lost it in this state; null where it has it. */
function lostRight({ world, steps }: { world: World; steps: Step[] }, party: Party): string | null {
  if (!isHeld(world.fulfilment) || world.disputants.includes(party)) return null;
  if (world.fulfilment === "DISPUTED") return null;
  if (steps.some(({ name, by }) => name === "openDispute" && by === party)) return null;
  const ends = steps.map(({ to }) => to.fulfilment).filter((state) => state !== world.fulfilment);
  const getsAll = party === "buyer" && ends.length > 0 && ends.every((state) => state === "REFUNDED");
  const isUndelivered = world.fulfilment === "FUNDED";
  if (isUndelivered && (getsAll || (party === "seller" && wasSilent(world, clockHours.delivery))))
    return null;
  return `the ${party} cannot dispute in ${world.fulfilment}`;
}

/** What an end lacks of the word, or the silence after notice, of the side that it costs something; null for a right one. */
function wrongEnd(world: World, { name, by, to }: Step): string | null {
  const isEnd = isHeld(world.fulfilment) && isSettled(to.fulfilment);
  if (name === "acceptBySilence" && !wasSilent(world, clockHours.inspection))
    return "accepted without notice";
  if (!isEnd || by === "moderator") return null;
  switch (name) {
    case "release":
      return world.acceptedBy && world.isLogged && world.hoursHere >= clockHours.objection
        ? null
        : "released without acceptance, log or time to object";
    case "refundUndelivered":
      return wasSilent(world, clockHours.delivery) ? null : "refunded without notice";
    case "giveBack":
      return by === "seller" ? null : "given back by another than the seller";
    case "agreeOnSplit":
      return (by === "buyer" || by === "seller") && world.proposalBy === otherParty(by)
        ? null
        : "split without a proposal of the other side";
    default:
      return `ended by ${name}`;
  }
}

function faultsOf(states: ReturnType<typeof explore>): Set<string> {
  const faults = [...states.values()].flatMap((state) => [
    ...parties.map((party) => lostRight(state, party)),
    ...state.steps.map((step) => wrongEnd(state.world, step)),
  ]);
  return new Set(faults.filter((fault) => fault !== null));
}

const states = explore();

test("the exploration reaches every state in which money is held, with every order of disputes", () => {
  const seen = new Set(
    [...states.values()]
      .filter(({ world }) => isHeld(world.fulfilment))
      .map(({ world }) => `${world.fulfilment} ${world.disputants.join(",")}`),
  );
  const orders = ["", "buyer", "seller", "buyer,seller", "seller,buyer"];
  const expected = ["FUNDED", "DELIVERED", "DELIVERY_ACCEPTED", "DISPUTED"].flatMap((state) =>
    orders.filter((order) => state !== "DISPUTED" || order !== "").map((order) => `${state} ${order}`),
  );
  expect([...seen].sort()).toEqual(expected.sort());
  const taken = new Set([...states.values()].flatMap(({ steps }) => steps.map(({ name }) => name)));
  expect([...taken].sort()).toEqual(["other", ...fulfilmentMoves].sort());
  expect(states.size).toBeGreaterThan(2_000);
});

test("no path leaves a party without its right while money is held, nor ends without its word, its silence after notice, or a ruling", () => {
  expect(faultsOf(states)).toEqual(new Set());
});

test("from every state in which money is held an end can be reached, and by a ruling from every dispute", () => {
  const canEnd = new Set(
    [...states].filter(([, { world }]) => isSettled(world.fulfilment)).map(([key]) => key),
  );
  for (let before = -1; before !== canEnd.size;) {
    before = canEnd.size;
    for (const [key, { steps }] of states)
      if (steps.some(({ to }) => canEnd.has(JSON.stringify(to)))) canEnd.add(key);
  }
  for (const [key, { world, steps }] of states) {
    if (!isHeld(world.fulfilment)) continue;
    expect(canEnd.has(key)).toBe(true);
    if (world.fulfilment === "DISPUTED")
      expect(
        steps
          .filter(({ by }) => by === "moderator")
          .map(({ to }) => to.fulfilment)
          .sort(),
      ).toEqual(["REFUNDED", "RELEASED", "SPLIT"]);
  }
});

test("a withdrawn dispute gives the other side all of its time again, and never a second one to who withdrew", () => {
  const withdrawals = [...states.values()].flatMap(({ steps }) =>
    steps.filter(({ name }) => name === "withdrawDispute"),
  );
  expect(withdrawals.length).toBeGreaterThan(0);
  for (const { by, to } of withdrawals) {
    expect(to.deadlineAt).toEqual(hoursAfter(NOW, clockHours[to.deadlineKind ?? "dispute"]));
    expect(to.remindedAt).toBeNull();
    expect(stepsFrom(to).some((step) => step.name === "openDispute" && step.by === by)).toBe(false);
  }
});

function told<T extends Clock>(clock: T): T {
  return { ...clock, remindedAt: hoursAfter(NOW, -12) };
}

const planted: Record<string, { rules: Partial<Rules>; fault: string }> = {
  "one dispute for a deal, whoever opened it": {
    rules: {
      mayFulfil: (deal, move, by, now) =>
        mayFulfil(deal, move, by, now) && (move !== "openDispute" || deal.disputants.length === 0),
    },
    fault: "the buyer cannot dispute in DELIVERED",
  },
  "a clock that does not start anew while money is held": {
    rules: {
      fresh: (negotiation, fulfilment) => {
        const clock = fresh(negotiation, fulfilment);
        return isHeld(fulfilment) ? { ...clock, deadlineAt: NOW } : clock;
      },
    },
    fault: "released without acceptance, log or time to object",
  },
  "a clock that refunds and accepts without notice": {
    rules: {
      dueMove: (clock) => dueMove(told(clock), NOW),
      mayFulfil: (deal, move, by) => mayFulfil(told(deal), move, by, NOW),
      fulfil: (deal, move, by) => fulfil(told(deal), move, by, NOW),
    },
    fault: "refunded without notice",
  },
};

test.each(Object.entries(planted))(
  "the exploration finds a planted fault: %s",
  (_name, { rules: faulty, fault }) => {
    expect(faultsOf(explore({ ...rules, ...faulty }))).toContain(fault);
  },
);
