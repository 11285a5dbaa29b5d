import type { Page } from "@playwright/test";
import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/sign-in";
import { addApp, openAccount, PASSWORD, typeCode, typePassword } from "./fixtures/two-step";

/** A device of Chromium's own that keeps passkeys and unlocks them at once. */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test("a moderator's role sleeps until there is an app, whose codes and recovery codes then sign in", async ({
  page,
}) => {
  const email = await openAccount("Sleeper", ["moderator"]);
  await typePassword(page, email);
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  await page.getByRole("link", { name: "Moderation" }).click();
  await expect(page.getByText("Your role as moderator acts as soon as")).toBeVisible();

  const { code, recovery } = await addApp(page);
  await expectAccessible(page);
  await expect(page.getByRole("link", { name: "Download" })).toHaveAttribute(
    "href",
    new RegExp(recovery[9]!),
  );
  await page.goto("/moderation");
  await expect(page.getByRole("heading", { name: "Moderation" })).toBeVisible();

  await page.context().clearCookies();
  await typePassword(page, email);
  await expect(page.getByRole("heading", { name: "Second step" })).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await typeCode(page, "000 000");
  await expect(page.getByText("This code is wrong or has been used.")).toBeVisible();
  await typeCode(page, code(1));
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  await page.getByRole("link", { name: "Change Pocket phone" }).click();
  await expect(page.getByText("this is your only one")).toBeVisible();

  await page.context().clearCookies();
  await typePassword(page, email);
  await typeCode(page, recovery[0]!.toUpperCase());
  await expect(page.getByText("9 recovery codes are left.")).toBeVisible();
});

test("a passkey is added, signs in alone and as the second step, and re-authenticates", async ({ page }) => {
  const email = await openAccount("Passkeeper");
  await addAuthenticator(page);
  await typePassword(page, email);
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await page.getByLabel("Name").fill("This laptop");
  await page.getByRole("textbox", { name: "Your password" }).fill("not the password");
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This is not your password." })).toBeVisible();
  await page.getByRole("textbox", { name: "Your password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await expect(page.getByText("“This laptop” is added.")).toBeVisible();
  await expect(page.locator("ol.font-mono li")).toHaveCount(10);

  await page.context().clearCookies();
  await page.goto("/sign-in?next=%2Faccount");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  await page.context().clearCookies();
  await typePassword(page, email);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  await page.getByRole("link", { name: "Make new codes" }).click();
  await page.getByRole("textbox", { name: "Your password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Use a passkey instead of a code" }).click();
  await expect(page.getByText("Your passkey is confirmed.")).toBeVisible();
  await page.getByRole("button", { name: "Make new codes" }).click();
  await expect(page.getByText("These are your new recovery codes.")).toBeVisible();

  await page.goto("/account");
  await page.getByRole("link", { name: "Change This laptop" }).click();
  await page.getByRole("textbox", { name: "Your password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Use a passkey instead of a code" }).click();
  await expect(page.getByText("Your passkey is confirmed.")).toBeVisible();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("Your password alone opens this account")).toBeVisible();
});

test("a demo account is told that a second step is not asked", async ({ page, signInAs }) => {
  await signInAs("administrator");
  await page.goto("/account#second-step");
  await expect(page.getByText("Not asked in a demo")).toBeVisible();
  await page.goto("/moderation/accounts");
  await expect(page.getByRole("heading", { name: "Roles", exact: true })).toBeVisible();
});
