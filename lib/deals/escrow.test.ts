import fc from "fast-check";
import { expect, test } from "vitest";
import { balanceOfPostings } from "@/lib/ledger/balance";
import type { Posting } from "@/lib/ledger/journal-entry";
import {
  type EscrowDeal,
  feeOn,
  freezeShares,
  fundEntry,
  payeesOf,
  previewSettlement,
  refundEntry,
  releaseEntry,
  settlementEntry,
} from "./escrow";
import { type FulfilmentFacts, type FulfilmentMove, fulfil, fulfilmentMoves, isHeld } from "./fulfilment";
import { movers } from "./negotiation";

const deal: EscrowDeal = {
  id: "deal-1",
  sellerId: "seller-1",
  buyerId: "buyer-1",
  priceMinor: 10_001n,
  currency: "USD",
  feeBasisPoints: 500,
  shares: [],
  paymentProvider: "demo",
};

test("pays the seller the price less the fee, rounding in the seller's favour", () => {
  expect(releaseEntry(deal)?.postings).toEqual([
    { account: "escrow:deal-1", debitMinor: 10_001n, creditMinor: 0n, currency: "USD" },
    { account: "payable:seller-1", debitMinor: 0n, creditMinor: 9_501n, currency: "USD" },
    { account: "revenue:fees", debitMinor: 0n, creditMinor: 500n, currency: "USD" },
  ]);
});

test("a refund returns the whole price and takes no fee", () => {
  expect(refundEntry(deal)?.postings.map(({ account, creditMinor }) => [account, creditMinor])).toEqual([
    ["escrow:deal-1", 0n],
    ["payable:buyer-1", 10_001n],
  ]);
});

test("a split takes the fee from the seller's part alone", () => {
  expect(settlementEntry(deal, 5_000n, "Split")?.postings.map((p) => [p.account, p.creditMinor])).toEqual([
    ["escrow:deal-1", 0n],
    ["payable:buyer-1", 5_000n],
    ["payable:seller-1", 4_751n],
    ["revenue:fees", 250n],
  ]);
});

test.each([-1n, 10_002n])("refuses a split that gives the buyer %s", (buyerMinor) => {
  expect(() => settlementEntry(deal, buyerMinor, "Split")).toThrow(
    expect.objectContaining({ code: "split_invalid" }),
  );
});

test("a licence at no price posts nothing", () => {
  const free = { ...deal, priceMinor: 0n, paymentProvider: "none" };
  expect([fundEntry(free), releaseEntry(free), refundEntry(free)]).toEqual([null, null, null]);
});

test("without a provider no payment can be held", () => {
  expect(() => fundEntry({ ...deal, paymentProvider: "none" })).toThrow(
    expect.objectContaining({ code: "no_payment_provider" }),
  );
});

test("release, refund and split share one key, so that the journal takes one of them", () => {
  const keys = [releaseEntry(deal), refundEntry(deal), settlementEntry(deal, 1n, "Split")].map(
    (entry) => entry?.idempotencyKey,
  );
  expect(new Set(keys)).toEqual(new Set(["deal:deal-1:settle"]));
});

test("shares leave out who rejected theirs, who has none, and the seller, who gets the rest", () => {
  const row = (
    name: string,
    shareBasisPoints: number,
    status: "confirmed" | "rejected",
    accountId: string | null,
  ) => ({
    name,
    shareBasisPoints,
    status,
    accountId,
  });
  const rows = [
    row("Ada", 2000, "confirmed", "ada"),
    row("Ben", 1000, "rejected", "ben"),
    row("Cy", 0, "confirmed", null),
    row("Seller", 7000, "confirmed", "seller-1"),
  ];
  expect(freezeShares(rows, "seller-1")).toEqual([{ accountId: "ada", name: "Ada", shareBasisPoints: 2000 }]);
  expect(() => freezeShares([row("Ada", 10_001, "confirmed", "ada")], "seller-1")).toThrow(
    expect.objectContaining({ code: "shares_invalid" }),
  );
});

