import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freezeListing } from "@/lib/catalogue/commands/moderate-listing";
import { pauseListing } from "@/lib/catalogue/commands/change-status";
import { balanceOf, checkBooks, getOwnStatement } from "@/lib/ledger/queries/journal";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { fulfilmentStates, fulfilmentTransitions } from "../fulfilment";
import { runDealClocks } from "../jobs";
import { negotiationStates, negotiationTransitions } from "../negotiation";
import { findDeal, listStandingOffers } from "../queries/deal-room";
import { findLiveDeal } from "../queries/live-deal";
import { acceptDelivery } from "./accept-delivery";
import { acceptOffer, counterOffer, declineOffer, withdraw } from "./answer-offer";
import {
  licenseForm,
  makeAccount,
  makeListing,
  negotiatedDeal,
  offerForm,
  openLogUnderTest,
  passHours,
  pay,
  signBoth,
  signStanding,
  signedDeal,
  stateOf,
} from "../deal.fixture";
import { deliver, deliverHeldFiles } from "./deliver";
import { closeDisputeOnDeal, openDisputeOnDeal } from "./dispute-deal";
import { acceptSplit, giveBack, proposeSplit } from "./end-by-agreement";
import { fundDeal } from "./fund-deal";
import { licenseNow } from "./license-now";
import { makeOffer } from "./make-offer";
import { moveDemoClock } from "./move-demo-clock";
import { recordDownload } from "./record-download";
import { releaseDeal } from "./release-deal";
import { sendMessage } from "./send-message";
import { settleByRuling } from "./settle-by-ruling";
import { signContract } from "./sign-contract";
import { signStandingOffer, withdrawStandingOffer } from "./standing-offer";

let log: Awaited<ReturnType<typeof openLogUnderTest>>;
beforeAll(async () => {
  await openInstallation();
  log = await openLogUnderTest();
});
afterAll(() => log.close());

const code = (text: string) => expect.objectContaining({ code: text });
const outcomes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) =>
    result.status === "fulfilled" ? "done" : (result.reason as { code: string }).code,
  );

test("licensing at list price is signed, paid, delivered and downloadable in one sitting", async () => {
  const deal = await signedDeal();
  expect(await stateOf(deal.dealId)).toEqual({
    negotiation: "FINALIZED",
    fulfilment: "UNFUNDED",
    deadlineKind: "payment",
  });
  await pay(deal);
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED", deadlineKind: "inspection" });
  expect(await balanceOf(`escrow:${deal.dealId}`, "EUR")).toBe(21_000n);
  const view = await findDeal(deal.buyer, deal.dealId);
  const fileId = view?.delivery?.files[0]?.storedFileId ?? "";
  expect(await recordDownload(deal.buyer, { dealId: deal.dealId, fileId })).toMatchObject({
    fileName: "model.onnx",
  });
  expect(view?.next).toMatchObject({ kind: "inspect", isYours: true });
});

test("an accepted deal is released only after the objection time, with the fee rounded down", async () => {
  const deal = await signedDeal();
  await pay(deal);
  await acceptDelivery(deal.buyer, { dealId: deal.dealId });
  await log.catchUp();
  expect(await releaseDeal(deal.dealId)).toBe(false);
  await passHours(24);
  expect(await releaseDeal(deal.dealId)).toBe(true);
  expect(await releaseDeal(deal.dealId)).toBe(false);
  expect(await balanceOf(`escrow:${deal.dealId}`, "EUR")).toBe(0n);
  expect(await getOwnStatement(deal.seller, "EUR")).toMatchObject({ balanceMinor: 19_950n });
});

test("a negotiation goes by offer, counter-offer and acceptance to both signatures", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const form = offerForm(await makeListing(seller), "150");
  const { dealId } = form;
  await makeOffer(buyer, form);
  await counterOffer(seller, { ...form, price: "170", answers: 1 });
  await expect(acceptOffer(buyer, { dealId, answers: 1 })).rejects.toEqual(code("offer_superseded"));
  await acceptOffer(buyer, { dealId, answers: 2 });
  expect(await stateOf(dealId)).toMatchObject({ negotiation: "AGREED", deadlineKind: "signature" });
  const seen = await findDeal(seller, dealId);
  expect(seen?.offers[1]?.changes).toEqual([{ what: "Price", before: "€150", after: "€170" }]);
  await signBoth(dealId, seller, buyer);
  expect(await stateOf(dealId)).toMatchObject({ negotiation: "FINALIZED", fulfilment: "UNFUNDED" });
});

