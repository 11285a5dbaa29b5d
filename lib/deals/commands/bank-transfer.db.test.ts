import { beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { addApp } from "@/lib/accounts/factor.fixture";
import { confirmPayout, discardPayout, savePayoutDetails } from "@/lib/ledger/commands/pay-out";
import { balanceOf, checkBooks, getOwnStatement } from "@/lib/ledger/queries/journal";
import { findOwnPayoutDetails, listOwedAccounts } from "@/lib/ledger/queries/payouts";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listQueuedMails } from "@/lib/platform/outbox.fixture";
import { listPaymentsToConfirm } from "../queries/deal-list";
import { type MarketDeal, makeAccount, negotiatedDeal, signedDeal, stateOf } from "../deal.fixture";
import { giveBack } from "./end-by-agreement";
import { confirmTransfer, fundDeal } from "./fund-deal";
import { importStatement } from "./import-statement";
import { runDeadline } from "./run-deadline";

// A real installation: money by bank transfer, none simulated.
vi.hoisted(() => {
  process.env["OFFCUT_DEMO"] = "0";
  process.env["BANK_TRANSFER_DETAILS"] = "Offcut, IBAN DE00 0000";
});

let [one, other]: Actor[] = [];

beforeAll(async () => {
  await openInstallation();
  [one, other] = [await makeAccount(["administrator"]), await makeAccount(["administrator"])];
});

const code = (text: string) => expect.objectContaining({ code: text });
const escrow = (dealId: string) => balanceOf(`escrow:${dealId}`, "EUR");
const referenceOf = async ({ dealId }: MarketDeal) =>
  (await db.deal.findUniqueOrThrow({ where: { id: dealId } })).paymentReference;
const statement = (...lines: string[]) => ({
  file: new File([["Date;Text;Amount", ...lines].join("\n")], "transfers.csv"),
});

test("a transfer of exactly the price, confirmed by an administrator, is held and the files are handed over", async () => {
  const deal = await signedDeal();
  const reference = await referenceOf(deal);
  expect(reference).toMatch(/^OFC-/);
  expect((await listPaymentsToConfirm(one!))?.map((row) => row.reference)).toContain(reference);
  await confirmTransfer(one!, { reference: ` ${reference.toLowerCase()} `, amount: "210,00" });
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERED" });
  expect(await escrow(deal.dealId)).toBe(21_000n);
  expect((await listPaymentsToConfirm(one!))?.map((row) => row.reference)).not.toContain(reference);
});

test("simulated money pays nothing on a real installation", async () => {
  const deal = await signedDeal();
  await expect(fundDeal(deal.buyer, { dealId: deal.dealId, amountMinor: "21000" })).rejects.toEqual(
    code("provider_not_here"),
  );
});

test("another amount, another reference, a party and whoever is no administrator confirm nothing", async () => {
  const deal = await signedDeal();
  const reference = await referenceOf(deal);
  for (const amount of ["209.99", "210.01", "0", "21000"])
    await expect(confirmTransfer(one!, { reference, amount })).rejects.toEqual(code("amount_differs"));
  await expect(confirmTransfer(one!, { reference: "OFC-2222-2222", amount: "210" })).rejects.toEqual(
    code("not_found"),
  );
  for (const party of [deal.buyer, deal.seller]) {
    await expect(confirmTransfer(party, { reference, amount: "210" })).rejects.toEqual(code("not_found"));
    const asOperator = { ...party, roles: ["administrator" as const] };
    await expect(confirmTransfer(asOperator, { reference, amount: "210" })).rejects.toEqual(
      code("conflict_of_interest"),
    );
  }
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "UNFUNDED" });
  expect(await db.paymentReceipt.count({ where: { reference } })).toBe(0);
});

test("above the limit two different administrators must have seen it, and twice the same is one", async () => {
  const deal = await negotiatedDeal("1000.01");
  const transfer = { reference: await referenceOf(deal), amount: "1000.01" };
  await confirmTransfer(one!, transfer);
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "UNFUNDED" });
  await expect(confirmTransfer(one!, transfer)).rejects.toEqual(code("already_confirmed"));
  await confirmTransfer(other!, transfer);
  expect(await escrow(deal.dealId)).toBe(100_001n);
});

test("confirmed several times at once, by two, one payment is held", async () => {
  const deal = await signedDeal();
  const transfer = { reference: await referenceOf(deal), amount: "210" };
  await Promise.all([one!, other!, one!, other!].map((actor) => confirmTransfer(actor, transfer)));
  expect(await escrow(deal.dealId)).toBe(21_000n);
  expect(await db.delivery.count({ where: { dealId: deal.dealId } })).toBe(1);
});

