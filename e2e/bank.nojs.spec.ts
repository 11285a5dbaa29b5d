import { unknownBankList } from "./fixtures/bank-file";
import { expect, test } from "./fixtures/sign-in";

test("without JavaScript an administrator maps a list, confirms it, and notes money sent back", async ({
  page,
  signInAs,
}) => {
  const { file, words } = unknownBankList();
  await signInAs("administrator");
  await page.goto("/deals/payments");
  await page.getByLabel("A statement of the bank").setInputFiles(file);
  await page.getByRole("button", { name: "Read it" }).click();
  for (const [column, role] of [
    ["Booked", "date"],
    ["Words", "text"],
    ["Sum", "amount"],
    ["Side", "side"],
  ] as const)
    await page.getByLabel(column, { exact: true }).selectOption(role);
  await page.getByLabel("“CR”").selectOption("credit");
  await page.getByLabel("“DR”").selectOption("debit");
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByText("Passed over: Went out")).toBeVisible();
  await page.getByRole("button", { name: "These lines are right: confirm them" }).click();
  await expect(page.getByText(/^0 confirmed, 0 wait .* 1 pay no deal/)).toBeVisible();

  await page.goto("/deals/payments/received");
  const row = page.locator("section").filter({ has: page.getByText(words, { exact: true }) });
  await row.getByText("It was sent back to the payer").click();
  await row.getByLabel(/^Amount that was sent back/).fill("12.34");
  await row.getByLabel("The bank’s reference of the transfer back").fill(words);
  await row.getByRole("button", { name: "Note it as sent back" }).click();
  await page.goto("/deals/payments/received");
  await expect(page.getByText(words, { exact: true })).toHaveCount(0);
});