test("two acceptances at once settle once", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const form = offerForm(await makeListing(seller));
  await makeOffer(buyer, form);
  const answer = { dealId: form.dealId, answers: 1 };
  const results = await Promise.allSettled([acceptOffer(seller, answer), acceptOffer(seller, answer)]);
  expect(outcomes(results).sort()).toEqual(["done", "negotiation_move_refused"]);
  expect(await db.contract.count({ where: { dealId: form.dealId } })).toBe(1);
});

test("accepting and withdrawing at once leaves either a contract or an end, never both", async () => {
  for (let round = 0; round < 8; round++) {
    const [buyer, seller] = [await makeAccount(), await makeAccount()];
    const form = offerForm(await makeListing(seller));
    await makeOffer(buyer, form);
    const results = await Promise.allSettled([
      acceptOffer(seller, { dealId: form.dealId, answers: 1 }),
      withdraw(buyer, { dealId: form.dealId }),
    ]);
    const { negotiation } = await stateOf(form.dealId);
    const contracts = await db.contract.count({ where: { dealId: form.dealId } });
    // A buyer may still withdraw from AGREED, so both may succeed, one after the other.
    expect([negotiation, contracts]).toEqual(
      outcomes(results)[0] === "done"
        ? [outcomes(results)[1] === "done" ? "TERMINATED" : "AGREED", 1]
        : ["TERMINATED", 0],
    );
  }
});

test("two acceptances of a delivery at once make one acceptance, and paying twice at once holds one payment", async () => {
  const deal = await signedDeal();
  const payment = { dealId: deal.dealId, amountMinor: "21000" };
  await Promise.all(Array.from({ length: 6 }, () => fundDeal(deal.buyer, payment)));
  expect(await balanceOf(`escrow:${deal.dealId}`, "EUR")).toBe(21_000n);
  expect(await db.delivery.count({ where: { dealId: deal.dealId } })).toBe(1);
  await Promise.all(Array.from({ length: 6 }, () => acceptDelivery(deal.buyer, { dealId: deal.dealId })));
  expect(await db.dealEvent.count({ where: { dealId: deal.dealId, kind: "accepted" } })).toBe(1);
  await log.catchUp();
  await passHours(25);
  const released = await Promise.all(Array.from({ length: 6 }, () => releaseDeal(deal.dealId)));
  expect(released.filter(Boolean)).toHaveLength(1);
  expect(await db.journalEntry.count({ where: { subjectId: deal.dealId } })).toBe(2);
});

test("twenty requests with the same deal id open one deal, also with signatures", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const listingId = await makeListing(seller);
  await signStanding(seller, listingId);
  const form = await licenseForm(buyer, listingId);
  const results = await Promise.all(Array.from({ length: 20 }, () => licenseNow(buyer, form)));
  expect(new Set(results.map((result) => result.redirectTo))).toEqual(new Set([`/deals/${form.dealId}`]));
  expect(await db.dealSignature.count({ where: { dealId: form.dealId } })).toBe(2);
  await expect(licenseNow(buyer, { ...form, termsSha256: "0".repeat(64) })).rejects.toEqual(
    code("request_reused"),
  );
  await expect(licenseNow(await makeAccount(), form)).rejects.toEqual(code("not_found"));
});

test("terms that changed after they were shown are not signed", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const listingId = await makeListing(seller);
  await signStanding(seller, listingId);
  const form = await licenseForm(buyer, listingId);
  await expect(licenseNow(buyer, { ...form, termsSha256: "1".repeat(64) })).rejects.toEqual(
    code("terms_changed"),
  );
  await db.listingPart.updateMany({ where: { listingId }, data: { priceMinor: 1n } });
  await expect(licenseNow(buyer, form)).rejects.toEqual(code("standing_offer_differs"));
  expect(await listStandingOffers(listingId)).toEqual([]);
  expect(await db.deal.count({ where: { listingId } })).toBe(0);
});

test("a listing that is paused or frozen opens no new deal, and running deals go on", async () => {
  const deal = await signedDeal();
  await inTransaction((tx) => freezeListing(tx, deal.listingId, "a claim"));
  await expect(makeOffer(await makeAccount(), offerForm(deal.listingId))).rejects.toEqual(
    code("listing_closed"),
  );
  await pay(deal);
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED" });
  const other = await makeListing(deal.seller);
  await pauseListing(deal.seller, { listingId: other });
  await expect(makeOffer(deal.buyer, offerForm(other))).rejects.toEqual(code("listing_closed"));
});

