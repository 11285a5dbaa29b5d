import { database, expect, test } from "./fixtures/sign-in";

test("without JavaScript a buyer signs, pays, downloads and accepts", async ({ page, signInAs }) => {
  const { rows } = await database().query<{ slug: string }>(
    `SELECT l.slug FROM "Listing" l
     JOIN "ListingPart" p ON p."listingId" = l.id AND p.part = 'weights' AND p."isOffered" AND p."priceMinor" > 0
     JOIN "StandingOffer" s ON s."listingId" = l.id AND s.part = 'weights' AND s."withdrawnAt" IS NULL
     WHERE l.status = 'open' AND l."frozenAt" IS NULL AND l."takenDownAt" IS NULL ORDER BY l.slug DESC LIMIT 1`,
  );
  await signInAs("buyer");
  await page.goto(`/listings/${rows[0]?.slug}/license?part=weights`);
  await page.getByLabel("I have read these terms and agree to them.").check();
  await page.getByRole("button", { name: /^Sign and pay/ }).click();
  await expect(page.getByRole("heading", { name: "Does it do what was agreed?" })).toBeVisible();
  await expect(page.getByText(/You agreed while signed in; Offcut recorded it/)).toBeVisible();
  const href = await page
    .getByRole("link", { name: /^Download / })
    .first()
    .getAttribute("href");
  const file = await page.request.get(href ?? "");
  expect(file.status()).toBe(200);
  expect(file.headers()["content-disposition"]).toContain("attachment");
  expect(file.headers()["x-content-type-options"]).toBe("nosniff");
  await page.getByRole("button", { name: "Accept the delivery" }).click();
  await expect(page.getByText("You accepted the delivery")).toBeVisible();
});
