import { beforeAll, expect, test } from "vitest";
import { findSessionActor } from "@/lib/accounts/session/session";
import {
  makeAccount,
  makeListing,
  type MarketDeal,
  negotiatedDeal,
  offerForm,
  passHours,
  pay,
  stateOf,
} from "@/lib/deals/deal.fixture";
import { runDeadline } from "@/lib/deals/commands/run-deadline";
import { makeOffer } from "@/lib/deals/commands/make-offer";
import { findDealForCase } from "@/lib/deals/queries/deal-for-case";
import { balanceOf } from "@/lib/ledger/queries/journal";
import { isAuditChainWhole } from "@/lib/platform/audit";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listQueuedMails } from "@/lib/platform/outbox.fixture";
import { findDispute, listDisputesOfDeal, listOpenDisputes } from "../queries/case";
import {
  findSanction,
  listAuditEvents,
  listOpenAppeals,
  listOwnSanctions,
  listSanctions,
} from "../queries/disputes";
import { decideAppeal, fileAppeal } from "./appeal";
import { addStatement, openDispute, withdrawDispute } from "./dispute";
import { ruleDispute } from "./ruling";
import { liftSanction, sanctionListing, suspendForCause } from "./sanction";

beforeAll(openInstallation);

const REASON = "The contract and the digests say so.";
const code = (text: string) => expect.objectContaining({ code: text });

async function disputedDeal(): Promise<MarketDeal & { disputeId: string }> {
  const deal = await negotiatedDeal("180");
  await pay(deal);
  await openDispute(deal.buyer, {
    dealId: deal.dealId,
    reason: "not_as_described",
    statement: "It never says rust on our rows.",
  });
  const { id } = await db.dispute.findFirstOrThrow({ where: { dealId: deal.dealId } });
  return { ...deal, disputeId: id };
}

test("a dispute freezes the deal and tells the other side", async () => {
  const deal = await disputedDeal();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DISPUTED" });
  const seller = await db.account.findUniqueOrThrow({ where: { id: deal.seller.accountId } });
  const queued = (await listQueuedMails()).find(
    ({ data }) => data.idempotencyKey === `dispute-${deal.disputeId}`,
  );
  expect(queued?.data.mail).toMatchObject({ to: seller.email });
});

test("nothing can be disputed before the payment is held, nor by a stranger, nor twice", async () => {
  const [buyer, seller, stranger] = [await makeAccount(), await makeAccount(), await makeAccount()];
  const form = offerForm(await makeListing(seller));
  await makeOffer(buyer, form);
  const input = { dealId: form.dealId, reason: "other" as const, statement: REASON };
  await expect(openDispute(buyer, input)).rejects.toThrow(expect.objectContaining({ name: "DomainError" }));
  await expect(openDispute(stranger, input)).rejects.toThrow(code("not_found"));

  const deal = await disputedDeal();
  await withdrawDispute(deal.buyer, { disputeId: deal.disputeId });
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED" });
  await expect(openDispute(deal.buyer, { ...input, dealId: deal.dealId })).rejects.toThrow(
    code("already_disputed"),
  );
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED" });
});

