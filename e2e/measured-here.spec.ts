import { birds, PENGUINS } from "./fixtures/birds";
import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/sign-in";

test("a buyer has a listing measured here on rows of their own, watches the run, sees the figures first, and publishes them", async ({
  page,
  signInAs,
}) => {
  await signInAs("buyer");
  await page.goto(`/listings/${PENGUINS}`);
  await page.getByRole("link", { name: "Have it measured here" }).click();
  await expect(page.getByRole("heading", { name: "Have it measured here" })).toBeVisible();
  await page.getByLabel("Data set").fill("Birds that a buyer weighed");
  await page.getByLabel("Rows", { exact: true }).setInputFiles(birds(24));
  await page.getByRole("button", { name: "Run it on these rows" }).click();
  await expect(page).toHaveURL(/\/runs\/[\w-]+$/);
  await expect(page.getByText("24 of 24 rows, 100 %")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Nobody else sees these figures.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Publish these figures" }).click();
  await expect(page.getByText("on rows of a buyer, and stated before its first row was run")).toBeVisible();
  await expect(
    page.getByText(/Offcut.* these exact files .* were run on 24 rows of Birds that a buyer weighed/),
  ).toBeVisible();
  await page.goto(`/listings/${PENGUINS}#evidence`);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText(/Runs that somebody asked for here: \d+ started, \d+ published/)).toBeVisible(
      { timeout: 1_000 },
    );
  }).toPass({ timeout: 30_000 });
});

test("rows that no model of this listing can mean end the run with the reason, and nothing is counted", async ({
  page,
  signInAs,
}) => {
  await signInAs("evaluator");
  await page.goto(`/listings/${PENGUINS}/measure`);
  await page.getByLabel("Data set").fill("Birds of another kind");
  await page.getByLabel("Rows", { exact: true }).setInputFiles(birds(4, "Puffin"));
  await page.getByRole("button", { name: "Run it on these rows" }).click();
  await expect(page.getByText("1 name that this model does not answer").first()).toBeVisible({
    timeout: 60_000,
  });
  await page.goto("/runs");
  await expect(page.getByText("failed").first()).toBeVisible();
});