test("nobody buys from themselves or with an address that is not confirmed", async () => {
  const seller = await makeAccount();
  const listingId = await makeListing(seller);
  await expect(makeOffer(seller, offerForm(listingId))).rejects.toEqual(code("own_listing"));
  const buyer = await makeAccount();
  await db.account.update({ where: { id: buyer.accountId }, data: { emailVerifiedAt: null } });
  await expect(makeOffer(buyer, offerForm(listingId))).rejects.toEqual(code("address_unconfirmed"));
});

test("for a stranger no deal exists, in any command or query", async () => {
  const deal = await signedDeal();
  await pay(deal);
  const stranger = await makeAccount(["moderator", "administrator"]);
  const { dealId, listingId } = deal;
  const { termsSha256 } = await db.contract.findUniqueOrThrow({ where: { dealId } });
  const fileId = (await findDeal(deal.buyer, dealId))?.delivery?.files[0]?.storedFileId ?? "";
  const offer = offerForm(listingId);
  const attempts: (() => Promise<unknown>)[] = [
    () => acceptOffer(stranger, { dealId, answers: 1 }),
    () => declineOffer(stranger, { dealId, answers: 1 }),
    () => counterOffer(stranger, { ...offer, dealId, answers: 1 }),
    () => withdraw(stranger, { dealId }),
    () => signContract(stranger, { dealId, termsSha256, agreed: "yes", envelope: undefined }),
    () => fundDeal(stranger, { dealId, amountMinor: "21000" }),
    () => deliver(stranger, { dealId, note: "Take it from here." }),
    () => acceptDelivery(stranger, { dealId }),
    () => giveBack(stranger, { dealId }),
    () => proposeSplit(stranger, { dealId, buyerAmount: "1" }),
    () => acceptSplit(stranger, { dealId, proposalId: "1" }),
    () => sendMessage(stranger, { dealId, messageId: randomUUID(), body: "Hello" }),
    () => moveDemoClock(stranger, { dealId, days: "1" }),
    () => recordDownload(stranger, { dealId, fileId }),
    () => recordDownload(deal.seller, { dealId, fileId }),
    () => makeOffer(stranger, { ...offer, dealId }),
    () => inTransaction((tx) => openDisputeOnDeal(tx, stranger, dealId)),
    () => inTransaction((tx) => closeDisputeOnDeal(tx, stranger, dealId)),
    () =>
      signStandingOffer(stranger, {
        listingId,
        part: "weights",
        salt: "0".repeat(64),
        termsSha256,
        agreed: "yes",
        envelope: undefined,
      }),
    () => withdrawStandingOffer(stranger, { listingId, part: "weights" }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toEqual(code("not_found"));
  expect(await findDeal(stranger, dealId)).toBeNull();
  expect(await findLiveDeal(stranger, dealId)).toBeNull();
});

test("a free licence closes without a posting", async () => {
  const deal = await signedDeal({
    parts: [{ part: "weights", pricing: "free", priceMinor: 0n, termMonths: null }],
  });
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED" });
  await acceptDelivery(deal.buyer, { dealId: deal.dealId });
  await passHours(25);
  expect(await releaseDeal(deal.dealId)).toBe(false);
  await log.catchUp();
  expect(await releaseDeal(deal.dealId)).toBe(true);
  expect(await db.journalEntry.count({ where: { subjectId: deal.dealId } })).toBe(0);
  expect(await db.licence.findUnique({ where: { dealId: deal.dealId } })).toMatchObject({ status: "active" });
});

test("an offer ends after 72 hours, and cannot be accepted at that moment", async () => {
  const [buyer, seller] = [await makeAccount(), await makeAccount()];
  const form = offerForm(await makeListing(seller));
  await makeOffer(buyer, form);
  await passHours(72);
  await expect(acceptOffer(seller, { dealId: form.dealId, answers: 1 })).rejects.toEqual(
    code("offer_expired"),
  );
  await runDealClocks();
  await runDealClocks();
  expect(await stateOf(form.dealId)).toMatchObject({ negotiation: "TERMINATED", deadlineKind: null });
});

test("a deal that nobody pays lapses, and paying late is refused", async () => {
  const deal = await negotiatedDeal();
  await passHours(5 * 24);
  await expect(pay(deal)).rejects.toEqual(code("payment_late"));
  await runDealClocks();
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "LAPSED", deadlineKind: null });
});

test("silence accepts only after a reminder that stood for half a day, even when the clocks were down", async () => {
  const deal = await signedDeal();
  await pay(deal);
  await passHours(6 * 24);
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED" });
  await passHours(24);
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERY_ACCEPTED" });
  await log.catchUp();
  await passHours(24);
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "RELEASED" });
});

