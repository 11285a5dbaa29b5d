import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements } from "@/lib/platform/statements.fixture";
import { acceptDelivery } from "../commands/accept-delivery";
import { makeAccount, openLogUnderTest, passHours, pay, signedDeal } from "../deal.fixture";
import { listDeals } from "./deal-list";
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

test("reading deals takes as many statements for many as for two, also where the log proves their acceptance", async () => {
  const buyer = await makeAccount();
  const count = () => countStatements(() => listDeals(buyer, "all"));
  await twoDeals(buyer);
  await passHours(25);
  await log.catchUp();
  const few = await count();
  expect(few).toBeGreaterThan(0);
  for (let more = 0; more < 4; more++) await twoDeals(buyer);
  await passHours(25);
  const waiting = await count();
  await log.catchUp();
  expect([waiting, await count()]).toEqual([few, few]);
  const titles = (await listDeals(buyer, "all")).map(({ title }) => title);
  expect(titles.filter((title) => title === "Accepted and logged")).toHaveLength(5);
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
