import { loggedClaim } from "./fixtures/logged-claim";
import { expect, test } from "./fixtures/sign-in";

test("without JavaScript the log can be paged, searched and read to the last byte", async ({ page }) => {
  const { index, leafHash, modelDigest, slug } = await loggedClaim();
  await page.goto("/log");
  await expect(page.getByRole("heading", { name: "Newest entries" })).toBeVisible();
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page.getByRole("heading", { name: /Entries \d+ to \d+/ })).toBeVisible();
  for (const digest of [leafHash, modelDigest]) {
    await page.getByLabel("Find an entry").fill(digest);
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.locator(`main a[href="/log/entries/${index}"]`)).toBeVisible();
  }
  await page.locator(`main a[href="/log/entries/${index}"]`).click();
  await page.getByText("Its proof, good for ever and offline").click();
  await expect(page.getByRole("region", { name: "Proof" })).toContainText("c2sp.org/tlog-proof@v1");
  await expect(page.getByText(/verified here/)).toHaveCount(0);

  await page.goto(`/log?q=${encodeURIComponent(`/listings/${slug}`)}`);
  await page.getByRole("link", { name: "See all statements about its files" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/about these files: \d+ adverse/);
});

test("without JavaScript the page of verification says what it needs and what to run instead", async ({
  page,
}) => {
  const { leafHash, index } = await loggedClaim();
  await page.goto("/verify");
  await expect(page.locator("main")).toContainText("which needs JavaScript", { useInnerText: true });
  await expect(page.getByText(/npm run -s offcut -- verify http/)).toBeVisible();
  await expect(page.getByLabel("Choose files")).toBeHidden();
  await page.getByLabel("Or paste an address or a digest").fill(leafHash);
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.locator(`main a[href="/log/entries/${index}"]`)).toBeVisible();
});