const anyDeal = fc
  .record({
    priceMinor: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    feeBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    cuts: fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 4 }),
  })
  .map(({ priceMinor, feeBasisPoints, cuts }): EscrowDeal => {
    const edges = [0, ...cuts.sort((a, b) => a - b)];
    const shares = edges.slice(1).map((edge, index) => ({
      accountId: index % 2 === 0 ? `person-${index}` : null,
      name: `Person ${index}`,
      shareBasisPoints: edge - (edges[index] ?? 0),
    }));
    return { ...deal, priceMinor, feeBasisPoints, shares };
  });

test("payees add up to the amount, and the preview shows exactly what is posted", () => {
  fc.assert(
    fc.property(anyDeal, fc.double({ min: 0, max: 1, noNaN: true }), (one, part) => {
      const price = one.priceMinor ?? 0n;
      const buyerMinor = (price * BigInt(Math.round(part * 1000))) / 1000n;
      const payees = payeesOf(one, price - buyerMinor);
      expect(payees.reduce((sum, payee) => sum + payee.amountMinor, 0n)).toBe(price - buyerMinor);
      expect(feeOn(price, one.feeBasisPoints) * 10_000n <= price * BigInt(one.feeBasisPoints)).toBe(true);
      const posted =
        settlementEntry(one, buyerMinor, "Any")?.postings.filter((p) => p.creditMinor > 0n) ?? [];
      expect(
        previewSettlement(one, buyerMinor).lines.map((line) => [line.account, line.amountMinor]),
      ).toEqual(posted.map((p) => [p.account, p.creditMinor]));
    }),
    { numRuns: 1000 },
  );
});

type World = { facts: FulfilmentFacts; postings: Posting[]; keys: Set<string> };

/** Plays one move as a command would: refused moves change nothing, a key posts once. */
function play(
  world: World,
  one: EscrowDeal,
  move: FulfilmentMove,
  by: (typeof movers)[number],
  buyerMinor: bigint,
  isOver: boolean,
) {
  const clock = { deadlineKind: null, deadlineAt: isOver ? new Date(0) : null, remindedAt: null };
  let facts: FulfilmentFacts;
  try {
    facts = fulfil({ ...world.facts, ...clock }, move, by, new Date(0));
  } catch {
    return;
  }
  world.facts = facts;
  const price = one.priceMinor ?? 0n;
  const entries: Partial<Record<FulfilmentMove, () => ReturnType<typeof fundEntry>>> = {
    fund: () => fundEntry(one),
    release: () => releaseEntry(one),
    ruleRelease: () => releaseEntry(one),
    refundUndelivered: () => refundEntry(one),
    giveBack: () => refundEntry(one),
    ruleRefund: () => refundEntry(one),
    agreeOnSplit: () => settlementEntry(one, buyerMinor, "Split"),
    ruleSplit: () => settlementEntry(one, price - buyerMinor, "Split"),
  };
  const entry = entries[move]?.();
  if (!entry) return;
  expect(world.keys.has(entry.idempotencyKey)).toBe(false);
  world.keys.add(entry.idempotencyKey);
  world.postings.push(...entry.postings);
}

test("in 10,000 random sequences of moves money is conserved and escrow holds the price exactly while it is held", () => {
  const step = fc.tuple(fc.constantFrom(...fulfilmentMoves), fc.constantFrom(...movers), fc.boolean());
  fc.assert(
    fc.property(anyDeal, fc.array(step, { maxLength: 60 }), fc.nat(1000), (one, steps, part) => {
      const price = one.priceMinor ?? 0n;
      const buyerMinor = (price * BigInt(part)) / 1000n;
      const world: World = {
        facts: { fulfilment: "UNFUNDED", disputedFrom: null, disputants: [] },
        postings: [],
        keys: new Set(),
      };
      for (const [move, by, isOver] of steps) {
        play(world, one, move, by, buyerMinor, isOver);
        const balance = (account: string) => balanceOfPostings(account, world.postings);
        expect(balance("escrow:deal-1")).toBe(isHeld(world.facts.fulfilment) ? price : 0n);
        const owed = [...new Set(world.postings.map((p) => p.account))].filter(
          (name) => name !== "cash:demo",
        );
        expect(owed.reduce((sum, name) => sum + balance(name), 0n)).toBe(balance("cash:demo"));
        expect(owed.every((name) => balance(name) >= 0n)).toBe(true);
      }
    }),
    { numRuns: 10_000 },
  );
});
