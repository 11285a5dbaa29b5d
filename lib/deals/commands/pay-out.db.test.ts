import { randomUUID } from "node:crypto";
import { beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { addApp } from "@/lib/accounts/factor.fixture";
import { PASSWORD, openBrowser } from "@/lib/accounts/person.fixture";
import { hashPassword } from "@/lib/accounts/session/sign-in";
import { confirmPayout, discardPayout } from "@/lib/ledger/commands/pay-out";
import { cancelPayoutDetails, savePayoutDetails } from "@/lib/ledger/commands/payout-details";
import { balanceOf, checkBooks, getOwnStatement } from "@/lib/ledger/queries/journal";
import { findOwnPayoutDetails, listOwedAccounts } from "@/lib/ledger/queries/payouts";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listQueuedMails } from "@/lib/platform/outbox.fixture";
import { makeAccount, negotiatedDeal } from "../deal.fixture";
import { listPaymentsToConfirm } from "../queries/deal-list";
import { giveBack } from "./end-by-agreement";
import { confirmTransfer } from "./receive-transfer";

// A real installation: money by bank transfer, none simulated.
vi.hoisted(() => {
  process.env["OFFCUT_DEMO"] = "0";
  process.env["BANK_TRANSFER_DETAILS"] = "Offcut, at our bank";
});

let [one, other]: Actor[] = [];

beforeAll(async () => {
  await openInstallation();
  [one, other] = [await makeAccount(["administrator"]), await makeAccount(["administrator"])];
});

const code = (text: string) => expect.objectContaining({ code: text });
const IBAN = "Person, IBAN DE89 3704 0044 0532 0130 00";

/** Somebody who is owed so much, a buyer whose payment was given back, and who said where to be paid. */
async function owed(price: string): Promise<Actor & { detailsId: string }> {
  const deal = await negotiatedDeal(price);
  const detailsId = await stated(deal.buyer);
  const { paymentReference: reference } = await db.deal.findUniqueOrThrow({ where: { id: deal.dealId } });
  const transfer = { reference, amount: price };
  await confirmTransfer(one!, transfer);
  if (Number(price) > 1000) await confirmTransfer(other!, transfer);
  await giveBack(deal.seller, { dealId: deal.dealId });
  return { ...deal.buyer, detailsId };
}

async function stated({ accountId }: Actor): Promise<string> {
  const now = new Date();
  const { id } = await db.payoutDetails.create({
    data: { accountId, details: IBAN, statedAt: now, effectiveAt: now },
  });
  return id;
}

const payoutOf = ({ accountId, detailsId }: { accountId: string; detailsId: string }) => ({
  ...{ accountId, detailsId },
});

const payable = ({ accountId }: Actor) => balanceOf(`payable:${accountId}`, "EUR");

test("what is owed is paid out by the operator's word, posted once, and told by mail", async () => {
  const payee = await owed("300");
  const { accountId } = payee;
  const row = (await listOwedAccounts(one!, "EUR"))?.find((account) => account.accountId === accountId);
  expect(row).toMatchObject({ owedMinor: 30_000n, details: { details: IBAN }, open: null });
  const payout = { ...payoutOf(payee), amount: "100", bankReference: "SEPA 1" };
  await confirmPayout(one!, payout);
  expect(await payable(payee)).toBe(20_000n);
  const lines = (await getOwnStatement(payee, "EUR")).lines;
  expect(lines[0]).toMatchObject({ description: "Paid out", amountMinor: -10_000n, isPayout: true });
  for (const [amount, refusal] of [
    ["200.01", "payout_exceeds"],
    ["0", "amount_invalid"],
    ["x", "amount_invalid"],
  ] as const)
    await expect(confirmPayout(one!, { ...payout, amount, bankReference: "SEPA 1 b" })).rejects.toEqual(
      code(refusal),
    );
  const subjects = (await listQueuedMails()).map(({ data }) => data.mail);
  expect(subjects).toContainEqual(expect.objectContaining({ subject: "We paid out what you were owed" }));
});

test("ten payouts of everything at once send it once", async () => {
  const payee = await owed("300");
  const payout = { ...payoutOf(payee), amount: "300", bankReference: "SEPA 2" };
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => confirmPayout(one!, payout)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await payable(payee)).toBe(0n);
});

