import fc from "fast-check";
import { expect, test } from "vitest";
import { BURST_MS, FairShare, MAX_IN_WORK, SHARE } from "./fair-share";

/** Asks without a pause for so long; returns how much of it the client worked. */
function insist(
  share: FairShare,
  { tookMs, untilMs, isAlone }: { tookMs: number; untilMs: number; isAlone: boolean },
) {
  let [now, worked] = [0, 0];
  while (now < untilMs) {
    if (!isAlone && share.begin("reader", now) === 0) share.end("reader", 1, now + 1);
    const waitMs = share.begin("attacker", now);
    now += waitMs || tookMs;
    if (waitMs) continue;
    share.end("attacker", tookMs, now);
    worked += tookMs;
  }
  return worked;
}

test("a client that is alone has all of the time", () => {
  expect(insist(new FairShare(), { tookMs: 20, untilMs: 600_000, isAlone: true })).toBe(600_000);
});

test("beside others whoever never pauses has a burst and then an eighth of the time, however long its requests take", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 900 }), (tookMs) => {
      const untilMs = 600_000;
      const worked = insist(new FairShare(), { tookMs, untilMs, isAlone: false });
      expect(worked).toBeLessThanOrEqual(BURST_MS + untilMs * SHARE + 2_000);
      expect(worked).toBeGreaterThan((BURST_MS + untilMs * SHARE) * 0.9);
    }),
    { numRuns: 50 },
  );
});

test("what was had while alone is made up for within eight seconds of somebody else's coming", () => {
  const share = new FairShare();
  for (let now = 0; now < 3_600_000; now += 1_000)
    if (share.begin("alone", now) === 0) share.end("alone", 1_000, now);
  share.begin("reader", 3_600_000);
  expect(share.begin("alone", 3_600_000)).toBeLessThanOrEqual(8_000);
});

test("of one client forty requests wait, and others are still taken in", () => {
  const share = new FairShare();
  const taken = Array.from({ length: 60 }, () => share.enter("attacker", 0)).filter(Boolean);
  expect(taken).toHaveLength(40);
  expect(share.enter("reader", 0)).toBe(true);
  share.leave("attacker");
  expect(share.enter("attacker", 0)).toBe(true);
});

test("whoever reads at a person's pace never waits for what another does", () => {
  const share = new FairShare();
  for (let now = 0; now < 600_000; now += 250) {
    if (share.begin("attacker", now) === 0) share.end("attacker", 900, now + 900);
    expect(share.begin("reader", now)).toBe(0);
    share.end("reader", 30, now + 30);
  }
});

test("beside others a client has at most six requests in work", () => {
  const share = new FairShare();
  share.begin("reader", 0);
  const begun = Array.from({ length: 20 }, () => share.begin("attacker", 1)).filter((waitMs) => waitMs === 0);
  expect(begun).toHaveLength(MAX_IN_WORK);
});

test("who comes from ever new addresses is forgotten again, so that nothing grows", () => {
  const share = new FairShare();
  for (let sender = 0; sender < 30_000; sender++) share.begin(`sender ${sender}`, sender);
  expect(share.begin("sender 1", 30_000)).toBe(0);
});