test("a dispute that one side withdraws leaves the other its own, at any time until the release", async () => {
  const deal = await negotiatedDeal("180");
  await pay(deal);
  const input = { dealId: deal.dealId, reason: "other" as const, statement: REASON };
  const openId = async () =>
    (await db.dispute.findFirstOrThrow({ where: { dealId: deal.dealId, state: "open" } })).id;
  await openDispute(deal.seller, input);
  await expect(openDispute(deal.buyer, input)).rejects.toThrow(code("fulfilment_move_refused"));
  await addStatement(deal.buyer, { disputeId: await openId(), body: REASON });
  await withdrawDispute(deal.seller, { disputeId: await openId() });
  const withdrawn = (await listQueuedMails())
    .map(({ data }) => data.mail.text)
    .filter((text) => text.includes(deal.dealId));
  expect(withdrawn.some((text) => text.includes("open one of your own"))).toBe(true);
  await passHours(6 * 24);
  await runDeadline(deal.dealId);
  await passHours(24);
  await runDeadline(deal.dealId);
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERY_ACCEPTED" });
  await passHours(48);
  await expect(openDispute(deal.seller, input)).rejects.toThrow(code("already_disputed"));
  await openDispute(deal.buyer, input);
  await withdrawDispute(deal.buyer, { disputeId: await openId() });
  await expect(openDispute(deal.buyer, input)).rejects.toThrow(code("already_disputed"));
  const disputes = await listDisputesOfDeal(deal.buyer, deal.dealId);
  expect(disputes.map(({ party, state }) => `${party} ${state}`)).toEqual([
    "buyer withdrawn",
    "seller withdrawn",
  ]);
  expect(disputes[1]?.statements.map(({ side }) => side)).toEqual(["buyer"]);
});

test("the database holds one dispute for each party, one open for a deal, and what was said as it was said", async () => {
  const deal = await disputedDeal();
  const { id: _id, ...row } = await db.dispute.findUniqueOrThrow({ where: { id: deal.disputeId } });
  const other = { ...row, party: "seller" as const, openedById: deal.seller.accountId };
  await expect(db.dispute.create({ data: other })).rejects.toThrow(/[Uu]nique/);
  await expect(db.dispute.create({ data: { ...row, state: "withdrawn" } })).rejects.toThrow(/[Uu]nique/);
  await addStatement(deal.seller, { disputeId: deal.disputeId, body: REASON });
  await expect(db.disputeStatement.updateMany({ data: { body: "" } })).rejects.toThrow();
  const where = { id: deal.disputeId };
  await expect(db.dispute.update({ where, data: { statement: "" } })).rejects.toThrow();
  await withdrawDispute(deal.buyer, { disputeId: deal.disputeId });
  await expect(db.dispute.update({ where, data: { state: "open" } })).rejects.toThrow();
  const deals = { where: { id: deal.dealId } };
  for (const disputants of [[], ["seller"], ["buyer", "seller"]] as ("buyer" | "seller")[][])
    await expect(db.deal.update({ ...deals, data: { disputants } })).rejects.toThrow(/one dispute at most/);
  const again = { fulfilment: "DISPUTED", disputedFrom: "DELIVERED" } as const;
  for (const disputants of [["buyer"], ["buyer", "buyer"]] as ("buyer" | "seller")[][])
    await expect(db.deal.update({ ...deals, data: { ...again, disputants } })).rejects.toThrow(
      /one dispute at most/,
    );
  await db.deal.update({ ...deals, data: { ...again, disputants: ["buyer", "seller"] } });
});

test("a split gives each side its part, takes the fee from the seller's, and empties the held payment", async () => {
  const deal = await disputedDeal();
  const moderator = await makeAccount(["moderator"]);
  await ruleDispute(moderator, {
    disputeId: deal.disputeId,
    outcome: "split",
    buyerAmount: "60.01",
    rationale: REASON,
  });
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "SPLIT" });
  expect(await balanceOf(`escrow:${deal.dealId}`, "EUR")).toBe(0n);
  expect(await balanceOf(`payable:${deal.buyer.accountId}`, "EUR")).toBe(6001n);
  expect(await balanceOf(`payable:${deal.seller.accountId}`, "EUR")).toBe(11_999n - 599n);
  const view = await findDispute(deal.seller, deal.disputeId);
  expect(view?.ruling).toMatchObject({
    outcome: "split",
    buyer: { minor: 6001n },
    seller: { minor: 11_999n },
  });
  expect(await isAuditChainWhole()).toBe(true);
});

test("a refund gives everything back and revokes the licence", async () => {
  const deal = await disputedDeal();
  await ruleDispute(await makeAccount(["moderator"]), {
    disputeId: deal.disputeId,
    outcome: "refund",
    buyerAmount: "",
    rationale: REASON,
  });
  expect(await balanceOf(`payable:${deal.buyer.accountId}`, "EUR")).toBe(18_000n);
  expect(await db.licence.findUnique({ where: { dealId: deal.dealId } })).toMatchObject({
    status: "revoked",
  });
});

