import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { balanceOf, checkBooks } from "@/lib/ledger/queries/journal";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import {
  type MarketDeal,
  makeAccount,
  negotiatedDeal,
  openLogUnderTest,
  passHours,
  pay,
  signedDeal,
  stateOf,
} from "../deal.fixture";
import { lockDeal } from "../records";
import { acceptDelivery } from "./accept-delivery";
import { openDisputeOnDeal } from "./dispute-deal";
import { acceptSplit, giveBack, proposeSplit } from "./end-by-agreement";
import { fundDeal } from "./fund-deal";
import { confirmTransfer } from "./receive-transfer";
import { releaseDeal } from "./release-deal";
import { runDeadline } from "./run-deadline";

// Bank transfers can be confirmed here; a deal says itself by which provider it is paid.
vi.hoisted(() => (process.env["BANK_TRANSFER_DETAILS"] = "Offcut, IBAN DE00 0000"));

const AT_ONCE = 50;
const PRICE = 21_000n;

let log: Awaited<ReturnType<typeof openLogUnderTest>>;
let operator: Actor;

beforeAll(async () => {
  await openInstallation();
  log = await openLogUnderTest();
  operator = await makeAccount(["administrator"]);
});
afterAll(() => log.close());

/** Half of them do the one, half the other, all at once; the codes of the refusals, and how many of each were done. */
async function race(one: () => Promise<unknown>, other: () => Promise<unknown>) {
  const results = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, (_, at) => (at % 2 ? one() : other())),
  );
  const refusals = results.flatMap((result) =>
    result.status === "rejected" ? [(result.reason as { code?: string }).code ?? String(result.reason)] : [],
  );
  const isDone = results.map(({ status }) => status === "fulfilled");
  return {
    refusals: [...new Set(refusals)].sort(),
    one: isDone.filter((done, at) => done && at % 2 === 1).length,
    other: isDone.filter((done, at) => done && at % 2 === 0).length,
  };
}

/** The deadline comes so soon that it passes while commands wait for the deal's lock. */
async function endsSoon({ dealId }: MarketDeal, inMs: number): Promise<void> {
  const now = (await currentTime()).getTime();
  const remindedAt = new Date(now - 24 * 3_600_000);
  await db.deal.update({ where: { id: dealId }, data: { deadlineAt: new Date(now + inMs), remindedAt } });
}

async function settled(dealId: string) {
  const { fulfilment } = await stateOf(dealId);
  const entries = await db.journalEntry.count({ where: { subjectId: dealId } });
  return { fulfilment, escrow: await balanceOf(`escrow:${dealId}`, "EUR"), entries };
}

const LAPSED = { fulfilment: "LAPSED", escrow: 0n, entries: 0 };
const DELIVERED = { fulfilment: "DELIVERED", escrow: PRICE, entries: 1 };

test.each([0, 40, 80, 5_000])(
  "50 payments and clocks at once, the deadline %s ms away: the deal is paid once or has lapsed, never both",
  async (inMs) => {
    const deal = await signedDeal();
    await endsSoon(deal, inMs);
    const found = await race(
      () => pay(deal),
      () => runDeadline(deal.dealId),
    );
    // Who comes too late is told so; who finds it paid pays nothing more.
    expect(
      found.refusals.filter((code) => !["payment_late", "fulfilment_move_refused"].includes(code)),
    ).toEqual([]);
    expect(await settled(deal.dealId)).toEqual(found.one > 0 ? DELIVERED : LAPSED);
    if (inMs === 0) expect(found.one).toBe(0);
    if (inMs === 5_000) expect(found.one).toBe(AT_ONCE / 2);
  },
);

test("a transfer that is confirmed at the deadline or after the lapse is not taken, and is named as owed back", async () => {
  const deal = await signedDeal();
  const { paymentReference: reference } = await db.deal.update({
    where: { id: deal.dealId },
    data: { paymentProvider: "bank-transfer" },
  });
  const confirm = () => confirmTransfer(operator, { reference, amount: "210" });
  const owedBack = { code: "payment_late", message: expect.stringContaining("Send it back") as string };
  await endsSoon(deal, 0);
  await expect(confirm()).rejects.toMatchObject(owedBack);
  const found = await race(confirm, () => runDeadline(deal.dealId));
  expect(found).toEqual({ refusals: ["payment_late"], one: 0, other: AT_ONCE / 2 });
  await expect(confirm()).rejects.toMatchObject(owedBack);
  expect(await settled(deal.dealId)).toEqual(LAPSED);
  expect(await db.paymentReceipt.count({ where: { reference } })).toBe(0);
});

test.each([0, 60])(
  "50 confirmations and clocks at once, the deadline %s ms away: held once, or lapsed",
  async (inMs) => {
    const deal = await signedDeal();
    const { paymentReference: reference } = await db.deal.update({
      where: { id: deal.dealId },
      data: { paymentProvider: "bank-transfer" },
    });
    await endsSoon(deal, inMs);
    const found = await race(
      () => confirmTransfer(operator, { reference, amount: "210" }),
      () => runDeadline(deal.dealId),
    );
    expect(await settled(deal.dealId)).toEqual(found.one > 0 ? DELIVERED : LAPSED);
    expect(await db.paymentReceipt.count({ where: { reference } })).toBe(found.one > 0 ? 1 : 0);
  },
);

