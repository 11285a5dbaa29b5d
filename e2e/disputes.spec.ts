import type { Browser, Page } from "@playwright/test";
import { database, type DemoPerson, expect, signInAs, test } from "./fixtures/sign-in";

async function pageOf(browser: Browser, person: DemoPerson): Promise<Page> {
  const context = await browser.newContext();
  await signInAs(context, person);
  return context.newPage();
}

async function slugOfSeller(): Promise<string> {
  const { rows } = await database().query<{ slug: string }>(
    `SELECT l.slug FROM "Listing" l JOIN "Account" a ON a.id = l."sellerId"
     JOIN "ListingPart" p ON p."listingId" = l.id AND p.part = 'weights' AND p."isOffered" AND p.pricing = 'one_off'
     WHERE a.email = 'seller@demo.offcut.test' AND l.status = 'open' AND l."frozenAt" IS NULL
     ORDER BY l.slug DESC LIMIT 1`,
  );
  if (!rows[0]) throw new Error("The demo seller offers no weights.");
  return rows[0].slug;
}

/** Offer, acceptance, both signatures and payment; returns the deal's path. */
async function closeNegotiatedDeal(buyer: Page, seller: Page, price: string): Promise<string> {
  await buyer.goto(`/listings/${await slugOfSeller()}/offer?part=weights`);
  await buyer.getByLabel(/^Price in/).fill(price);
  await buyer.getByRole("button", { name: "Send the offer" }).click();
  await expect(buyer).toHaveURL(/\/deals\/[0-9a-f-]{36}$/);
  const path = new URL(buyer.url()).pathname;
  await seller.goto(path);
  await seller.getByRole("button", { name: `Accept €${price}` }).click();
  await expect(seller.getByLabel("I have read the terms below and agree to them.")).toBeVisible();
  for (const side of [buyer, seller]) {
    await side.goto(path);
    await side.getByLabel("I have read the terms below and agree to them.").check();
    await side.getByRole("button", { name: "Sign", exact: true }).click();
    await expect(side.getByText(/You signed/).first()).toBeVisible();
  }
  await buyer.goto(path);
  await buyer.getByRole("button", { name: new RegExp(`^Pay €${price}`) }).click();
  await expect(buyer.getByText(/Delivered automatically/)).toBeVisible();
  return path;
}

test("a negotiated deal is disputed, answered and split by the moderator", async ({ browser }) => {
  const [buyer, seller, moderator] = [
    await pageOf(browser, "buyer"),
    await pageOf(browser, "seller"),
    await pageOf(browser, "moderator"),
  ];
  const path = await closeNegotiatedDeal(buyer, seller, "17");

  await buyer.getByRole("link", { name: "Something is wrong" }).click();
  await buyer.getByLabel("What is wrong?").selectOption("not_as_described");
  await buyer.getByLabel("What happened?").fill("On our rows it is right 61 times of 100, not 97.");
  await buyer.getByRole("button", { name: "Open the dispute" }).click();
  await expect(buyer.getByText("The deal is frozen.")).toBeVisible();

  await seller.goto(`${path}/dispute`);
  await seller.getByLabel("Add a statement").fill("The rows are longer than the niche says.");
  await seller.getByRole("button", { name: "Add to the record" }).click();
  await expect(seller.getByText("Your statement is on record.")).toBeVisible();

  await moderator.goto("/moderation");
  await moderator.getByRole("listitem").filter({ hasText: "€17 held" }).last().getByRole("link").click();
  await expect(moderator.getByText("The rows are longer than the niche says.")).toBeVisible();
  await expect(moderator.getByText("the same digest").first()).toBeVisible();
  await moderator.getByLabel("Split between the two").check();
  await moderator.getByLabel(/back to the buyer/).fill("5.50");
  await expect(
    moderator.getByText("To the buyer €5.50, to the seller’s side €11.50 before the fee."),
  ).toBeVisible();
  await moderator
    .getByLabel("Reason, from the evidence")
    .fill("The niche is stated, its length limit only in the card.");
  await moderator.getByRole("button", { name: "Rule and move the money" }).click();
  await expect(moderator.getByRole("heading", { name: "The ruling" })).toBeVisible();

  await buyer.goto(`${path}/dispute`);
  await expect(buyer.getByText("Split between the two")).toBeVisible();
  await expect(buyer.getByText("€5.50")).toBeVisible();
  const { rows } = await database().query<{ left: string }>(
    `SELECT sum("creditMinor" - "debitMinor") AS left FROM "Posting" WHERE account = $1`,
    [`escrow:${path.split("/").at(-1)}`],
  );
  expect(rows[0]?.left).toBe("0");
  await moderator.goto("/moderation/audit");
  await expect(moderator.getByText("it is whole")).toBeVisible();
  await expect(moderator.getByText("rule split").first()).toBeVisible();
});