test("of two rulings at once one stands, and a refused one leaves nothing behind", async () => {
  const deal = await disputedDeal();
  const moderators = [await makeAccount(["moderator"]), await makeAccount(["moderator"])];
  const ruling = { disputeId: deal.disputeId, buyerAmount: "", rationale: REASON };
  const results = await Promise.allSettled([
    ruleDispute(moderators[0]!, { ...ruling, outcome: "refund" }),
    ruleDispute(moderators[1]!, { ...ruling, outcome: "release" }),
  ]);
  expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await db.ruling.count({ where: { disputeId: deal.disputeId } })).toBe(1);
  expect(await balanceOf(`escrow:${deal.dealId}`, "EUR")).toBe(0n);
});

test("a ruling that does not add up moves nothing", async () => {
  const deal = await disputedDeal();
  const moderator = await makeAccount(["moderator"]);
  const split = { disputeId: deal.disputeId, outcome: "split" as const, rationale: REASON };
  for (const buyerAmount of ["0", "180", "180.01", "abc", "-1", ""]) {
    await expect(ruleDispute(moderator, { ...split, buyerAmount })).rejects.toThrow(
      expect.objectContaining({ name: "DomainError" }),
    );
  }
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DISPUTED" });
  expect(await balanceOf(`escrow:${deal.dealId}`, "EUR")).toBe(18_000n);
});

test("a dispute, its case and its ruling do not exist for a stranger", async () => {
  const deal = await disputedDeal();
  const stranger = await makeAccount();
  expect(await findDispute(stranger, deal.disputeId)).toBeNull();
  expect(await listDisputesOfDeal(stranger, deal.dealId)).toEqual([]);
  expect(await findDealForCase(stranger, deal.dealId)).toBeNull();
  expect(await findDealForCase(deal.seller, deal.dealId)).toBeNull();
  expect(await listOpenDisputes(stranger, null)).toEqual({ count: 0, disputes: [], next: null });
  const refusedTo = [
    () => addStatement(stranger, { disputeId: deal.disputeId, body: REASON }),
    () => withdrawDispute(stranger, { disputeId: deal.disputeId }),
    () => withdrawDispute(deal.seller, { disputeId: deal.disputeId }),
    () =>
      ruleDispute(stranger, {
        disputeId: deal.disputeId,
        outcome: "refund",
        buyerAmount: "",
        rationale: REASON,
      }),
    () =>
      ruleDispute(deal.buyer, {
        disputeId: deal.disputeId,
        outcome: "refund",
        buyerAmount: "",
        rationale: REASON,
      }),
  ];
  for (const attempt of refusedTo) await expect(attempt()).rejects.toThrow(code("not_found"));
});

test("a party who is a moderator cannot rule on its own deal", async () => {
  const deal = await disputedDeal();
  const judge = { ...deal.buyer, roles: ["moderator" as const] };
  await expect(
    ruleDispute(judge, { disputeId: deal.disputeId, outcome: "refund", buyerAmount: "", rationale: REASON }),
  ).rejects.toThrow(code("conflict_of_interest"));
});

