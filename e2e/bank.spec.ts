import { unknownBankList } from "./fixtures/bank-file";
import { expect, test } from "./fixtures/sign-in";

test("an administrator says what the columns of a list are, sees every line, confirms it, and notes money sent back", async ({
  page,
  signInAs,
}) => {
  const { file, words } = unknownBankList();
  await signInAs("administrator");
  await page.goto("/deals/payments");
  await page.getByLabel("A statement of the bank").setInputFiles(file);
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByRole("heading", { name: "What the columns are" })).toBeVisible();
  await expect(page.getByRole("button", { name: /confirm them/ })).toHaveCount(0);

  await page.getByLabel("Booked").selectOption("date");
  await page.getByLabel("Words", { exact: true }).selectOption("text");
  await page.getByLabel("Sum").selectOption("amount");
  await page.getByLabel("Side").selectOption("ignored");
  await page.getByLabel("Amounts look like").selectOption(".");
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByText(/The column “Side” looks like a side/)).toBeVisible();
  await page.getByLabel("Side").selectOption("side");
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByText("Say what “CR” means.")).toBeVisible();
  await page.getByLabel("“CR”").selectOption("credit");
  await page.getByLabel("“DR”").selectOption("debit");
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByText("Passed over: Went out")).toBeVisible();
  await expect(page.getByText("1, €12.34")).toBeVisible();

  await page.getByRole("button", { name: "These lines are right: confirm them" }).click();
  await expect(page.getByText(/^0 confirmed, 0 wait .* 1 pay no deal/)).toBeVisible();
  await page.getByRole("link", { name: "Received, not matched" }).click();
  const row = page.locator("section").filter({ has: page.getByText(words, { exact: true }) });
  await expect(row.getByText(/names no payment of ours/)).toBeVisible();
  await row.getByText("It was sent back to the payer").click();
  await row.getByLabel(/^Amount that was sent back/).fill("12.34");
  await row.getByLabel("The bank’s reference of the transfer back").fill(words);
  await row.getByRole("button", { name: "Note it as sent back" }).click();
  await expect(page.getByText(words, { exact: true })).toHaveCount(0);
});
