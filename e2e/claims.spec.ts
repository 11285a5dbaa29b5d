import { expect, signInAs, signInByEmail, test } from "./fixtures/sign-in";

test("a seller signs every claim of a listing with one click, and readers see whose key stands behind them", async ({
  page,
  context,
}) => {
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByRole("link", { name: "Read and sign" }).last().click();
  await expect(page.getByRole("heading", { level: 1, name: "What this listing claims" })).toBeVisible();
  const sign = page.getByRole("button", {
    name: /^Sign (these \d+ claims|this claim) with this device’s key$/,
  });
  const signed = page.getByRole("heading", { name: "Signed with your key", exact: true });
  // Pressed before the page has come to life, the form is sent without a signature and says so.
  await expect(async () => {
    if (await sign.isVisible()) await sign.click();
    await expect(signed).toBeVisible({ timeout: 15_000 });
  }).toPass({ timeout: 75_000 });
  await expect(sign).toBeHidden();
  const slug = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  await context.clearCookies();
  await page.goto(`/listings/${slug}`);
  await expect(page.getByText(/for the public log: \d+ signed with the seller’s own key\.$/)).toBeVisible();
});

test("whoever a listing names as contributor reads what it says of them", async ({ page, context }) => {
  await signInByEmail(context, "desk@demo.offcut.test");
  await page.goto("/contributions");
  const claims = page.getByRole("region", { name: /^What “.+” says of you$/ });
  await expect(claims.first().getByText(/You confirmed this/)).toBeVisible();
  await claims.first().getByText("Change your stance").click();
  await expect(claims.first().getByRole("button", { name: "This is wrong" })).toBeVisible();
});
