import fc from "fast-check";
import { expect, test } from "vitest";
import { hoursAfter, isReminderDue } from "./clock";
import { deadlineOn, dueMove } from "./deadline";
import { fulfilmentStates, isSettled } from "./fulfilment";
import { negotiationStates } from "./negotiation";
import { dealSteps, nextAction } from "./next-action";
import { changesBetween, requireAnswerable } from "./offer";

const now = new Date("2026-11-22T12:00:00Z");
const states = negotiationStates.flatMap((negotiation) =>
  (negotiation === "FINALIZED" ? fulfilmentStates : (["UNFUNDED"] as const)).map((fulfilment) => ({
    negotiation,
    fulfilment,
  })),
);

function dealIn(state: (typeof states)[number], hasFiles: boolean, sellerSigned: boolean) {
  const deadline = deadlineOn(state.negotiation, state.fulfilment, now);
  const buyerSigned = state.negotiation === "VERIFIED" || state.negotiation === "FINALIZED";
  return {
    ...state,
    disputedFrom: null,
    disputants: [] as ("buyer" | "seller")[],
    deadlineKind: deadline?.kind ?? null,
    deadlineAt: deadline?.at ?? null,
    remindedAt: null,
    priceMinor: 100n,
    paymentProvider: "demo",
    signed: { buyer: buyerSigned, seller: state.negotiation === "FINALIZED" || sellerSigned },
    hasFiles,
    acceptanceLog: null,
  };
}

test("in every state each side has one action, and whoever waits is told what happens otherwise", () => {
  for (const state of states.filter(({ negotiation }) => negotiation !== "ACCEPTED")) {
    for (const hasFiles of [true, false]) {
      for (const sellerSigned of [true, false]) {
        const deal = dealIn(state, hasFiles, sellerSigned && state.negotiation !== "VERIFIED");
        const both = [nextAction(deal, "buyer", now), nextAction(deal, "seller", now)];
        for (const action of both) {
          expect(action.title).not.toBe("");
          expect(action.by === null || action.otherwise !== null || state.fulfilment === "DISPUTED").toBe(
            true,
          );
        }
        const isOver = state.negotiation === "TERMINATED" || isSettled(state.fulfilment);
        if (isOver) expect(both.some((action) => action.isYours)).toBe(false);
      }
    }
  }
});

test("an accepted deal says whether time, the log or a fault of the log holds it up", () => {
  const accepted = dealIn({ negotiation: "FINALIZED", fulfilment: "DELIVERY_ACCEPTED" }, true, true);
  const shown = (acceptanceLog: "proven" | "failed" | null, isDue: boolean) =>
    nextAction({ ...accepted, acceptanceLog }, "seller", isDue ? hoursAfter(now, 24) : now);
  expect(shown("proven", false)).toMatchObject({ title: "Accepted; the payment is released soon" });
  expect(shown(null, false).text).toContain("does not prove the acceptance yet");
  expect(shown(null, true)).toMatchObject({ title: "Waiting for the log", by: null, since: now });
  expect(shown("proven", true).text).toContain("at the next turn of the clock");
  const disputed = (disputants: ("buyer" | "seller")[]) =>
    nextAction({ ...accepted, disputants }, "seller", now).text;
  expect(disputed([])).toContain("Either side may still object");
  expect(disputed(["seller"])).toContain("The buyer may still object");
  expect(disputed(["seller", "buyer"])).not.toContain("may still object");
  for (const isDue of [false, true])
    expect(shown("failed", isDue)).toMatchObject({ title: "Stopped: the log does not prove it", since: now });
});

