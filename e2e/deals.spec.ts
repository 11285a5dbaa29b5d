import { readFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { database, expect, type DemoPerson, signInAs, test } from "./fixtures/sign-in";

/** A page of another person, so that two sides of one deal act in turn. */
async function pageOf(browser: Browser, person: DemoPerson): Promise<Page> {
  const context = await browser.newContext();
  await signInAs(context, person);
  return context.newPage();
}

/** A demo listing of `seller@` whose weights have a price and a standing offer. */
async function pricedListing(): Promise<{ slug: string; priceMinor: number }> {
  const { rows } = await database().query<{ slug: string; priceMinor: string }>(
    `SELECT l.slug, p."priceMinor" FROM "Listing" l
     JOIN "ListingPart" p ON p."listingId" = l.id AND p.part = 'weights' AND p."isOffered" AND p."priceMinor" > 0
     JOIN "StandingOffer" s ON s."listingId" = l.id AND s.part = 'weights' AND s."withdrawnAt" IS NULL
     JOIN "Account" a ON a.id = l."sellerId" AND a.email = 'seller@demo.offcut.test'
     WHERE l.status = 'open' AND l."frozenAt" IS NULL AND l."takenDownAt" IS NULL ORDER BY l.slug LIMIT 1`,
  );
  const [row] = rows;
  if (!row) throw new Error("The demo market has no priced listing with a standing offer.");
  return { slug: row.slug, priceMinor: Number(row.priceMinor) };
}

test("a buyer licenses at list price, pays and downloads in one sitting", async ({
  page,
  signInAs: signIn,
}) => {
  const { slug } = await pricedListing();
  await signIn("buyer");
  await page.goto(`/listings/${slug}`);
  await page.getByRole("link", { name: "License now" }).first().click();
  await expect(page.getByRole("heading", { name: "The terms, on one page" })).toBeVisible();
  await page.getByLabel("I have read these terms and agree to them.").check();
  await page.getByRole("button", { name: /^Sign and pay/ }).click();
  await expect(page).toHaveURL(/\/deals\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { name: "Does it do what was agreed?" })).toBeVisible();
  const downloading = page.waitForEvent("download");
  await page
    .getByRole("link", { name: /^Download / })
    .first()
    .click();
  const path = await (await downloading).path();
  await page.getByLabel("Choose the files").setInputFiles(path);
  await expect(
    page.getByText(/files? match the contract, checked in this browser|1 of \d+ files match/),
  ).toBeVisible();
  await page.getByRole("button", { name: "Accept the delivery" }).click();
  await expect(page.getByText("You accepted the delivery")).toBeVisible();
});