test("above the limit a second administrator confirms the very payout that waits, or it is discarded", async () => {
  const payee = await owed("3000");
  const { accountId } = payee;
  const payout = { ...payoutOf(payee), amount: "3000", bankReference: "SEPA 3" };
  await confirmPayout(one!, payout);
  expect(await payable(payee)).toBe(300_000n);
  await expect(confirmPayout(one!, payout)).rejects.toEqual(code("already_confirmed"));
  await expect(confirmPayout(other!, { ...payout, amount: "2000" })).rejects.toEqual(code("amount_differs"));
  const { id } = await db.payout.findFirstOrThrow({ where: { accountId } });
  await discardPayout(other!, { payoutId: id });
  await expect(discardPayout(other!, { payoutId: id })).rejects.toEqual(code("not_found"));
  await confirmPayout(other!, payout);
  await confirmPayout(one!, payout);
  expect(await payable(payee)).toBe(0n);
  await expect(db.payout.deleteMany({ where: { accountId } })).rejects.toThrow();
});

test("one transfer of the bank is paid out once, however often it is confirmed", async () => {
  const small = await owed("300");
  const payout = { ...payoutOf(small), amount: "100", bankReference: "SEPA 5" };
  await confirmPayout(one!, payout);
  for (const actor of [one!, other!])
    await expect(confirmPayout(actor, payout)).rejects.toEqual(code("already_paid_out"));
  expect(await payable(small)).toBe(20_000n);
  const { id, ...row } = await db.payout.findFirstOrThrow({ where: { accountId: small.accountId } });
  await expect(db.payout.create({ data: { ...row, paidAt: null } })).rejects.toThrow(/[Uu]nique/);
  expect(await db.payout.count({ where: { id } })).toBe(1);
});

test("a second confirmation names the transfer that waits, and a third one starts no other", async () => {
  const large = await owed("3000");
  const payout = { ...payoutOf(large), amount: "1500", bankReference: "SEPA 6" };
  await confirmPayout(one!, payout);
  await expect(confirmPayout(other!, { ...payout, bankReference: "SEPA 7" })).rejects.toEqual(
    code("amount_differs"),
  );
  await confirmPayout(other!, payout);
  await expect(confirmPayout(one!, payout)).rejects.toEqual(code("already_paid_out"));
  expect(await payable(large)).toBe(150_000n);
  expect(await db.payout.count({ where: { accountId: large.accountId } })).toBe(1);
});

test("a large sum sent in small parts needs two people as well, until no more than the limit is owed", async () => {
  const large = await owed("1500");
  const payout = { ...payoutOf(large), amount: "500", bankReference: "SEPA 8" };
  await confirmPayout(one!, payout);
  expect(await payable(large)).toBe(150_000n);
  await confirmPayout(other!, payout);
  expect(await payable(large)).toBe(100_000n);
  await confirmPayout(one!, { ...payout, bankReference: "SEPA 9" });
  expect(await payable(large)).toBe(50_000n);
});

test("a payout is discarded by somebody else, and after what is being decided about it", async () => {
  const payee = await owed("3000");
  const { accountId } = payee;
  await confirmPayout(one!, { ...payoutOf(payee), amount: "3000", bankReference: "SEPA 10" });
  const { id } = await db.payout.findFirstOrThrow({ where: { accountId } });
  await expect(discardPayout({ ...payee, roles: ["administrator"] }, { payoutId: id })).rejects.toEqual(
    code("conflict_of_interest"),
  );
  const waiting = await inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`payouts of ${accountId}`}, 0))::text`;
    const discarding = discardPayout(other!, { payoutId: id });
    await vi.waitFor(async () => {
      const [row] = await db.$queryRaw<{ waits: number }[]>`
        SELECT count(*)::int AS waits FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      expect(row?.waits).toBe(1);
    }, 5_000);
    return { discarding };
  });
  await waiting.discarding;
  expect(await db.payout.findUniqueOrThrow({ where: { id } })).toMatchObject({
    paidAt: null,
    discardedAt: expect.any(Date) as Date,
  });
});

test("nobody pays out to themselves, and whoever is no administrator sees and does nothing", async () => {
  const payee = await owed("300");
  const payout = { ...payoutOf(payee), amount: "300", bankReference: "SEPA 4" };
  await expect(confirmPayout(payee, payout)).rejects.toEqual(code("not_found"));
  await expect(confirmPayout({ ...payee, roles: ["administrator"] }, payout)).rejects.toEqual(
    code("conflict_of_interest"),
  );
  await expect(confirmPayout(one!, { ...payout, accountId: "nobody" })).rejects.toEqual(code("not_found"));
  expect(await listOwedAccounts(payee, "EUR")).toBeNull();
  expect(await listPaymentsToConfirm(payee)).toBeNull();
  expect(await payable(payee)).toBe(30_000n);
});

