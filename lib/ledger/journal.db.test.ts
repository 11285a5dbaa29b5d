import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { money } from "@/lib/shared/money";
import { postEntry } from "./commands/journal";
import { confirmReceipt, transferByHand } from "./commands/received-transfers";
import { journalEntry } from "./journal-entry";
import { balanceOf, checkBooks } from "./queries/journal";

beforeAll(openInstallation);

const entryOf = (key: string, amount: bigint, deal = "deal") =>
  journalEntry({ description: "Held", subjectId: deal, idempotencyKey: key }, [
    { account: "cash:demo", debit: money(amount, "EUR") },
    { account: `escrow:${deal}`, credit: money(amount, "EUR") },
  ]);

const posting = (
  entryId: string,
  sides: { debitMinor?: bigint; creditMinor?: bigint },
  currency = "EUR",
) => ({
  entryId,
  account: "cash:demo",
  currency,
  ...sides,
});

async function rawEntry(postings: ReturnType<typeof posting>[], id: string, postingCount = postings.length) {
  await inTransaction(async (tx) => {
    await tx.journalEntry.create({
      data: { id, description: "Raw", subjectId: "raw", idempotencyKey: id, postingCount },
    });
    await tx.posting.createMany({ data: postings });
  });
}

test("fifty posts of one key at once have one effect", async () => {
  const deal = randomUUID();
  const results = await Promise.all(
    Array.from({ length: 50 }, () =>
      inTransaction((tx) => postEntry(tx, entryOf(`key-${deal}`, 700n, deal))),
    ),
  );
  expect(results.filter((result) => result === "posted")).toHaveLength(1);
  expect(await balanceOf(`escrow:${deal}`, "EUR")).toBe(700n);
});

test("the same key with another amount is refused and leaves nothing", async () => {
  const deal = randomUUID();
  await inTransaction((tx) => postEntry(tx, entryOf(`key-${deal}`, 5n, deal)));
  await expect(inTransaction((tx) => postEntry(tx, entryOf(`key-${deal}`, 6n, deal)))).rejects.toMatchObject({
    code: "idempotency_key_reused",
  });
  expect(await balanceOf(`escrow:${deal}`, "EUR")).toBe(5n);
});

test("the database refuses an entry that is unbalanced, one-sided, short or mixed in currency", async () => {
  const [a, b, c, d, e] = Array.from({ length: 5 }, () => randomUUID()) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await expect(
    rawEntry([posting(a, { debitMinor: 5n }), posting(a, { creditMinor: 4n })], a),
  ).rejects.toThrow(/not balanced/);
  await expect(rawEntry([posting(b, { debitMinor: 5n })], b, 2)).rejects.toThrow(/1 postings instead of 2/);
  await expect(rawEntry([], c, 2)).rejects.toThrow(/0 postings/);
  await expect(
    rawEntry([posting(d, { debitMinor: 5n }), posting(d, { creditMinor: 5n }, "USD")], d),
  ).rejects.toThrow(/not balanced/);
  await expect(
    rawEntry([posting(e, { debitMinor: 5n, creditMinor: 5n }), posting(e, { debitMinor: 0n })], e),
  ).rejects.toThrow(/Posting_one_side/);
  expect(await db.journalEntry.count({ where: { subjectId: "raw" } })).toBe(0);
});

test("nothing posted can be edited, removed or joined later", async () => {
  const deal = randomUUID();
  await inTransaction((tx) => postEntry(tx, entryOf(`key-${deal}`, 5n, deal)));
  const { id } = await db.journalEntry.findUniqueOrThrow({ where: { idempotencyKey: `key-${deal}` } });
  await expect(
    db.posting.updateMany({ where: { entryId: id }, data: { account: "revenue:fees" } }),
  ).rejects.toThrow();
  await expect(db.posting.deleteMany({ where: { entryId: id } })).rejects.toThrow();
  await expect(db.journalEntry.delete({ where: { id } })).rejects.toThrow();
  await expect(db.$executeRaw`TRUNCATE "Posting" CASCADE`).rejects.toThrow();
  const late = [posting(id, { debitMinor: 1n }), posting(id, { creditMinor: 1n })];
  await expect(db.posting.createMany({ data: late })).rejects.toThrow(/4 postings instead of 2/);
});

test("one person confirming twice does not make a second person", async () => {
  const confirm = (confirmedById: string) =>
    inTransaction(async (tx) => {
      const transfer = await transferByHand(tx, "OFC-TEST-TEST", 200_000n);
      return confirmReceipt(tx, transfer, { reference: "OFC-TEST-TEST", confirmedById });
    });
  expect(await confirm("one")).toBe(false);
  await expect(confirm("one")).rejects.toMatchObject({ code: "already_confirmed" });
  expect(await confirm("two")).toBe(true);
  expect(await db.receivedTransfer.count({ where: { receivedAt: { not: null } } })).toBe(1);
});

test("the books are whole afterwards", async () => {
  expect(await checkBooks("EUR")).toEqual({ unbalancedEntries: 0, cashMinusOwedMinor: 0n });
});
