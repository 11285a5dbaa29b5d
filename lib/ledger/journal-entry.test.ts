import fc from "fast-check";
import { expect, test } from "vitest";
import { money } from "@/lib/shared/money";
import { balanceOfPostings, withRunningBalance } from "./balance";
import { isSameEntry, journalEntry, type Line } from "./journal-entry";
import {
  choosePaymentProvider,
  isReceiptConfirmed,
  paymentReference,
  requireUsableProvider,
} from "./payment-provider";

const facts = { description: "Test", subjectId: "deal-1", idempotencyKey: "key-1" };
const code = (text: string) => expect.objectContaining({ code: text });

test("an entry whose sides differ in any currency is refused", () => {
  const lines: Line[] = [
    { account: "cash:demo", debit: money(5n, "EUR") },
    { account: "escrow:1", credit: money(5n, "USD") },
  ];
  expect(() => journalEntry(facts, lines)).toThrow(code("entry_unbalanced"));
  expect(() =>
    journalEntry(facts, [lines[0] as Line, { account: "escrow:1", credit: money(4n, "EUR") }]),
  ).toThrow(code("entry_unbalanced"));
});

test("an entry has at least two postings, and lines of nothing do not count", () => {
  expect(() => journalEntry(facts, [])).toThrow(code("entry_too_short"));
  expect(() => journalEntry(facts, [{ account: "cash:demo", debit: money(0n, "EUR") }])).toThrow(
    code("entry_too_short"),
  );
  const entry = journalEntry(facts, [
    { account: "cash:demo", debit: money(5n, "EUR") },
    { account: "escrow:1", credit: money(5n, "EUR") },
    { account: "revenue:fees", credit: money(0n, "EUR") },
  ]);
  expect(entry.postings).toHaveLength(2);
});

test.each([-1n, 2n ** 63n, -(2n ** 63n)])("refuses a posting of %s", (minor) => {
  expect(() =>
    journalEntry(facts, [
      { account: "cash:demo", debit: money(minor, "EUR") },
      { account: "escrow:1", credit: money(minor, "EUR") },
    ]),
  ).toThrow(code("posting_invalid"));
});

test("the same postings in another order are the same entry, another amount is not", () => {
  const lines = (amount: bigint): Line[] => [
    { account: "cash:demo", debit: money(amount, "EUR") },
    { account: "escrow:1", credit: money(amount, "EUR") },
  ];
  expect(isSameEntry(journalEntry(facts, lines(5n)), journalEntry(facts, lines(5n).reverse()))).toBe(true);
  expect(isSameEntry(journalEntry(facts, lines(5n)), journalEntry(facts, lines(6n)))).toBe(false);
});

test("balances over all accounts of balanced entries cancel out", () => {
  const account = fc.constantFrom("cash:demo", "escrow:1", "payable:a", "revenue:fees");
  const entry = fc.tuple(account, account, fc.bigInt({ min: 1n, max: 10n ** 12n }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (moves) => {
      const postings = moves.flatMap(
        ([debit, credit, amount]) =>
          journalEntry(facts, [
            { account: debit, debit: money(amount, "EUR") },
            { account: credit, credit: money(amount, "EUR") },
          ]).postings,
      );
      const balance = (name: string) => balanceOfPostings(name, postings);
      expect(balance("cash:demo")).toBe(balance("escrow:1") + balance("payable:a") + balance("revenue:fees"));
    }),
  );
});

test("a statement's last balance is the sum of its lines", () => {
  const line = { at: new Date(0), description: "", subjectId: "", currency: "EUR" };
  const lines = [5n, -3n, 7n].map((amountMinor) => ({ ...line, amountMinor }));
  expect(withRunningBalance(lines).map((one) => one.balanceMinor)).toEqual([5n, 2n, 9n]);
});

test("simulated money exists only in demo mode, and real money never there", () => {
  expect(choosePaymentProvider({ isDemo: true, bankTransferDetails: "IBAN" })).toBe("demo");
  expect(choosePaymentProvider({ isDemo: false, bankTransferDetails: "IBAN" })).toBe("bank-transfer");
  expect(choosePaymentProvider({ isDemo: false, bankTransferDetails: undefined })).toBe("none");
  expect(() => requireUsableProvider("demo", false)).toThrow(code("provider_not_here"));
  expect(() => requireUsableProvider("bank-transfer", true)).toThrow(code("provider_not_here"));
});

test("a large receipt needs two people, and one person twice is one", () => {
  const seen = (...people: string[]) => people.map((confirmedById) => ({ confirmedById }));
  expect(isReceiptConfirmed(100_000n, seen("a"))).toBe(true);
  expect(isReceiptConfirmed(100_001n, seen("a", "a"))).toBe(false);
  expect(isReceiptConfirmed(100_001n, seen("a", "b"))).toBe(true);
  expect(isReceiptConfirmed(1n, [])).toBe(false);
});

test("a payment reference has no letter that is mistaken for a digit", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
      expect(paymentReference(bytes)).toMatch(/^OFC-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
    }),
  );
  expect(() => paymentReference(new Uint8Array(7))).toThrow(RangeError);
});
