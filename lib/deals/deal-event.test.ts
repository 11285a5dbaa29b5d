import { expect, test } from "vitest";
import { type DealEvent, dealEventSchema, envelopeOf, isSettlement } from "./deal-event";

const recorded = { envelopeSha256: "e" };
const amounts = { buyerMinor: "0", sellerMinor: "1200" };

const events: DealEvent[] = [
  { kind: "offered", details: { by: "buyer", number: 1, priceMinor: "1200" } },
  { kind: "declined", details: { by: "seller" } },
  { kind: "withdrawn", details: { by: "buyer" } },
  { kind: "expired", details: {} },
  { kind: "agreed", details: { standing: true } },
  { kind: "agreed", details: { by: "seller", number: 2 } },
  { kind: "signed", details: { party: "buyer", method: "session", ...recorded } },
  { kind: "finalized", details: {} },
  { kind: "paid", details: { priceMinor: "1200", provider: "demo" } },
  { kind: "receipt_seen", details: {} },
  { kind: "lapsed", details: {} },
  { kind: "delivered", details: { by: "system", files: 2, sizeBytes: "10", ...recorded } },
  { kind: "downloaded", details: { path: "model.onnx", sha256: "f" } },
  { kind: "accepted", details: recorded },
  { kind: "accepted_by_silence", details: recorded },
  { kind: "released", details: amounts },
  { kind: "refunded", details: amounts },
  { kind: "split", details: amounts },
  { kind: "ruled", details: { ...amounts, ...recorded } },
  { kind: "split_proposed", details: { by: "buyer", buyerMinor: "600" } },
  { kind: "dispute_opened", details: { by: "buyer", ...recorded } },
  { kind: "dispute_withdrawn", details: recorded },
  { kind: "deleted", details: recorded },
  { kind: "reminded", details: { party: "seller" } },
  { kind: "delivery_extended", details: {} },
  { kind: "inspection_extended", details: {} },
  { kind: "clock_moved", details: { days: 5 } },
];

test("every kind of event is read back as it was written", () => {
  for (const event of events) expect(dealEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  const kinds = dealEventSchema.options.flatMap(({ shape }) => [...shape.kind.values]);
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(kinds));
});

test("an event with the details of another kind, or of no kind, is not read", () => {
  for (const event of [
    { kind: "offered", details: { path: "model.onnx", sha256: "f" } },
    { kind: "paid", details: { priceMinor: 1200, provider: "demo" } },
    { kind: "accepted", details: {} },
    { kind: "surprise", details: {} },
  ])
    expect(dealEventSchema.safeParse(event).success).toBe(false);
});

test("money leaves a deal with four kinds, and every record has its envelope", () => {
  expect(events.filter(isSettlement).map(({ kind }) => kind)).toEqual([
    "released",
    "refunded",
    "split",
    "ruled",
  ]);
  const marked = events.filter((event) => envelopeOf(event) === "e").map(({ kind }) => kind);
  expect(marked).toEqual([
    "signed",
    "delivered",
    "accepted",
    "accepted_by_silence",
    "ruled",
    "dispute_opened",
    "dispute_withdrawn",
    "deleted",
  ]);
});
