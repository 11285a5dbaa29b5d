import { followMailedLink, newAddress } from "./fixtures/mailbox";
import { expect, test } from "./fixtures/sign-in";

const PASSWORD = "lathe mortar heron gravel";
const NEW_PASSWORD = "kettle moss ferry anvil";

test("without JavaScript somebody opens an account, confirms, signs out and in, and resets the password", async ({
  page,
}) => {
  const email = newAddress();
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Plain Person");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("qwertyuiop");
  await page.getByRole("button", { name: "Open an account" }).click();
  await expect(page.getByText("among the passwords tried first")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Open an account" }).click();
  await expect(page.getByRole("heading", { name: "We have sent you a mail" })).toBeVisible();

  await followMailedLink(page, email, "Confirm your address");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Confirm and sign in" }).click();
  await expect(page.getByText("Your address is confirmed. You can buy and sell.")).toBeVisible();
  await page.getByLabel("About you").fill("I read before I sign.");
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByText("Your profile is saved.")).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();

  await page.goto("/forgot-password");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await followMailedLink(page, email, "Choose a new password");
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("do not belong together")).toBeVisible();
  await page.getByLabel("Password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Plain Person" })).toBeVisible();
});

test("without JavaScript a known address is answered like an unknown one at sign-up", async ({ page }) => {
  for (const email of ["buyer@demo.offcut.test", newAddress()]) {
    await page.goto("/sign-up");
    await page.getByLabel("Name").fill("Curious");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Open an account" }).click();
    await expect(page.getByRole("heading", { name: "We have sent you a mail" })).toBeVisible();
    await expect(page).toHaveURL(/\/sign-up\/sent$/);
  }
});
