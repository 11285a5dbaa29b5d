import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type StatedDetails,
  detailsEffectiveAt,
  detailsInForce,
  detailsThatWait,
  ibansIn,
  payoutDetailsProblem,
} from "./payout-details";

const at = (hours: number) => new Date(Date.UTC(2026, 10, 22) + hours * 3_600_000);
const stated = (id: string, hours: number, cancelledAt: Date | null = null): StatedDetails => ({
  ...{ id, details: id, effectiveAt: at(hours), cancelledAt },
});

test("a change counts 72 hours later, and the first details at once only where nothing is owed", () => {
  expect(detailsEffectiveAt(at(0), { isFirst: true, owedMinor: 0n })).toEqual(at(0));
  expect(detailsEffectiveAt(at(0), { isFirst: true, owedMinor: 1n })).toEqual(at(72));
  expect(detailsEffectiveAt(at(0), { isFirst: false, owedMinor: 0n })).toEqual(at(72));
});

test("in force are the last details that count and were not cancelled, whatever else was said", () => {
  const all = [stated("old", 0), stated("cancelled", 10, at(5)), stated("new", 20), stated("later", 80)];
  expect(detailsInForce(all, at(-1))).toBeNull();
  expect(detailsInForce(all, at(19))?.id).toBe("old");
  expect(detailsInForce(all, at(20))?.id).toBe("new");
  expect(detailsThatWait(all, at(20))?.id).toBe("later");
  expect(detailsThatWait(all, at(80))).toBeNull();
});

test("nothing that was cancelled and nothing of the future is ever in force", () => {
  const anyDetails = fc.record({ hours: fc.nat(100), isCancelled: fc.boolean() });
  fc.assert(
    fc.property(fc.array(anyDetails), fc.nat(100), (rows, now) => {
      const all = rows.map(({ hours, isCancelled }, id) =>
        stated(String(id), hours, isCancelled ? at(0) : null),
      );
      const found = detailsInForce(all, at(now));
      expect(found?.cancelledAt ?? null).toBeNull();
      expect((found?.effectiveAt.getTime() ?? 0) <= at(now).getTime()).toBe(true);
    }),
  );
});

test.each([
  "Person, DE89 3704 0044 0532 0130 00",
  "Person\nDE89370400440532013000\nGERMAN BANK",
  "NL02 ABNA 0123 4567 89 and a note",
  "A person, sort code 12-34-56, account 12345678",
  "DE12",
])("%j is taken", (details) => {
  expect(payoutDetailsProblem(details)).toBeNull();
});

test.each([
  "Person, DE89 3704 0044 0532 0130 01",
  "Person, DE98 3704 0044 0532 0130 00",
  "Person, DE89 3704 0044 0532 0130",
  "Person, IBAN 12",
  "nl02abna0123456788",
])("%j holds no right IBAN", (details) => {
  expect(payoutDetailsProblem(details)).not.toBeNull();
});

test("an IBAN is found however it is spaced, without what follows it", () => {
  expect(ibansIn("A de89 3704 0044 0532 0130 00 Bank, NL02ABNA0123456789.")).toEqual([
    "DE89370400440532013000",
    "NL02ABNA0123456789",
  ]);
});
