import { expect, test } from "vitest";
import { fulfilmentStates } from "./fulfilment";
import { negotiationStates } from "./negotiation";
import { mismatchOf } from "./transfer-match";

const now = new Date("2026-11-22T12:00:00Z");
const deal = {
  ...{ paymentProvider: "bank-transfer", negotiation: "FINALIZED" as const, fulfilment: "UNFUNDED" as const },
  ...{ deadlineKind: "payment" as const, deadlineAt: new Date("2026-11-25T12:00:00Z"), remindedAt: null },
  ...{ priceMinor: 21_000n, currency: "EUR" },
};
const transfer = { paymentReference: "OFC-7K2M-9QXA", amountMinor: 21_000n, currency: "EUR" };

test("a transfer of exactly the price, in time, pays the deal that waits for it, and in no other state", () => {
  for (const negotiation of negotiationStates)
    for (const fulfilment of fulfilmentStates) {
      const isPaid = negotiation === "FINALIZED" && fulfilment === "UNFUNDED";
      expect(mismatchOf(transfer, { ...deal, negotiation, fulfilment }, now) === null).toBe(isPaid);
    }
});

test.each([
  ["no_reference", { paymentReference: null }, {}],
  ["not_by_transfer", {}, { paymentProvider: "demo" }],
  ["not_by_transfer", {}, { negotiation: "AGREED" as const }],
  ["lapsed", {}, { fulfilment: "LAPSED" as const }],
  ["lapsed", {}, { deadlineAt: now }],
  ["paid_before", {}, { fulfilment: "FUNDED" as const }],
  ["paid_before", {}, { fulfilment: "REFUNDED" as const }],
  ["amount_differs", { amountMinor: 20_999n }, {}],
  ["amount_differs", { amountMinor: 21_001n }, {}],
  ["amount_differs", { currency: "USD" }, {}],
])("one that does not pay says why: %s", (mismatch, transferChange, dealChange) => {
  expect(mismatchOf({ ...transfer, ...transferChange }, { ...deal, ...dealChange }, now)).toBe(mismatch);
});

test("a reference of no deal is unknown", () => {
  expect(mismatchOf(transfer, null, now)).toBe("unknown_reference");
});
