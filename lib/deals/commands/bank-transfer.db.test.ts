import { randomUUID } from "node:crypto";
import { beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { returnTransfer } from "@/lib/ledger/commands/pay-out";
import { mapStatement, uploadStatement } from "@/lib/ledger/commands/statements";
import {
  type SampleLine,
  anyCsv,
  camt,
  camtEntry,
  camtInOneFile,
  camtOf,
  mt940,
  n26,
} from "@/lib/ledger/bank/statement.fixture";
import { findStatementDraft } from "@/lib/ledger/queries/statement-draft";
import { balanceOf, checkBooks } from "@/lib/ledger/queries/journal";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listPaymentsToConfirm } from "../queries/deal-list";
import { listUnmatched } from "../queries/unmatched";
import { type MarketDeal, makeAccount, negotiatedDeal, signedDeal, stateOf } from "../deal.fixture";
import { fundDeal } from "./fund-deal";
import { importStatement } from "./import-statement";
import { assignTransfer, confirmTransfer } from "./receive-transfer";
import { runDeadline } from "./run-deadline";

// A real installation: money by bank transfer, none simulated.
vi.hoisted(() => {
  process.env["OFFCUT_DEMO"] = "0";
  process.env["BANK_TRANSFER_DETAILS"] = "Offcut, IBAN DE89 3704 0044 0532 0130 00";
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
const day = "2026-11-22";

/** Hands a file in, and confirms its lines as the page showed them. */
async function importFile(actor: Actor, text: string): Promise<string> {
  return confirm(actor, await upload(actor, text));
}

async function confirm(actor: Actor, draftId: string): Promise<string> {
  const draft = await findStatementDraft(actor, draftId, 1);
  const { message } = await importStatement(actor, { draftId, layout: draft?.reading?.layout ?? "" });
  return message;
}

async function upload(actor: Actor, text: string): Promise<string> {
  const { redirectTo } = await uploadStatement(actor, { file: new File([text], "statement") });
  return redirectTo.split("/").at(-1) ?? "";
}

const line = (text: string, amountMinor: bigint, reference = randomUUID().slice(0, 18)): SampleLine => ({
  ...{ day, text, amountMinor, reference },
});
const unmatched = async (actor = one!) => (await listUnmatched(actor, 1))?.transfers ?? [];
const reasonOf = async (text: string) => (await unmatched()).find((row) => row.text.includes(text))?.reason;

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
  expect(await db.receivedTransfer.count({ where: { paymentReference: reference } })).toBe(0);
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

test("a statement confirms what fits exactly, and keeps what does not with its reason", async () => {
  const [fits, differs, large] = [await signedDeal(), await signedDeal(), await negotiatedDeal("2000")];
  const [a, b, c] = [await referenceOf(fits), await referenceOf(differs), await referenceOf(large)];
  const text = camt([
    line(`Licence ${a}`, 21_000n),
    line(b, 20_000n),
    line(c.replaceAll("-", "").toLowerCase(), 200_000n),
    line("OFC-2222-2222", 500n),
    line(`${a} again`, 21_000n),
    line("Rent", -80_000n),
    line("A gift", 700n),
    line(`${a} or ${b}`, 21_000n),
  ]);
  const message = await importFile(one!, text);
  expect(message).toContain(
    "1 confirmed, 1 wait for a second administrator, 0 were known before. 5 pay no deal",
  );
  expect(message).toContain("1 other lines were passed over.");
  expect(await escrow(fits.dealId)).toBe(21_000n);
  expect(await stateOf(differs.dealId)).toMatchObject({ fulfilment: "UNFUNDED" });
  expect(await reasonOf("again")).toContain("further transfer");
  expect(await reasonOf("OFC-2222-2222")).toContain("No deal has the reference");
  expect(await reasonOf("gift")).toContain("names no payment of ours, or several");
  expect(await reasonOf(" or ")).toContain("names no payment of ours, or several");
  expect((await unmatched()).find((row) => row.amountMinor === 20_000n)?.reason).toContain("not the price");

  expect(await importFile(one!, text)).toContain(
    "0 confirmed, 1 wait for a second administrator, 6 were known",
  );
  expect(await escrow(large.dealId)).toBe(0n);
  expect(await importFile(other!, text)).toContain(
    "1 confirmed, 0 wait for a second administrator, 6 were known",
  );
  expect(await escrow(large.dealId)).toBe(200_000n);
  expect(await escrow(fits.dealId)).toBe(21_000n);
});

test("the same file twenty times at once confirms each line once", async () => {
  const deals = [await signedDeal(), await signedDeal()];
  const references = await Promise.all(deals.map(referenceOf));
  const text = camt([...references.map((one) => line(one, 21_000n)), line("Gift at once", 900n)], {
    id: "P",
  });
  const before = await db.receivedTransfer.count();
  const drafts: [Actor, string][] = [];
  for (let at = 0; at < 20; at++) {
    const actor = at % 2 ? one! : other!;
    drafts.push([actor, await upload(actor, text)]);
  }
  const messages = await Promise.all(drafts.map(([actor, draftId]) => confirm(actor, draftId)));
  const confirmed = messages.map((message) => Number(/^(\d+) confirmed/.exec(message)?.[1]));
  expect(confirmed.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(await db.receivedTransfer.count()).toBe(before + 3);
  expect(await db.bankStatement.count({ where: { credits: 3, creditMinor: 42_900n } })).toBe(1);
  for (const { dealId } of deals) {
    expect(await escrow(dealId)).toBe(21_000n);
    expect(await db.delivery.count({ where: { dealId } })).toBe(1);
  }
});

test("files that overlap are one list, and a second real transfer with one reference is a new payment", async () => {
  const deal = await signedDeal();
  const reference = await referenceOf(deal);
  const [first, second] = [line(`${reference} first`, 21_000n), line(`${reference} second`, 21_000n)];
  await importFile(one!, camt([first], { id: "S20" }));
  expect(await importFile(one!, camt([first, second], { id: "S21" }))).toContain(
    "0 confirmed, 0 wait for a second administrator, 1 were known before. 1 pay no deal",
  );
  expect(await reasonOf("second")).toContain("further transfer");
  const [left] = (await unmatched()).filter((row) => row.text.includes("second"));
  expect(await balanceOf(`received:${left?.id}`, "EUR")).toBe(21_000n);
});

test.each(["in one file", "in two files"])(
  "transfers with one number in two statements, %s, are two payments, and the same again none",
  async (how) => {
    const deals = [await signedDeal(), await signedDeal()];
    const [first, second] = await Promise.all(
      deals.map(async (deal, at) =>
        camtOf(
          [
            camtEntry(
              { day, amountMinor: 21_000n, text: await referenceOf(deal) },
              { more: "<NtryRef>1</NtryRef>" },
            ),
          ],
          21_000n,
          { id: `N${at}` },
        ),
      ),
    );
    const files = how === "in one file" ? [camtInOneFile(first!, second!)] : [first!, second!];
    for (const file of files) await importFile(one!, file);
    for (const { dealId } of deals) expect(await escrow(dealId)).toBe(21_000n);
    for (const file of files) expect(await importFile(one!, file)).toContain("0 confirmed");
    for (const { dealId } of deals) expect(await escrow(dealId)).toBe(21_000n);
  },
);

test("a transfer confirmed by hand is the first that a statement shows, and no other", async () => {
  const deal = await signedDeal();
  const reference = await referenceOf(deal);
  await confirmTransfer(one!, { reference, amount: "210" });
  const cash = await balanceOf("cash:bank-transfer", "EUR");
  await importFile(other!, camt([line(reference, 21_000n)], { id: "H1" }));
  expect(await balanceOf("cash:bank-transfer", "EUR")).toBe(cash);
  await importFile(other!, camt([line(`${reference} twice`, 21_000n)], { id: "H2" }));
  expect(await balanceOf("cash:bank-transfer", "EUR")).toBe(cash + 21_000n);
  expect(await reasonOf("twice")).toContain("further transfer");
});

test("the days of one layout are not read in another, so that nothing counts twice", async () => {
  const sample = line("Read as camt", 100n);
  await importFile(one!, camt([sample], { id: "L1" }));
  for (const text of [mt940([sample]), n26([sample])])
    await expect(importFile(one!, text)).rejects.toEqual(code("days_read_otherwise"));
});

test("money for a party's own deal is recorded, and waits for another administrator", async () => {
  const deal = await signedDeal();
  const buyer = { ...deal.buyer, roles: ["administrator" as const] };
  const text = camt([line(await referenceOf(deal), 21_000n)], { id: "O1" });
  expect(await importFile(buyer, text)).toContain("1 are for deals of your own");
  expect(await escrow(deal.dealId)).toBe(0n);
  expect(await importFile(one!, text)).toContain("1 confirmed");
  expect(await escrow(deal.dealId)).toBe(21_000n);
});

test("a transfer without a reference pays the deal that an administrator names, by two above the limit", async () => {
  const [small, large] = [await signedDeal(), await negotiatedDeal("1500")];
  const text = camt([line("For my licence", 21_000n), line("For my large licence", 150_000n)], { id: "A1" });
  await importFile(one!, text);
  await importFile(other!, text);
  const idOf = async (words: string) => (await unmatched()).find((row) => row.text === words)?.id ?? "";
  const [transferId, largeId] = [await idOf("For my licence"), await idOf("For my large licence")];
  const reference = await referenceOf(small);
  await expect(assignTransfer(one!, { transferId: largeId, reference })).rejects.toEqual(
    code("amount_differs"),
  );
  await expect(assignTransfer(small.buyer, { transferId, reference })).rejects.toEqual(code("not_found"));
  await assignTransfer(one!, { transferId, reference: ` ${reference.toLowerCase()}` });
  expect(await escrow(small.dealId)).toBe(21_000n);
  await expect(assignTransfer(other!, { transferId, reference: await referenceOf(large) })).rejects.toEqual(
    code("transfer_settled"),
  );
  const assigned = { transferId: largeId, reference: await referenceOf(large) };
  await assignTransfer(one!, assigned);
  expect(await escrow(large.dealId)).toBe(0n);
  await expect(assignTransfer(one!, assigned)).rejects.toEqual(code("already_confirmed"));
  await assignTransfer(other!, assigned);
  expect(await escrow(large.dealId)).toBe(150_000n);
});

test("what pays no deal goes back whole and once, by two above the limit, and no reference of the bank serves twice", async () => {
  const text = camt([line("Back small", 5_000n), line("Back large", 300_000n)], { id: "B1" });
  await importFile(one!, text);
  const idOf = async (words: string) => (await unmatched()).find((row) => row.text === words)?.id ?? "";
  const [small, large] = [await idOf("Back small"), await idOf("Back large")];
  const back = { transferId: small, amount: "50", bankReference: "Return 1" };
  await expect(returnTransfer(await makeAccount(), back)).rejects.toEqual(code("not_found"));
  await expect(returnTransfer(one!, { ...back, amount: "49.99" })).rejects.toEqual(code("amount_differs"));
  await expect(returnTransfer(one!, { ...back, bankReference: " -\u200b" })).rejects.toEqual(
    code("reference_invalid"),
  );
  await expect(returnTransfer(one!, { ...back, transferId: large, amount: "3000" })).rejects.toEqual(
    code("transfer_settled"),
  );
  await returnTransfer(one!, back);
  await expect(returnTransfer(one!, { ...back, bankReference: "Return 2" })).rejects.toEqual(
    code("transfer_settled"),
  );
  await importFile(other!, text);
  const large1 = { transferId: large, amount: "3000", bankReference: "RETURN\u20103" };
  await expect(returnTransfer(one!, { ...large1, bankReference: "ｒｅｔｕｒｎ １" })).rejects.toEqual(
    code("already_paid_out"),
  );
  await returnTransfer(one!, large1);
  await expect(
    assignTransfer(one!, { transferId: large, reference: await referenceOf(await negotiatedDeal("3000")) }),
  ).rejects.toEqual(code("transfer_settled"));
  expect(await balanceOf(`received:${large}`, "EUR")).toBe(300_000n);
  await returnTransfer(other!, { ...large1, bankReference: "return 3" });
  expect(await balanceOf(`received:${large}`, "EUR")).toBe(0n);
  expect((await unmatched()).some((row) => row.id === small || row.id === large)).toBe(false);
});

test("of a list that is not known nothing is confirmed before the operator said what its columns are", async () => {
  const deal = await signedDeal();
  const reference = await referenceOf(deal);
  const text = anyCsv([
    { day: "2024-01-05", text: reference, amountMinor: 21_000n },
    { day: "2024-01-05", text: "Rent", amountMinor: -80_000n },
  ]);
  const draftId = await upload(one!, text);
  const view = () => findStatementDraft(one!, draftId, 1);
  expect(await view()).toMatchObject({ reading: null, problem: null });
  await expect(importStatement(one!, { draftId, layout: "" })).rejects.toEqual(code("mapping_incomplete"));
  expect(await findStatementDraft(other!, draftId, 1)).toBeNull();
  await expect(importStatement(other!, { draftId, layout: "" })).rejects.toEqual(code("not_found"));
  const mapping = {
    ...{ draftId, dateForm: "yyyy-mm-dd" as const, decimal: "." as const },
    roles: ["date" as const, "text" as const, "amount" as const, "side" as const],
  };
  await mapStatement(one!, { ...mapping, words: [], meanings: [] });
  expect(await view()).toMatchObject({ reading: null, problem: expect.stringContaining("CR") as string });
  await mapStatement(one!, { ...mapping, words: ["side:CR", "side:DR"], meanings: ["credit", "debit"] });
  const layout = (await view())?.reading?.layout ?? "";
  expect((await view())?.reading).toMatchObject({ credits: 1, passed: 1, creditMinor: 21_000n });
  await expect(importStatement(one!, { draftId, layout: "csv:n26" })).rejects.toEqual(
    code("mapping_incomplete"),
  );
  await importStatement(one!, { draftId, layout });
  expect(await escrow(deal.dealId)).toBe(21_000n);
  expect(await view()).toMatchObject({
    ...{ reading: null, outcome: expect.stringContaining("1 confirmed") as string },
  });
  expect(await db.statementDraft.count({ where: { id: draftId, bytes: { not: null } } })).toBe(0);
  await expect(importStatement(one!, { draftId, layout })).rejects.toEqual(code("not_found"));
});

test("a file that cannot be read, one of another account, and one from no administrator are refused", async () => {
  for (const text of ["hello", "<Document/>", ":20:1\n:61:x"])
    await expect(upload(one!, text)).rejects.toEqual(code("statement_unreadable"));
  await expect(upload(await makeAccount(), camt([]))).rejects.toEqual(code("not_found"));
  await expect(upload(one!, camt([], { iban: "NL02ABNA0123456789" }))).rejects.toEqual(
    code("statement_of_other_account"),
  );
  expect(await listUnmatched(await makeAccount(), 1)).toBeNull();
});

test("a transfer for a deal that lapsed is refused by hand, and in a statement kept to go back", async () => {
  const deal = await signedDeal();
  const reference = await referenceOf(deal);
  const longAgo = new Date(Date.now() - 86_400_000);
  await db.deal.update({ where: { id: deal.dealId }, data: { deadlineAt: longAgo, remindedAt: longAgo } });
  await importFile(one!, camt([line(`${reference} just late`, 21_000n)], { id: "T1" }));
  expect(await reasonOf("just late")).toContain("too late");
  await runDeadline(deal.dealId);
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "LAPSED" });
  await expect(confirmTransfer(one!, { reference, amount: "210" })).rejects.toEqual(code("payment_late"));
  await importFile(one!, camt([line(`${reference} late`, 21_000n)], { id: "T2" }));
  expect(await reasonOf(" late")).toContain("too late");
  expect(await escrow(deal.dealId)).toBe(0n);
});

test("the database takes no transfer that too few have seen, and changes none", async () => {
  const row = {
    ...{ id: randomUUID(), amountMinor: 100_001n, currency: "EUR", provider: "bank-transfer", text: "x" },
    createdAt: new Date(),
  };
  await expect(db.receivedTransfer.create({ data: { ...row, receivedAt: new Date() } })).rejects.toThrow(
    /too few/,
  );
  await db.receivedTransfer.create({ data: row });
  const use = { transferId: row.id, usedFor: "deal", subjectId: "d", usedAt: new Date() };
  await expect(db.transferUse.create({ data: use })).rejects.toThrow(/too few/);
  for (const confirmedById of ["a", "b"])
    await db.paymentReceipt.create({
      data: { transferId: row.id, reference: confirmedById, confirmedById, confirmedAt: new Date() },
    });
  await db.receivedTransfer.update({ where: { id: row.id }, data: { receivedAt: new Date() } });
  await expect(db.transferUse.create({ data: use })).rejects.toThrow(/too few/);
  const change = (data: object) => db.receivedTransfer.update({ where: { id: row.id }, data });
  for (const data of [{ amountMinor: 1n }, { receivedAt: null }, { text: "y" }])
    await expect(change(data)).rejects.toThrow();
});

test("what statements show equals what is held, left over and gone back, and the books are whole", async () => {
  const shown = await db.statementLine.aggregate({ _sum: { amountMinor: true } });
  const [row] = await db.$queryRaw<{ deal: bigint; back: bigint; left: bigint }[]>`
    SELECT coalesce(sum("amountMinor") FILTER (WHERE u."usedFor" = 'deal'), 0)::bigint AS deal,
      coalesce(sum("amountMinor") FILTER (WHERE u."usedFor" = 'return'), 0)::bigint AS back,
      coalesce(sum("amountMinor") FILTER (WHERE u."usedFor" IS NULL), 0)::bigint AS left
    FROM "ReceivedTransfer" t LEFT JOIN "TransferUse" u ON u."transferId" = t.id
    WHERE EXISTS (SELECT FROM "StatementLine" l WHERE l."transferId" = t.id)`;
  expect((row?.deal ?? 0n) + (row?.back ?? 0n) + (row?.left ?? 0n)).toBe(shown._sum.amountMinor);
  const [books] = await db.$queryRaw<{ received: bigint; owed: bigint }[]>`
    SELECT (SELECT coalesce(sum("amountMinor"), 0)::bigint FROM "ReceivedTransfer" t
        LEFT JOIN "TransferUse" u ON u."transferId" = t.id
        WHERE t."receivedAt" IS NOT NULL AND u."transferId" IS NULL AND t.text <> 'x') AS received,
      (SELECT coalesce(sum("creditMinor" - "debitMinor"), 0)::bigint FROM "Posting"
        WHERE account LIKE 'received:%') AS owed`;
  expect(books?.owed).toBe(books?.received);
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
});