test("what waits for a person is exactly one side's turn, except while neither has signed", () => {
  const turns = (state: (typeof states)[number], hasFiles = true, sellerSigned = true) => {
    const deal = dealIn(state, hasFiles, sellerSigned);
    return (["buyer", "seller"] as const).filter((party) => nextAction(deal, party, now).isYours);
  };
  const fulfilled = (fulfilment: (typeof fulfilmentStates)[number]) => ({
    negotiation: "FINALIZED" as const,
    fulfilment,
  });
  expect(turns({ negotiation: "REQUESTED", fulfilment: "UNFUNDED" })).toEqual(["seller"]);
  expect(turns({ negotiation: "OFFERED", fulfilment: "UNFUNDED" })).toEqual(["buyer"]);
  expect(turns({ negotiation: "AGREED", fulfilment: "UNFUNDED" })).toEqual(["buyer"]);
  expect(turns({ negotiation: "AGREED", fulfilment: "UNFUNDED" }, true, false)).toEqual(["buyer", "seller"]);
  expect(turns({ negotiation: "VERIFIED", fulfilment: "UNFUNDED" }, true, false)).toEqual(["seller"]);
  expect(turns(fulfilled("UNFUNDED"))).toEqual(["buyer"]);
  expect(turns(fulfilled("FUNDED"), false)).toEqual(["seller"]);
  expect(turns(fulfilled("DELIVERED"))).toEqual(["buyer"]);
  expect(turns(fulfilled("DELIVERY_ACCEPTED"))).toEqual([]);
});

test("the steps show at most one present step, and everything before it as done", () => {
  for (const state of states) {
    const steps = dealSteps({ ...state, disputedFrom: null, priceMinor: 1n }).map((step) => step.state);
    expect(steps.filter((step) => step === "now").length).toBeLessThanOrEqual(1);
    expect(steps.join(" ")).toMatch(/^(done ?)*(now ?)?(later ?)*$/);
  }
});

test("silence accepts only at or after the deadline and twelve hours after a reminder", () => {
  const hour = fc.integer({ min: -200, max: 200 });
  fc.assert(
    fc.property(hour, fc.option(hour, { nil: null }), (sinceDeadline, sinceReminder) => {
      const deal = {
        deadlineKind: "inspection" as const,
        deadlineAt: hoursAfter(now, -sinceDeadline),
        remindedAt: sinceReminder === null ? null : hoursAfter(now, -sinceReminder),
      };
      const isSilence = sinceDeadline >= 0 && sinceReminder !== null && sinceReminder >= 12;
      expect(dueMove(deal, now) === "acceptBySilence").toBe(isSilence);
      expect(isReminderDue(deal, now)).toBe(sinceReminder === null && sinceDeadline >= -24);
    }),
  );
});

const offer = {
  priceMinor: 18_000n,
  termMonths: 12,
  rights: {
    useCommercially: "yes" as const,
    modify: "no" as const,
    redistribute: "no" as const,
    sublicense: "no" as const,
    fieldOfUse: null,
  },
};

test("an offer is answered by its own number", () => {
  const open = { ...offer, number: 3, by: "seller" as const, expiresAt: now };
  expect(requireAnswerable(open, 3)).toBe(open);
  const superseded = expect.objectContaining({ code: "offer_superseded" });
  expect(() => requireAnswerable(open, 2)).toThrow(superseded);
  expect(() => requireAnswerable(null, 3)).toThrow(superseded);
});

test("at the deadline nobody is asked for what the clock now refuses, and both read what comes", () => {
  for (const state of states) {
    const deal = { ...dealIn(state, false, false), remindedAt: now };
    if (!deal.deadlineAt) continue;
    const isEnded = ["offer", "signature", "payment", "delivery"].includes(deal.deadlineKind ?? "");
    for (const party of ["buyer", "seller"] as const)
      expect(nextAction(deal, party, deal.deadlineAt).title === "The time is over").toBe(isEnded);
  }
});

test("what changed between two offers is listed, and nothing else", () => {
  expect(changesBetween(offer, offer, "EUR")).toEqual([]);
  const next = {
    ...offer,
    priceMinor: 21_000n,
    termMonths: null,
    rights: { ...offer.rights, modify: "yes" as const },
  };
  expect(changesBetween(offer, next, "EUR")).toEqual([
    { what: "Price", before: "€180", after: "€210" },
    { what: "Term", before: "12 months", after: "perpetual" },
    { what: "Modify", before: "no", after: "yes" },
  ]);
});
