import { beforeAll, expect, test } from "vitest";
import { makeAccount, makeListing, pay, signedDeal } from "@/lib/deals/deal.fixture";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements } from "@/lib/platform/statements.fixture";
import { openDispute } from "../commands/dispute";
import { sanctionListing, suspendForCause } from "../commands/sanction";
import { listOpenDisputes } from "./case";
import { listSanctions } from "./disputes";

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

test("reading the dispute queue takes as many statements for many as for one", async () => {
  const { few, many, rows } = await fewAndMany(
    () => listOpenDisputes(moderator),
    async () => {
      const deal = await signedDeal();
      await pay(deal);
      await openDispute(deal.buyer, {
        dealId: deal.dealId,
        reason: "other",
        statement: "It does not run here.",
      });
    },
  );
  expect({ many, rows }).toEqual({ many: few, rows: 6 });
  const names = (await listOpenDisputes(moderator)).flatMap(({ buyerName, sellerName }) => [
    buyerName,
    sellerName,
  ]);
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
