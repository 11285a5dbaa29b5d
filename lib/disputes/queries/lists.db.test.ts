import { beforeAll, expect, test } from "vitest";
import { makeAccount, makeListing, pay, signedDeal } from "@/lib/deals/deal.fixture";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements } from "@/lib/platform/statements.fixture";
import { fileAppeal } from "../commands/appeal";
import { openDispute } from "../commands/dispute";
import { sanctionListing, suspendForCause } from "../commands/sanction";
import { listOpenDisputes } from "./case";
import { listOpenAppeals, listOwnSanctions, listSanctions } from "./disputes";
import type { Cursor } from "./reports";

let moderator: Awaited<ReturnType<typeof makeAccount>>;

beforeAll(async () => {
  await openInstallation();
  moderator = await makeAccount(["moderator"]);
});

/** Statements for what `add` makes once, and for what it makes six times. */
async function fewAndMany(read: () => Promise<readonly unknown[]>, add: () => Promise<unknown>) {
  await add();
  const few = await countStatements(read);
  for (let more = 0; more < 5; more++) await add();
  return { few, many: await countStatements(read), rows: (await read()).length };
}

async function disputedDeal() {
  const deal = await signedDeal();
  await pay(deal);
  await openDispute(deal.buyer, {
    dealId: deal.dealId,
    reason: "other",
    statement: "It does not run here.",
  });
}

test("reading the dispute queue takes as many statements for many as for one", async () => {
  const { few, many, rows } = await fewAndMany(
    async () => (await listOpenDisputes(moderator, null)).disputes,
    disputedDeal,
  );
  expect({ many, rows }).toEqual({ many: few, rows: 6 });
  const { disputes } = await listOpenDisputes(moderator, null);
  const names = disputes.flatMap(({ buyerName, sellerName }) => [buyerName, sellerName]);
  expect(new Set(names).size).toBe(12);
});

test("reading sanctions takes as many statements for many as for few", async () => {
  const reason = "It shows what it must not.";
  const { few, many, rows } = await fewAndMany(
    () => listSanctions(moderator),
    async () => {
      const seller = await makeAccount();
      await sanctionListing(moderator, { listingId: await makeListing(seller), kind: "freeze", reason });
      await suspendForCause(moderator, { accountId: seller.accountId, reason });
    },
  );
  expect({ many, rows }).toEqual({ many: few, rows: 12 });
  for (const { subjectKind, subjectName } of await listSanctions(moderator))
    expect(subjectName).toMatch(subjectKind === "listing" ? /^Shelf sorter / : /^Person /);
});

/** The pages of a queue, one after another. */
async function pagesOf<T extends { next: Cursor | null }>(read: (after: Cursor | null) => Promise<T>) {
  const pages = [await read(null)];
  for (let next = pages[0]!.next; next; next = pages.at(-1)!.next) pages.push(await read(next));
  return pages;
}

test("an appeal stays in sight, the longest waiting first, however many sanctions and appeals are newer", async () => {
  const reason = "It shows what it must not.";
  const suspend = async () => {
    const person = await makeAccount();
    await suspendForCause(moderator, { accountId: person.accountId, reason });
    return (await listOwnSanctions(person))[0]!.id;
  };
  const appeal = (sanctionId: string) => fileAppeal(null, { sanctionId, body: reason });
  const oldest = await suspend();
  await appeal(oldest);
  const newer: string[] = [];
  for (let more = 0; more < 60; more++) newer.push(await suspend());
  expect((await listOpenAppeals(moderator, null)).sanctions.map(({ id }) => id)).toEqual([oldest]);
  const decisions = await listSanctions(moderator);
  expect(decisions).toHaveLength(50);
  expect(decisions.map(({ id }) => id)).not.toContain(oldest);

  for (const sanctionId of newer) await appeal(sanctionId);
  // All of one moment, so that the id alone says where a page ends.
  await db.appeal.updateMany({ where: { NOT: { sanctionId: oldest } }, data: { createdAt: new Date() } });
  const pages = await pagesOf((after) => listOpenAppeals(moderator, after));
  expect(pages.map(({ count, sanctions }) => [count, sanctions.length])).toEqual([
    [61, 25],
    [61, 25],
    [61, 11],
  ]);
  const seen = pages.flatMap(({ sanctions }) => sanctions.map(({ id }) => id));
  expect(seen[0]).toBe(oldest);
  expect([...seen].sort()).toEqual([oldest, ...newer].sort());
});

test("every open dispute is on one page of the queue, the oldest deadline first", async () => {
  for (let missing = 26 - (await db.dispute.count()); missing > 0; missing--) await disputedDeal();
  const pages = await pagesOf((after) => listOpenDisputes(moderator, after));
  expect(pages.map(({ count, disputes }) => [count, disputes.length])).toEqual([
    [26, 25],
    [26, 1],
  ]);
  const seen = pages.flatMap(({ disputes }) => disputes);
  const deadlines = seen.map(({ ruleBy }) => ruleBy.getTime());
  expect(deadlines).toEqual([...deadlines].sort((a, b) => a - b));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(26);
});