test("five days of the demo clock let silence accept, with the reminder on the fourth", async () => {
  const deal = await signedDeal();
  await pay(deal);
  await moveDemoClock(deal.seller, { dealId: deal.dealId, days: "5" });
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERY_ACCEPTED" });
  expect(await db.dealEvent.count({ where: { dealId: deal.dealId, kind: "reminded" } })).toBe(1);
  expect(await db.auditEvent.count({ where: { action: "clock.moved", subjectId: deal.dealId } })).toBe(1);
});

const recordsOnly = {
  niche: null,
  parts: [
    { part: "evaluation_records" as const, pricing: "one_off" as const, priceMinor: 21_000n, termMonths: 12 },
  ],
};

test("what the platform does not hold is delivered by the seller, who says how", async () => {
  const deal = await signedDeal(recordsOnly, "evaluation_records");
  await pay(deal);
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "FUNDED", deadlineKind: "delivery" });
  await deliver(deal.seller, { dealId: deal.dealId, note: "Sent by courier on a disk." });
  expect((await findDeal(deal.buyer, deal.dealId))?.delivery?.note).toBe("Sent by courier on a disk.");
});

test("what nobody delivers in time is refunded, after a reminder that stood for half a day", async () => {
  const deal = await signedDeal(recordsOnly, "evaluation_records");
  await pay(deal);
  await passHours(3 * 24);
  await runDealClocks();
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "FUNDED" });
  await passHours(24);
  await expect(deliver(deal.seller, { dealId: deal.dealId, note: "Sent by courier." })).rejects.toEqual(
    code("delivery_late"),
  );
  await runDealClocks();
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "REFUNDED" });
  expect(await getOwnStatement(deal.buyer, "EUR")).toMatchObject({ balanceMinor: 21_000n });
});

test("a delivery cut off by a crash is finished by the clocks", async () => {
  const deal = await signedDeal();
  const { dealId } = deal;
  await db.$executeRaw`UPDATE "Deal" SET fulfilment = 'FUNDED', "deadlineKind" = 'delivery',
    "deadlineAt" = now() + interval '9 years' WHERE id = ${dealId}`;
  await runDealClocks();
  expect(await stateOf(dealId)).toMatchObject({ fulfilment: "DELIVERED" });
  expect(await deliverHeldFiles(dealId)).toBe(false);
});

test("a dispute stops the clocks, and a ruling splits the held payment once", async () => {
  const deal = await signedDeal();
  await pay(deal);
  const { dealId } = deal;
  await inTransaction((tx) => openDisputeOnDeal(tx, deal.buyer, dealId));
  await passHours(30 * 24);
  await runDealClocks();
  expect(await stateOf(dealId)).toMatchObject({ fulfilment: "DISPUTED" });
  const ruling = {
    outcome: "split" as const,
    envelopeSha256: "0".repeat(64),
    buyerMinor: 10_000n,
    sellerMinor: 11_000n,
  };
  const rule = () => inTransaction((tx) => settleByRuling(tx, dealId, ruling));
  await expect(
    inTransaction((tx) => settleByRuling(tx, dealId, { ...ruling, sellerMinor: 11_001n })),
  ).rejects.toEqual(code("ruling_unbalanced"));
  const results = await Promise.allSettled([rule(), rule()]);
  expect(outcomes(results).sort()).toEqual(["done", "fulfilment_move_refused"]);
  expect(await getOwnStatement(deal.buyer, "EUR")).toMatchObject({ balanceMinor: 10_000n });
  expect(await getOwnStatement(deal.seller, "EUR")).toMatchObject({ balanceMinor: 10_450n });
  expect(await balanceOf(`escrow:${dealId}`, "EUR")).toBe(0n);
});

test("a refund gives everything back, without a fee, and takes the licence", async () => {
  const deal = await signedDeal();
  await pay(deal);
  await giveBack(deal.seller, { dealId: deal.dealId });
  expect(await getOwnStatement(deal.buyer, "EUR")).toMatchObject({ balanceMinor: 21_000n });
  expect(await db.licence.findUnique({ where: { dealId: deal.dealId } })).toMatchObject({
    status: "revoked",
  });
  const view = await findDeal(deal.buyer, deal.dealId);
  const fileId = view?.delivery?.files[0]?.storedFileId ?? "";
  await expect(recordDownload(deal.buyer, { dealId: deal.dealId, fileId })).rejects.toEqual(
    code("not_found"),
  );
});