async function openDispute(person: Page, path: string, statement: string): Promise<void> {
  await person.goto(path);
  await person.getByRole("link", { name: "Something is wrong" }).click();
  await person.getByLabel("What is wrong?").selectOption("other");
  await person.getByLabel("What happened?").fill(statement);
  await person.getByRole("button", { name: "Open the dispute" }).click();
  await expect(person.getByText("The deal is frozen.")).toBeVisible();
}

test("a dispute that the seller withdraws leaves the buyer its own, and everybody reads both", async ({
  browser,
}) => {
  const [buyer, seller, moderator] = [
    await pageOf(browser, "buyer"),
    await pageOf(browser, "seller"),
    await pageOf(browser, "moderator"),
  ];
  const path = await closeNegotiatedDeal(buyer, seller, "19");
  await openDispute(seller, path, "The buyer shared the files with others.");
  await buyer.goto(`${path}/dispute`);
  await buyer.getByLabel("Add a statement").fill("We shared nothing with anybody.");
  await buyer.getByRole("button", { name: "Add to the record" }).click();
  await expect(buyer.getByText("Your statement is on record.")).toBeVisible();
  await seller.getByRole("button", { name: "Withdraw it" }).click();
  await expect(seller.getByText("You withdrew your dispute; the other side may open one.")).toBeVisible();
  await expect(seller.getByRole("link", { name: "Something is wrong" })).toHaveCount(0);

  await buyer.goto(`${path}/dispute`);
  await expect(buyer.getByText("The other side has withdrawn its dispute.")).toBeVisible();
  await openDispute(buyer, path, "Now we object: it answers in another order.");
  await expect(buyer.getByText("Opened and withdrawn by the seller")).toBeVisible();
  await moderator.goto("/moderation");
  await moderator.getByRole("listitem").filter({ hasText: "€19 held" }).last().getByRole("link").click();
  await expect(moderator.getByText("Now we object: it answers in another order.")).toBeVisible();
  await expect(moderator.getByText("We shared nothing with anybody.")).toBeVisible();
});

test("a reported listing is frozen, takes no offers, and is freed by an appeal another moderator grants", async ({
  browser,
  page,
}) => {
  const [buyer, seller, moderator, administrator] = [
    await pageOf(browser, "buyer"),
    await pageOf(browser, "seller"),
    await pageOf(browser, "moderator"),
    await pageOf(browser, "administrator"),
  ];
  const slug = await slugOfSeller();
  const marker = `Copied figures, seen ${Date.now()}.`;
  await page.goto(`/listings/${slug}`);
  await page.getByRole("contentinfo").getByRole("link", { name: "Report a problem" }).click();
  await expect(page.getByLabel("Page")).toHaveValue(`/listings/${slug}`);
  await page.getByLabel("What is it about?").selectOption("evidence_false");
  await page.getByLabel("What is wrong?").fill(marker);
  await page.getByRole("button", { name: "Send the report" }).click();
  await expect(page.getByText("A moderator will read this.")).toBeVisible();

  await moderator.goto("/moderation");
  await moderator.getByRole("listitem").filter({ hasText: marker }).getByRole("link").click();
  await moderator.getByLabel("Reason the seller reads").fill("The figures look copied; show the rows.");
  await moderator.getByRole("button", { name: "Decide" }).click();
  await expect(moderator.getByText("The listing is frozen.")).toBeVisible();
  await moderator.getByLabel("Reason", { exact: true }).fill("Frozen until the rows are shown.");
  await moderator.getByRole("button", { name: /^Close (the report|all)/ }).click();
  await expect(moderator.getByText("Everything reported here has been decided.")).toBeVisible();

  await buyer.goto(`/listings/${slug}`);
  await expect(buyer.getByRole("link", { name: "Make an offer" })).toHaveCount(0);

  const { rows } = await database().query<{ id: string }>(
    `SELECT s.id FROM "Sanction" s JOIN "Listing" l ON l.id = s."subjectId" WHERE l.slug = $1 AND s."liftedAt" IS NULL`,
    [slug],
  );
  const appeal = `/appeals/${rows[0]?.id}`;
  await seller.goto(appeal);
  await seller
    .getByLabel("Why should this be decided differently?")
    .fill("Here are the rows: see the evaluation.");
  await seller.getByRole("button", { name: "File the appeal" }).click();
  await expect(seller.getByText("waiting for somebody who did not take this decision")).toBeVisible();

  await administrator.goto("/moderation");
  const entry = administrator.getByRole("listitem").filter({ hasText: "Here are the rows" });
  await entry.getByLabel("Decision").selectOption("granted");
  await entry.getByLabel("Reason", { exact: true }).first().fill("The rows were shown and match.");
  await entry.getByRole("button", { name: "Decide the appeal" }).click();
  await expect(administrator.getByText("Appeal: granted").first()).toBeVisible();
  await buyer.goto(`/listings/${slug}`);
  await expect(buyer.getByRole("link", { name: "Make an offer" }).first()).toBeVisible();
});
