import { birds, PENGUINS } from "./fixtures/birds";
import { expect, test } from "./fixtures/sign-in";

test("without JavaScript a run is asked for, watched by asking again, and its figures are seen by who asked", async ({
  page,
  signInAs,
}) => {
  await signInAs("buyer");
  await page.goto(`/listings/${PENGUINS}/measure`);
  await page.getByLabel("Data set").fill("Birds without a script");
  await page.getByLabel("Whose rows they are").selectOption("public_set");
  await page.getByLabel("Rows", { exact: true }).setInputFiles(birds(12));
  await page.getByRole("button", { name: "Run it on these rows" }).click();
  await expect(page.getByText("Say under which licence the public set comes.")).toBeVisible();
  await page.getByLabel("Data set").fill("Birds without a script");
  await page.getByLabel("Rows", { exact: true }).setInputFiles(birds(12));
  await page.getByRole("button", { name: "Run it on these rows" }).click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByText("12 of 12 rows, 100 %")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Publish these figures" })).toBeVisible();
});
