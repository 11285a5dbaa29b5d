import fc from "fast-check";
import { expect, test } from "vitest";
import {
  disputeDeadlines,
  hasOtherSideAnswered,
  requireRulable,
  requireWithdrawable,
  rulingAmounts,
} from "./dispute";

const open = { state: "open", buyerId: "buyer", sellerId: "seller", openedById: "buyer" } as const;
const code = (expected: string) => expect.objectContaining({ code: expected });

test("the answer is due before the ruling", () => {
  const { answerBy, ruleBy } = disputeDeadlines(new Date("2026-03-28T12:00:00Z"));
  expect(answerBy.toISOString()).toBe("2026-04-04T12:00:00.000Z");
  expect(ruleBy.toISOString()).toBe("2026-04-11T12:00:00.000Z");
});

test("every ruling gives away exactly what was held", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 2n, max: 10n ** 14n }),
      fc.bigInt({ min: 0n, max: 10n ** 14n }),
      (held, part) => {
        const split = (part % (held - 1n)) + 1n;
        for (const outcome of ["release", "refund", "split"] as const) {
          const amounts = rulingAmounts(outcome, held, split);
          expect(amounts.buyerMinor + amounts.sellerMinor).toBe(held);
          expect(amounts.buyerMinor >= 0n && amounts.sellerMinor >= 0n).toBe(true);
        }
      },
    ),
  );
});

test.each([null, 0n, 100n, 101n, -1n])("a split that gives the buyer %s of 100 is refused", (buyerMinor) => {
  expect(() => rulingAmounts("split", 100n, buyerMinor)).toThrow(code("split_invalid"));
});

test("a party never rules on its own deal, and nobody rules twice", () => {
  expect(() => requireRulable(open, "moderator")).not.toThrow();
  expect(() => requireRulable(open, "buyer")).toThrow(code("conflict_of_interest"));
  expect(() => requireRulable(open, "seller")).toThrow(code("conflict_of_interest"));
  expect(() => requireRulable({ ...open, state: "ruled" }, "moderator")).toThrow(code("dispute_closed"));
});

test("only who opened a dispute withdraws it", () => {
  expect(() => requireWithdrawable(open, "buyer")).not.toThrow();
  expect(() => requireWithdrawable(open, "seller")).toThrow(code("not_found"));
  expect(() => requireWithdrawable({ ...open, state: "withdrawn" }, "buyer")).toThrow(code("dispute_closed"));
});

test("only the side that did not open the dispute can have answered it", () => {
  const openedByBuyer = { openedById: "b", buyerId: "b" };
  const said = (...sides: ("buyer" | "seller" | "moderator")[]) => sides.map((side) => ({ side }));
  expect(hasOtherSideAnswered({ ...openedByBuyer, statements: said("buyer", "moderator") })).toBe(false);
  expect(hasOtherSideAnswered({ ...openedByBuyer, statements: said("seller") })).toBe(true);
  expect(hasOtherSideAnswered({ openedById: "s", buyerId: "b", statements: said("seller") })).toBe(false);
  expect(hasOtherSideAnswered({ openedById: "s", buyerId: "b", statements: said("buyer") })).toBe(true);
});