test("a withdrawn dispute returns the deal to where it was, with a fresh clock", async () => {
  const deal = await signedDeal();
  await pay(deal);
  await inTransaction((tx) => openDisputeOnDeal(tx, deal.seller, deal.dealId));
  await expect(acceptDelivery(deal.buyer, { dealId: deal.dealId })).rejects.toEqual(
    code("fulfilment_move_refused"),
  );
  await inTransaction((tx) => closeDisputeOnDeal(tx, deal.seller, deal.dealId));
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED", deadlineKind: "inspection" });
});

test("a split needs the consent of the other side to the very proposal shown", async () => {
  const deal = await signedDeal();
  await pay(deal);
  const { dealId } = deal;
  await proposeSplit(deal.seller, { dealId, buyerAmount: "50" });
  const first = (await findDeal(deal.buyer, dealId))?.splitProposal?.id ?? "";
  await expect(acceptSplit(deal.seller, { dealId, proposalId: first })).rejects.toEqual(
    code("proposal_superseded"),
  );
  await proposeSplit(deal.seller, { dealId, buyerAmount: "60" });
  await expect(acceptSplit(deal.buyer, { dealId, proposalId: first })).rejects.toEqual(
    code("proposal_superseded"),
  );
  const second = (await findDeal(deal.buyer, dealId))?.splitProposal?.id ?? "";
  await acceptSplit(deal.buyer, { dealId, proposalId: second });
  expect(await stateOf(dealId)).toMatchObject({ fulfilment: "SPLIT" });
  expect(await getOwnStatement(deal.buyer, "EUR")).toMatchObject({ balanceMinor: 6_000n });
});

test("contributors are paid by the shares that stood at the first signature", async () => {
  const ada = await makeAccount();
  const deal = await signedDeal({
    contributors: [
      { name: "Ada", accountId: ada.accountId, shareBasisPoints: 2500, status: "confirmed" },
      { name: "Ben", shareBasisPoints: 7500 },
    ],
  });
  await inTransaction(async (tx) => {
    await tx.contributorShare.updateMany({
      where: { listingId: deal.listingId, name: "Ada" },
      data: { shareBasisPoints: 100 },
    });
    await tx.contributorShare.updateMany({
      where: { listingId: deal.listingId, name: "Ben" },
      data: { shareBasisPoints: 9900 },
    });
  });
  await pay(deal);
  await acceptDelivery(deal.buyer, { dealId: deal.dealId });
  await passHours(25);
  await log.catchUp();
  await releaseDeal(deal.dealId);
  expect(await getOwnStatement(ada, "EUR")).toMatchObject({ balanceMinor: 4_987n });
  expect(await balanceOf(`unclaimed:${deal.dealId}:0`, "EUR")).toBe(14_963n);
});

test("the database knows exactly the moves of the two tables", async () => {
  const pairs = (states: readonly string[]) =>
    states.flatMap((from) => states.map((to) => [from, to] as const));
  const core = (table: object) =>
    new Set(
      Object.values(table as Record<string, { from: readonly string[]; to: string }>).flatMap(
        ({ from, to }) =>
          to === "WHERE_IT_WAS"
            ? ["FUNDED", "DELIVERED", "DELIVERY_ACCEPTED"].map((state) => `${from[0]}>${state}`)
            : from.map((state) => `${state}>${to}`),
      ),
    );
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  for (const [name, states, table] of [
    ["deal_negotiation_may", negotiationStates, negotiationTransitions],
    ["deal_fulfilment_may", fulfilmentStates, fulfilmentTransitions],
  ] as const) {
    for (const [from, to] of pairs(states)) {
      const { rows } = await client.query<{ may: boolean }>(`select ${name}($1, $2) as may`, [from, to]);
      expect([from, to, rows[0]?.may]).toEqual([from, to, core(table).has(`${from}>${to}`)]);
    }
  }
  await client.end();
});

test("the database refuses a deal's illegal move, its deletion and a change of what was written", async () => {
  const { dealId } = await signedDeal();
  await expect(db.deal.update({ where: { id: dealId }, data: { fulfilment: "RELEASED" } })).rejects.toThrow();
  await expect(db.deal.update({ where: { id: dealId }, data: { priceMinor: 1n } })).rejects.toThrow();
  await expect(db.deal.delete({ where: { id: dealId } })).rejects.toThrow();
  await expect(db.contract.update({ where: { dealId }, data: { terms: "{}" } })).rejects.toThrow();
  await expect(db.dealSignature.deleteMany({ where: { dealId } })).rejects.toThrow();
  await expect(db.dealEvent.updateMany({ where: { dealId }, data: { kind: "paid" } })).rejects.toThrow();
});

test("after all of this the books are whole", async () => {
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
});