test.each([0, 60])(
  "50 acceptances and inspection clocks at once, the deadline %s ms away, accept once",
  async (inMs) => {
    const deal = await signedDeal();
    await pay(deal);
    await endsSoon(deal, inMs);
    const { dealId } = deal;
    const found = await race(
      () => acceptDelivery(deal.buyer, { dealId }),
      () => runDeadline(dealId),
    );
    expect(found).toEqual({ refusals: [], one: AT_ONCE / 2, other: AT_ONCE / 2 });
    const kinds = { in: ["accepted", "accepted_by_silence"] };
    expect(await db.dealEvent.count({ where: { dealId, kind: kinds } })).toBe(1);
    expect(await stateOf(dealId)).toMatchObject({
      fulfilment: "DELIVERY_ACCEPTED",
      deadlineKind: "objection",
    });
  },
);

test("50 disputes of both sides and releases at once: one dispute, or one release, never both", async () => {
  for (let round = 0; round < 4; round++) {
    const deal = await signedDeal();
    const { dealId } = deal;
    await pay(deal);
    await acceptDelivery(deal.buyer, { dealId });
    await log.catchUp();
    await passHours(24);
    const dispute = (by: Actor) => inTransaction((tx) => openDisputeOnDeal(tx, by, dealId));
    let turn = 0;
    const found = await race(
      () => releaseDeal(dealId),
      // Proving an acceptance takes a while before the lock: some come late enough to meet the release.
      () => pause(round * 30).then(() => dispute(turn++ % 2 ? deal.buyer : deal.seller)),
    );
    expect(found.refusals).toEqual(["fulfilment_move_refused"]);
    const state = await settled(dealId);
    expect(state).toEqual(
      found.other > 0
        ? { fulfilment: "DISPUTED", escrow: PRICE, entries: 1 }
        : { fulfilment: "RELEASED", escrow: 0n, entries: 2 },
    );
    expect(found.other).toBeLessThanOrEqual(1);
    expect(await db.releaseProof.count({ where: { dealId } })).toBe(found.other > 0 ? 0 : 1);
  }
});

test("a dispute that waits for the lock behind a release, and a release behind a dispute, find what was done", async () => {
  for (const isReleasedFirst of [true, false]) {
    const deal = await signedDeal();
    const { dealId } = deal;
    await pay(deal);
    await acceptDelivery(deal.buyer, { dealId });
    await log.catchUp();
    // The clock has proven the acceptance before, so that the release has nothing to write before its lock.
    expect(await releaseDeal(dealId)).toBe(false);
    await passHours(24);
    const dispute = () => inTransaction((tx) => openDisputeOnDeal(tx, deal.buyer, dealId));
    const release = () => releaseDeal(dealId);
    const [first, second] = isReleasedFirst ? [release, dispute] : [dispute, release];
    const queued = await inTransaction(async (tx) => {
      await lockDeal(tx, dealId);
      const one = first();
      await waitersOnLock(1);
      const other = second().catch((error: { code: string }) => error.code);
      await waitersOnLock(2);
      return { one, other };
    });
    await queued.one;
    expect(await queued.other).toBe(isReleasedFirst ? "fulfilment_move_refused" : false);
    expect(await stateOf(dealId)).toMatchObject({ fulfilment: isReleasedFirst ? "RELEASED" : "DISPUTED" });
  }
});

async function waitersOnLock(count: number): Promise<void> {
  await vi.waitFor(async () => {
    const [row] = await db.$queryRaw<{ waits: number }[]>`
      SELECT count(*)::int AS waits FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    expect(row?.waits).toBe(count);
  }, 10_000);
}

test("50 ways to end a deal at once settle it once", async () => {
  const deal = await negotiatedDeal("210");
  await pay(deal);
  const { dealId } = deal;
  await proposeSplit(deal.seller, { dealId, buyerAmount: "50" });
  const { id } = await db.dealEvent.findFirstOrThrow({ where: { dealId, kind: "split_proposed" } });
  const found = await race(
    () => giveBack(deal.seller, { dealId }),
    () => acceptSplit(deal.buyer, { dealId, proposalId: String(id) }),
  );
  expect(found.one > 0).toBe(found.other === 0);
  expect(await settled(dealId)).toMatchObject({ escrow: 0n, entries: 2 });
});

test("simulated money that comes too late has moved nothing", async () => {
  const deal = await signedDeal();
  await passHours(5 * 24);
  await expect(fundDeal(deal.buyer, { dealId: deal.dealId, amountMinor: "21000" })).rejects.toMatchObject({
    code: "payment_late",
  });
  expect(await settled(deal.dealId)).toEqual({ fulfilment: "UNFUNDED", escrow: 0n, entries: 0 });
});

test("after all of this the books are whole", async () => {
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
});
