import fc from "fast-check";
import { expect, test } from "vitest";
import { BURST, FairShare, MAX_IN_WORK, PER_SECOND } from "./fair-share";

/** Asks without a pause for so long; returns how many requests were let begin. */
function insist(
  share: FairShare,
  {
    from = 0,
    untilMs,
    tookMs,
    isAlone,
  }: { from?: number; untilMs: number; tookMs: number; isAlone: boolean },
) {
  let [now, begun] = [from, 0];
  while (now < untilMs) {
    if (!isAlone && share.begin("reader", now) === 0) share.end("reader");
    const waitMs = share.begin("attacker", now);
    now += waitMs || tookMs;
    if (waitMs) continue;
    share.end("attacker");
    begun += 1;
  }
  return begun;
}

test("a client that is alone asks as much as it likes", () => {
  expect(insist(new FairShare(), { tookMs: 20, untilMs: 600_000, isAlone: true })).toBe(30_000);
});

test("beside others whoever never pauses has a burst and then five requests a second", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 150 }), (tookMs) => {
      const begun = insist(new FairShare(), { tookMs, untilMs: 600_000, isAlone: false });
      expect(begun).toBeLessThanOrEqual(BURST + 600 * PER_SECOND + 1);
      expect(begun).toBeGreaterThan(600 * PER_SECOND * 0.9);
    }),
    { numRuns: 50 },
  );
});

test("what was had while alone is no debt", () => {
  const share = new FairShare();
  insist(share, { tookMs: 1, untilMs: 60_000, isAlone: true });
  const begun = insist(share, { from: 60_000, tookMs: 1, untilMs: 70_000, isAlone: false });
  expect(begun).toBeGreaterThanOrEqual(10 * PER_SECOND - 1);
});

test("whoever reads at a person's pace never waits for what another does", () => {
  const share = new FairShare();
  for (let now = 0; now < 600_000; now += 250) {
    if (share.begin("attacker", now) === 0) share.end("attacker");
    expect(share.begin("reader", now)).toBe(0);
    share.end("reader");
  }
});

test("of one client forty requests wait, and others are still taken in", () => {
  const share = new FairShare();
  const taken = Array.from({ length: 60 }, () => share.enter("attacker", 0)).filter(Boolean);
  expect(taken).toHaveLength(40);
  expect(share.enter("reader", 0)).toBe(true);
  share.leave("attacker");
  expect(share.enter("attacker", 0)).toBe(true);
});

test("beside others a client has at most six requests in work", () => {
  const share = new FairShare();
  share.begin("reader", 0);
  const begun = Array.from({ length: 20 }, () => share.begin("attacker", 1)).filter((waitMs) => waitMs === 0);
  expect(begun).toHaveLength(MAX_IN_WORK);
});

test("who comes from ever new addresses is forgotten again, so that nothing grows", () => {
  const share = new FairShare();
  for (let sender = 0; sender < 30_000; sender++) share.enter(`sender ${sender}`, 0);
  expect(Array.from({ length: 60 }, () => share.enter("sender 1", 0)).filter(Boolean)).toHaveLength(40);
});
