import { expect, test } from "./fixtures/sign-in";
import { addApp, openAccount, PASSWORD, typeCode, typePassword } from "./fixtures/two-step";

test("without JavaScript an app is added, signs in, and is removed with a recovery code", async ({
  page,
}) => {
  const email = await openAccount("Plain");
  await typePassword(page, email);
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  const { code, recovery } = await addApp(page);
  await page.context().clearCookies();
  await typePassword(page, email);
  await expect(page.getByRole("button", { name: "Use a passkey" })).toHaveCount(0);
  await typeCode(page, code(1));
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();
  await page.getByRole("link", { name: "Change Pocket phone" }).click();
  await page.getByLabel("Your password").fill(PASSWORD);
  await page.getByLabel("Code").fill(recovery[5]!);
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("Your password alone opens this account")).toBeVisible();
});
