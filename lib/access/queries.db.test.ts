import { beforeAll, expect, test } from "vitest";
import { makeAccount, pay, signedDeal } from "@/lib/deals/deal.fixture";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements } from "@/lib/platform/statements.fixture";
import { listLicences } from "./queries";

beforeAll(openInstallation);

test("reading licences takes as many statements for many as for one, and each says what it is of", async () => {
  const licensee = await makeAccount();
  const first = await signedDeal({}, "weights", licensee);
  await pay(first);
  const one = await countStatements(() => listLicences(licensee));
  expect(one).toBeGreaterThan(0);
  for (let more = 0; more < 5; more++) await pay(await signedDeal({}, "weights", licensee));
  expect(await countStatements(() => listLicences(licensee))).toBe(one);

  const licences = await listLicences(licensee);
  expect(licences).toHaveLength(6);
  expect(new Set(licences.map(({ otherName }) => otherName)).size).toBe(6);
  expect(licences.find(({ dealId }) => dealId === first.dealId)).toMatchObject({
    side: "licensee",
    otherName: first.seller.displayName,
    versionNumber: 1,
    state: "active",
    listing: { id: first.listingId },
  });
  expect(await listLicences(first.seller)).toMatchObject([
    { dealId: first.dealId, side: "licensor", otherName: licensee.displayName },
  ]);
  expect(await listLicences(await makeAccount())).toEqual([]);
});