test("a bank statement confirms what fits exactly and names every line that does not", async () => {
  const [fits, differs, large] = [await signedDeal(), await signedDeal(), await negotiatedDeal("2000")];
  const [a, b, c] = [await referenceOf(fits), await referenceOf(differs), await referenceOf(large)];
  const file = statement(
    `22.11.2026;Licence ${a};210,00`,
    `22.11.2026;${b};200,00`,
    `22.11.2026;${c.replaceAll("-", "")};2.000,00`,
    "22.11.2026;OFC-2222-2222;5,00",
    `22.11.2026;${a} again;210,00`,
    "22.11.2026;Rent;-800,00",
    "22.11.2026;Something;7,00",
  );
  const { message } = await importStatement(one!, file);
  expect(message).toContain("1 confirmed, 1 wait for a second administrator, 0 were confirmed before.");
  for (const text of ["Line 3 was not taken", "Line 5 was not taken", "Line 6 was not taken"])
    expect(message).toContain(text);
  expect(message).toContain("1 with another text and 1 outgoing");
  expect(await escrow(fits.dealId)).toBe(21_000n);
  expect(await stateOf(differs.dealId)).toMatchObject({ fulfilment: "UNFUNDED" });
  const again = await importStatement(one!, file);
  expect(again.message).toContain("0 confirmed, 1 wait for a second administrator, 1 were confirmed before.");
  await importStatement(other!, file);
  expect(await escrow(large.dealId)).toBe(200_000n);
  expect(await escrow(fits.dealId)).toBe(21_000n);
});

test("a statement of no bank, and one from no administrator, are refused", async () => {
  await expect(importStatement(one!, { file: new File(["hello"], "a.csv") })).rejects.toEqual(
    code("statement_unreadable"),
  );
  await expect(importStatement(await makeAccount(), statement())).rejects.toEqual(code("not_found"));
});

test("a transfer for a deal that lapsed is refused, by hand and in a statement", async () => {
  const { dealId, ...deal } = await signedDeal();
  const reference = await referenceOf({ dealId, ...deal });
  const longAgo = new Date(Date.now() - 86_400_000);
  await db.deal.update({ where: { id: dealId }, data: { deadlineAt: longAgo, remindedAt: longAgo } });
  await runDeadline(dealId);
  expect(await stateOf(dealId)).toMatchObject({ fulfilment: "LAPSED" });
  await expect(confirmTransfer(one!, { reference, amount: "210" })).rejects.toEqual(code("payment_late"));
  const { message } = await importStatement(one!, statement(`22.11.2026;${reference};210,00`));
  expect(message).toContain("0 confirmed, 0 wait for a second administrator, 0 were confirmed before.");
  expect(message).toContain("Line 2 was not taken: This deal has lapsed. Send the transfer back.");
  expect(await db.paymentReceipt.count({ where: { reference } })).toBe(0);
});

/** Somebody who is owed so much: a buyer whose payment was given back. */
async function owed(price: string): Promise<Actor> {
  const deal = await negotiatedDeal(price);
  const transfer = { reference: await referenceOf(deal), amount: price };
  await confirmTransfer(one!, transfer);
  if (Number(price) > 1000) await confirmTransfer(other!, transfer);
  await giveBack(deal.seller, { dealId: deal.dealId });
  return deal.buyer;
}

const payable = ({ accountId }: Actor) => balanceOf(`payable:${accountId}`, "EUR");

test("what is owed is paid out by the operator's word, posted once, and told by mail", async () => {
  const payee = await owed("300");
  const { accountId } = payee;
  const details = { details: "Person, IBAN DE11 1111" };
  await expect(savePayoutDetails(payee, details)).rejects.toMatchObject({ code: "second_factor_missing" });
  await addApp(accountId);
  await savePayoutDetails(payee, details);
  expect(await findOwnPayoutDetails(payee)).toBe("Person, IBAN DE11 1111");
  const row = (await listOwedAccounts(one!, "EUR"))?.find((account) => account.accountId === accountId);
  expect(row).toMatchObject({ owedMinor: 30_000n, details: "Person, IBAN DE11 1111", open: null });
  const payout = { accountId, amount: "100", bankReference: "SEPA 1" };
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
  const payout = { accountId: payee.accountId, amount: "300", bankReference: "SEPA 2" };
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => confirmPayout(one!, payout)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await payable(payee)).toBe(0n);
});

test("above the limit a second administrator confirms the very payout that waits, or it is discarded", async () => {
  const payee = await owed("3000");
  const { accountId } = payee;
  const payout = { accountId, amount: "3000", bankReference: "SEPA 3" };
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
  const payout = { accountId: small.accountId, amount: "100", bankReference: "SEPA 5" };
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
  const payout = { accountId: large.accountId, amount: "1500", bankReference: "SEPA 6" };
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
  const payout = { accountId: large.accountId, amount: "500", bankReference: "SEPA 8" };
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
  await confirmPayout(one!, { accountId, amount: "3000", bankReference: "SEPA 10" });
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
  const { accountId } = payee;
  const payout = { accountId, amount: "300", bankReference: "SEPA 4" };
  await expect(confirmPayout(payee, payout)).rejects.toEqual(code("not_found"));
  await expect(confirmPayout({ ...payee, roles: ["administrator"] }, payout)).rejects.toEqual(
    code("conflict_of_interest"),
  );
  await expect(confirmPayout(one!, { ...payout, accountId: "nobody" })).rejects.toEqual(code("not_found"));
  expect(await listOwedAccounts(payee, "EUR")).toBeNull();
  expect(await listPaymentsToConfirm(payee)).toBeNull();
  expect(await payable(payee)).toBe(30_000n);
});

test("after all of this the books are whole", async () => {
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
});
