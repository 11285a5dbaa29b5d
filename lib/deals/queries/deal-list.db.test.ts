import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements, listStatements } from "@/lib/platform/statements.fixture";
import { listLicences } from "@/lib/access/queries";
import { getOwnStatement } from "@/lib/ledger/queries/journal";
import { acceptDelivery } from "../commands/accept-delivery";
import { makeAccount, openLogUnderTest, passHours, pay, signedDeal } from "../deal.fixture";
import { runDealClocks } from "../jobs";
import { listDeals, listPaymentsToConfirm } from "./deal-list";
import { findDealRoom } from "./deal-room";
import { findOwnStandingOffers } from "./license-page";
import { db } from "@/lib/platform/db";

let log: Awaited<ReturnType<typeof openLogUnderTest>>;

beforeAll(async () => {
  await openInstallation();
  log = await openLogUnderTest();
});
afterAll(() => log.close());

/** One deal that waits for its payment, one whose acceptance the log has to prove. */
async function twoDeals(buyer: Actor): Promise<void> {
  await signedDeal({}, "weights", buyer);
  const accepted = await signedDeal({}, "weights", buyer);
  await pay(accepted);
  await acceptDelivery(buyer, { dealId: accepted.dealId });
}

test("reading deals, licences, statement and transfers takes as many statements for 30 deals as for 2, and proves nothing", async () => {
  const [buyer, operator] = [await makeAccount(), await makeAccount(["administrator"])];
  const lists = [
    () => listDeals(buyer, "all"),
    () => listLicences(buyer),
    () => getOwnStatement(buyer, "EUR"),
    () => listPaymentsToConfirm(operator),
  ];
  const read = async () => {
    const counts: number[] = [];
    for (const list of lists) {
      const sent = await listStatements(list);
      // What a proof is made of.
      expect(sent.filter((sql) => /"(LogTile|LogLeaf|LogPublished|Envelope)"/.test(sql))).toEqual([]);
      counts.push(sent.length);
    }
    return counts;
  };
  await twoDeals(buyer);
  const few = await read();
  expect(few.every((count) => count > 0)).toBe(true);
  for (let more = 0; more < 14; more++) await twoDeals(buyer);
  const waiting = await read();
  await log.catchUp();
  await runDealClocks();
  await passHours(25);
  expect([waiting, await read()]).toEqual([few, few]);
  const titles = (await listDeals(buyer, "all")).map(({ title }) => title);
  expect(titles.filter((title) => title === "Accepted and logged")).toHaveLength(15);
});

test("a deal room reads what the clock found of the acceptance, and proves nothing itself", async () => {
  const deal = await signedDeal();
  await pay(deal);
  await acceptDelivery(deal.buyer, { dealId: deal.dealId });
  await log.catchUp();
  await runDealClocks();
  const read = () => findDealRoom(deal.seller, deal.dealId);
  const sent = await listStatements(read);
  expect(sent.filter((sql) => /"(LogTile|Envelope)"/.test(sql))).toEqual([]);
  expect((await read())?.deal.next.text).not.toContain("does not prove");
});

test("reading what a seller could sign takes as many statements for many parts as for one", async () => {
  const part = { pricing: "one_off", priceMinor: 21_000n, termMonths: 12 } as const;
  const weights = { ...part, part: "weights" } as const;
  const count = async (
    parts: readonly (typeof part & { part: "weights" | "adapter" | "training_data" })[],
  ) => {
    const { seller, listingId } = await signedDeal({ parts: [...parts] });
    const { slug } = await db.listing.findUniqueOrThrow({ where: { id: listingId } });
    let forms: string[] = [];
    const statements = await countStatements(async () => {
      const page = await findOwnStandingOffers(seller, slug);
      forms = page?.forms.map((form) => form.part) ?? [];
    });
    return { statements, forms };
  };
  const one = await count([weights]);
  const many = await count([weights, { ...part, part: "adapter" }, { ...part, part: "training_data" }]);
  expect([one.forms, many.forms]).toEqual([["weights"], ["weights", "adapter", "training_data"]]);
  expect(many.statements).toBe(one.statements);
});