test("one reference of the bank pays out once, in any spelling and to whomever", async () => {
  const [first, second] = [await owed("300"), await owed("300")];
  await confirmPayout(one!, { ...payoutOf(first), amount: "100", bankReference: "Sepa 20-26/7" });
  const spellings = [
    "SEPA20267",
    "sepa\u200b 20\u201326/7",
    "ＳＥＰＡ２０２６/７",
    "SEPA\t2026/7",
    "S e p a 2 0 2 6 / 7",
  ];
  for (const payee of [first, second])
    for (const bankReference of spellings.slice(1))
      await expect(confirmPayout(one!, { ...payoutOf(payee), amount: "100", bankReference })).rejects.toEqual(
        code("already_paid_out"),
      );
  for (const bankReference of ["---", "\u200b\u200b\u200b", "SЕPA 1", "a_b_c"])
    await expect(confirmPayout(one!, { ...payoutOf(second), amount: "100", bankReference })).rejects.toEqual(
      code("reference_invalid"),
    );
  await confirmPayout(one!, { ...payoutOf(second), amount: "100", bankReference: "SEPA20267" });
  expect([await payable(first), await payable(second)]).toEqual([20_000n, 20_000n]);
  const { id, ...row } = await db.payout.findFirstOrThrow({ where: { accountId: second.accountId } });
  for (const bankReference of ["sepa 99", "SEPA-99", "SEPA 99", ""])
    await expect(db.payout.create({ data: { ...row, bankReference } })).rejects.toThrow();
  expect(await db.payout.count({ where: { id } })).toBe(1);
});

test("one reference for twenty accounts at once pays one of them", async () => {
  const payees: Awaited<ReturnType<typeof owed>>[] = [];
  for (let at = 0; at < 5; at++) payees.push(await owed("300"));
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) =>
      confirmPayout(at % 2 ? one! : other!, {
        ...payoutOf(payees[at % 5]!),
        ...{ amount: "100", bankReference: at % 3 ? "AT ONCE" : "at-once" },
      }),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toEqual(code("already_paid_out"));
});

async function withPassword(): Promise<Actor> {
  const actor = await makeAccount();
  await db.account.update({
    where: { id: actor.accountId },
    data: { passwordHash: await hashPassword(PASSWORD) },
  });
  return actor;
}

const client = () => openBrowser();
const mailsTo = async ({ handle }: Actor) =>
  (await listQueuedMails()).map(({ data }) => data.mail).filter(({ to }) => to.startsWith(handle));

/** The password, and a code of an app that was just added, because each code works once. */
async function proofOf({ accountId }: Actor) {
  const { code } = await addApp(accountId);
  return { password: PASSWORD, code: code() };
}

test("on a real installation payout details need an account with a second factor", async () => {
  const actor = await withPassword();
  await expect(savePayoutDetails(actor, { details: IBAN, password: PASSWORD }, client())).rejects.toEqual(
    code("second_factor_missing"),
  );
});

test("payout details need the password, count at once only where nothing is owed yet, and are told by mail", async () => {
  const actor = await withPassword();
  await expect(
    savePayoutDetails(actor, { ...(await proofOf(actor)), details: IBAN, password: "wrong" }, client()),
  ).rejects.toEqual(code("wrong_password"));
  for (const details of ["Person, IBAN DE89 3704 0044 0532 0130 01", "Person, IBAN DE11 1111"])
    await expect(savePayoutDetails(actor, { ...(await proofOf(actor)), details }, client())).rejects.toEqual(
      code("payout_details_invalid"),
    );
  expect(await findOwnPayoutDetails(actor)).toEqual({ inForce: null, waiting: null });
  await savePayoutDetails(actor, { ...(await proofOf(actor)), details: IBAN }, client());
  expect(await findOwnPayoutDetails(actor)).toMatchObject({ inForce: { details: IBAN }, waiting: null });
  await savePayoutDetails(actor, { ...(await proofOf(actor)), details: "Person, at another bank" }, client());
  const { inForce, waiting } = await findOwnPayoutDetails(actor);
  expect([inForce?.details, waiting?.details]).toEqual([IBAN, "Person, at another bank"]);
  const hours = ((waiting?.effectiveAt.getTime() ?? 0) - (waiting?.statedAt.getTime() ?? 0)) / 3_600_000;
  expect(hours).toBe(72);
  const mails = await mailsTo(actor);
  expect(mails).toHaveLength(2);
  for (const { subject, text } of mails) {
    expect(subject).toBe("Your payout details were changed");
    expect(text).not.toMatch(/https?:/);
  }
});