test("a frozen listing takes no offers until the freeze is lifted by an appeal that another moderator grants", async () => {
  const [seller, buyer, stranger] = [await makeAccount(), await makeAccount(), await makeAccount()];
  const [moderator, judge] = [await makeAccount(["moderator"]), await makeAccount(["moderator"])];
  const listingId = await makeListing(seller);
  await expect(sanctionListing(stranger, { listingId, kind: "freeze", reason: REASON })).rejects.toThrow(
    code("not_found"),
  );
  await sanctionListing(moderator, { listingId, kind: "freeze", reason: REASON });
  await expect(makeOffer(buyer, offerForm(listingId))).rejects.toThrow(
    expect.objectContaining({ name: "DomainError" }),
  );
  await expect(sanctionListing(moderator, { listingId, kind: "freeze", reason: REASON })).rejects.toThrow(
    code("already_imposed"),
  );

  const [sanction] = await listOwnSanctions(seller);
  const sanctionId = sanction?.id ?? "";
  expect(await findSanction(stranger, sanctionId)).toBeNull();
  expect(await findSanction(null, sanctionId)).toBeNull();
  await expect(fileAppeal(stranger, { sanctionId, body: REASON })).rejects.toThrow(code("not_found"));
  await expect(fileAppeal(null, { sanctionId, body: REASON })).rejects.toThrow(code("not_found"));
  await fileAppeal(seller, { sanctionId, body: REASON });
  const appealId = (await findSanction(seller, sanctionId))?.appeal?.id ?? "";
  const decision = { appealId, decision: "granted" as const, rationale: REASON };
  await expect(decideAppeal(stranger, decision)).rejects.toThrow(code("not_found"));
  await expect(decideAppeal(moderator, decision)).rejects.toThrow(code("conflict_of_interest"));
  await decideAppeal(judge, decision);
  await expect(decideAppeal(judge, decision)).rejects.toThrow(code("appeal_closed"));
  expect(await db.listing.findUniqueOrThrow({ where: { id: listingId } })).toMatchObject({ frozenAt: null });
  await expect(makeOffer(buyer, offerForm(listingId))).resolves.toBeDefined();
});

test("a suspension ends every session at once and can be appealed by its mailed link alone", async () => {
  const [person, moderator] = [await makeAccount(), await makeAccount(["moderator"])];
  const session = await db.session.create({
    data: { accountId: person.accountId, expiresAt: new Date(Date.now() + 60_000) },
  });
  expect(await findSessionActor(session.id)).not.toBeNull();
  await expect(suspendForCause(person, { accountId: moderator.accountId, reason: REASON })).rejects.toThrow(
    code("not_found"),
  );
  await suspendForCause(moderator, { accountId: person.accountId, reason: REASON });
  expect(await findSessionActor(session.id)).toBeNull();
  const sanctionId = (await listOwnSanctions(person))[0]?.id ?? "";
  await fileAppeal(null, { sanctionId, body: REASON });
  expect((await findSanction(null, sanctionId))?.appeal).toMatchObject({ state: "open" });
  await liftSanction(moderator, { sanctionId, reason: REASON });
  expect(await db.account.findUniqueOrThrow({ where: { id: person.accountId } })).toMatchObject({
    status: "active",
  });
});

test("the audit log is searched by who, what as shown, about what and why, and pages within what was found", async () => {
  const [moderator, seller] = [await makeAccount(["moderator"]), await makeAccount()];
  const listingId = await makeListing(seller);
  const reason = `Seen on ${listingId.slice(0, 8)}, shown to nobody.`;
  await sanctionListing(moderator, { listingId, kind: "freeze", reason });
  await sanctionListing(moderator, { listingId, kind: "take_down", reason });
  const found = async (search: string, before: bigint | null = null) =>
    (await listAuditEvents(moderator, before, search)).filter((event) => event.subjectId === listingId);
  expect((await found("TAKE DOWN")).map((event) => event.action)).toEqual(["take down"]);
  for (const search of [moderator.displayName, listingId, reason.toUpperCase()]) {
    expect((await found(search)).map((event) => event.action)).toEqual(["take down", "freeze"]);
  }
  const [newest] = await found(reason);
  expect((await found(reason, BigInt(newest?.id ?? 0))).map((event) => event.action)).toEqual(["freeze"]);
  expect(await found(`${reason} nothing says this`)).toEqual([]);
});

test("nobody but moderators reads the audit log, the appeals and the decisions", async () => {
  const stranger = await makeAccount();
  expect(await listAuditEvents(stranger, null)).toEqual([]);
  expect(await listSanctions(stranger)).toEqual([]);
  expect(await listOpenAppeals(stranger, null)).toEqual({ count: 0, sanctions: [], next: null });
});