test("a negotiated deal goes from offer to release by the clock and the log, and is paid out", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { slug } = await pricedListing();
  const [buyer, seller] = [await pageOf(browser, "buyer"), await pageOf(browser, "seller")];
  await buyer.goto(`/listings/${slug}/offer?part=weights`);
  await buyer.getByLabel(/^Price in/).fill("11");
  await buyer.getByLabel(/^Message/).fill("For one team.");
  await buyer.getByRole("button", { name: "Send the offer" }).click();
  await expect(buyer).toHaveURL(/\/deals\/[0-9a-f-]{36}$/);
  const deal = buyer.url();

  await seller.goto(deal);
  await expect(seller.getByRole("heading", { name: "Answer the offer" })).toBeVisible();
  await seller.getByText("Make a counter-offer", { exact: true }).first().click();
  await seller.getByLabel(/^Price in/).fill("13");
  await seller.getByRole("button", { name: "Send the counter-offer" }).click();
  await expect(seller.getByRole("heading", { name: "The buyer answers your offer" })).toBeVisible();

  // The waiting side sees the change by itself.
  await expect(buyer.getByRole("button", { name: "Accept €13" })).toBeVisible({ timeout: 20_000 });
  await buyer.getByRole("button", { name: "Accept €13" }).click();
  await expect(buyer.getByLabel("I have read the terms below and agree to them.")).toBeVisible();
  for (const side of [buyer, seller]) {
    await side.goto(deal);
    await side.getByLabel("I have read the terms below and agree to them.").check();
    await side.getByRole("button", { name: "Sign", exact: true }).click();
    await expect(side.getByText(/You signed/).first()).toBeVisible();
  }
  await buyer.goto(deal);
  await buyer.getByRole("button", { name: /^Pay €13/ }).click();
  await expect(buyer.getByText(/Delivered automatically/)).toBeVisible();
  await buyer.getByRole("button", { name: "Accept the delivery" }).click();
  await expect(buyer.getByText("You accepted the delivery")).toBeVisible();
  await seller.goto(deal);
  await seller.getByRole("button", { name: "Move forward 1 day" }).click();
  // The log must prove the acceptance first; a log that is behind delays it by a turn of the clock.
  await expect(seller.getByText(/Released: €/)).toBeVisible({ timeout: 45_000 });
  const downloading = seller.waitForEvent("download");
  await seller.getByRole("link", { name: "Proof of the acceptance" }).click();
  const proof = await readFile(await (await downloading).path(), "utf8");
  expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
  const { rows } = await database().query<{ left: string }>(
    `SELECT sum("creditMinor" - "debitMinor") AS left FROM "Posting" WHERE account = $1`,
    [`escrow:${deal.split("/").at(-1)}`],
  );
  expect(rows[0]?.left).toBe("0");

  await database().query(
    `INSERT INTO "PayoutDetails" (id, "accountId", details, "statedAt", "effectiveAt")
     SELECT gen_random_uuid(), id, 'Demo Seller, at a bank', now(), now() FROM "Account"
     WHERE email = 'seller@demo.offcut.test'`,
  );
  const operator = await pageOf(browser, "administrator");
  await operator.goto("/deals/payments");
  const payout = operator.getByRole("form", { name: /^Confirm a payout to / }).first();
  await payout.getByLabel(/^Amount that was sent/).fill("1");
  await payout.getByLabel("The bank’s reference of the transfer").fill("Transfer 1");
  await payout.getByRole("button", { name: "Confirm that it was sent" }).click();
  await expect(operator.getByText("Posted: this is paid out.")).toBeVisible();
});

test("a stranger finds no deal, file, contract or live state", async ({
  browser,
  signInAs: signIn,
  page,
}) => {
  const { slug } = await pricedListing();
  const buyer = await pageOf(browser, "buyer");
  await buyer.goto(`/listings/${slug}/offer?part=weights`);
  await buyer.getByRole("button", { name: "Send the offer" }).click();
  await expect(buyer).toHaveURL(/\/deals\/[0-9a-f-]{36}$/);
  const path = new URL(buyer.url()).pathname;
  await signIn("evaluator");
  for (const address of [
    path,
    `${path}/contract?as=text`,
    `${path}/proof`,
    `${path}/files/${path.split("/")[2]}`,
    `/api/live${path}`,
  ])
    expect((await page.request.get(address)).status(), address).toBe(404);
});

test("payout details need the password again, wait 72 hours, and can be cancelled from the account page", async ({
  page,
  signInAs: signIn,
}) => {
  await signIn("seller");
  await page.goto("/deals/statement");
  const details = `Demo Seller, at another bank, ${Date.now()}`;
  const save = async (written: string, password: string) => {
    await page.getByLabel("Account holder and account number (IBAN)").fill(written);
    await page.getByLabel("Your password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Save" }).click();
  };
  await save("Demo Seller, at a bank", "not this one");
  await expect(page.getByText("This is not your password.").first()).toBeVisible();
  await save("Demo Seller, at a bank", "offcut-demo");
  await expect(page.getByText(/^Saved\. /)).toBeVisible();
  await page.reload();
  await save(details, "offcut-demo");
  await expect(page.getByText(/It counts in 72 hours/)).toBeVisible();
  await page.goto("/account");
  await expect(page.getByText(details)).toBeVisible();
  await page.getByRole("button", { name: "Cancel this change" }).click();
  await expect(page.getByText(details)).toHaveCount(0);
});