test("the first details of an account that is owed something wait too", async () => {
  const payee = await owed("300");
  await expect(db.payoutDetails.deleteMany({ where: { accountId: payee.accountId } })).rejects.toThrow();
  const deal = await negotiatedDeal("300");
  const { paymentReference: reference } = await db.deal.findUniqueOrThrow({ where: { id: deal.dealId } });
  await confirmTransfer(one!, { reference, amount: "300" });
  await giveBack(deal.seller, { dealId: deal.dealId });
  const { accountId } = deal.buyer;
  await db.account.update({
    where: { id: accountId },
    data: { passwordHash: await hashPassword(PASSWORD) },
  });
  await savePayoutDetails(deal.buyer, { ...(await proofOf(deal.buyer)), details: IBAN }, client());
  const { inForce, waiting } = await findOwnPayoutDetails(deal.buyer);
  expect([inForce, waiting?.details]).toEqual([null, IBAN]);
  await expect(
    confirmPayout(one!, { accountId, detailsId: waiting?.id ?? "", amount: "1", bankReference: "EARLY" }),
  ).rejects.toEqual(code("payout_details_missing"));
});

test("a change that waits can be cancelled or replaced, once in force it stays, and nothing said is lost", async () => {
  const actor = await withPassword();
  const say = async (details: string) =>
    savePayoutDetails(actor, { ...(await proofOf(actor)), details }, client());
  await say(IBAN);
  await expect(cancelPayoutDetails(actor)).rejects.toEqual(code("payout_details_missing"));
  await say("Person, at a second bank");
  await say("Person, at a third bank");
  expect((await findOwnPayoutDetails(actor)).waiting?.details).toBe("Person, at a third bank");
  await cancelPayoutDetails(actor);
  expect(await findOwnPayoutDetails(actor)).toMatchObject({ inForce: { details: IBAN }, waiting: null });
  const rows = await db.payoutDetails.findMany({ where: { accountId: actor.accountId } });
  expect(rows).toHaveLength(3);
  const [first] = rows;
  await expect(
    db.payoutDetails.update({ where: { id: first?.id }, data: { details: "Mine" } }),
  ).rejects.toThrow();
  await expect(
    db.payoutDetails.update({ where: { id: first?.id }, data: { cancelledAt: new Date() } }),
  ).rejects.toThrow();
});

test("money goes where it says now: to nothing older, newer or of somebody else", async () => {
  const payee = await owed("3000");
  const another = await stated(await makeAccount());
  const payout = { ...payoutOf(payee), amount: "1500", bankReference: "WHERE 1" };
  for (const detailsId of [another, randomUUID(), ""])
    await expect(confirmPayout(one!, { ...payout, detailsId })).rejects.toEqual(
      code("payout_details_changed"),
    );
  await confirmPayout(one!, payout);
  const later = new Date(Date.now() + 1);
  const { id: newId } = await db.payoutDetails.create({
    data: { accountId: payee.accountId, details: "Elsewhere", statedAt: later, effectiveAt: later },
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(confirmPayout(other!, payout)).rejects.toEqual(code("payout_details_changed"));
  await expect(confirmPayout(other!, { ...payout, detailsId: newId })).rejects.toEqual(
    code("payout_details_changed"),
  );
  const row = (await listOwedAccounts(one!, "EUR"))?.find(({ accountId }) => accountId === payee.accountId);
  expect(row).toMatchObject({ details: { details: "Elsewhere" }, open: { isElsewhere: true } });
  await discardPayout(other!, { payoutId: row?.open?.id ?? "" });
  await confirmPayout(one!, { ...payout, detailsId: newId });
  await confirmPayout(other!, { ...payout, detailsId: newId });
  const paid = await db.payout.findFirstOrThrow({
    where: { accountId: payee.accountId, paidAt: { not: null } },
  });
  expect(paid.detailsId).toBe(newId);
});

test("after all of this the books are whole", async () => {
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
});
