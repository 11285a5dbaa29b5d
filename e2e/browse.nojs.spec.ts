import { expect, test } from "./fixtures/sign-in";

test("without JavaScript a buyer filters, searches, compares and reads a listing", async ({ page }) => {
  await page.goto("/");
  await page
    .getByRole("group", { name: "Task" })
    .getByRole("checkbox", { name: /^Text classification/ })
    .check();
  await page
    .getByRole("group", { name: "Must not break on" })
    .getByRole("checkbox", { name: /^HTML input/ })
    .check();
  await page.getByLabel("Price").selectOption("10000");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/task=text-classification/);
  await expect(page).toHaveURL(/excludeLimitation=html_input/);
  const listings = page.getByRole("region", { name: "Listings" });
  await expect(listings.getByRole("link", { name: "Remove Not: HTML input" })).toBeVisible();
  await expect(listings.getByRole("link", { name: "Short-mail spam check" })).toHaveCount(0);

  const titles = await listings.locator("a[href^='/listings/']").allTextContents();
  for (const title of titles.slice(0, 2))
    await page.getByRole("checkbox", { name: `Compare ${title}` }).check();
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("columnheader", { name: titles[0] })).toBeVisible();

  await page.getByRole("link", { name: titles[0], exact: true }).click();
  await expect(page.getByRole("heading", { name: "Works here" })).toBeVisible();
  await page.getByText("Use my own level").click();
  await page.getByRole("button", { name: "95 %" }).click();
  await expect(page.getByText("at your level of 95 %")).toBeVisible();
});

test("without JavaScript the watch list works", async ({ page, signInAs }) => {
  await signInAs("moderator");
  await page.goto("/listings/software-shelf-from-one-line");
  await page.getByRole("button", { name: "Watch", exact: true }).click();
  await page.goto("/watched");
  await expect(page.getByRole("link", { name: "Software shelf from one line" })).toBeVisible();
});
