import { followMailedLink, newAddress } from "./fixtures/mailbox";
import { database, expect, signInByEmail, test } from "./fixtures/sign-in";

const PASSWORD = "lathe mortar heron gravel";
const NEW_PASSWORD = "kettle moss ferry anvil";

test("somebody opens an account, confirms the address, signs in, and resets a forgotten password", async ({
  page,
  browser,
}) => {
  const email = newAddress();
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Journey Person");
  await page.getByLabel("E-mail address").fill(email);
  const password = page.getByRole("textbox", { name: "Password" });
  await password.fill("password123");
  await page.getByRole("button", { name: "Open an account" }).click();
  await expect(page.getByText("among the passwords tried first")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("Journey Person");
  await password.fill(PASSWORD);
  await expect(password).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "Open an account" }).click();
  await expect(page.getByRole("heading", { name: "We have sent you a mail" })).toBeVisible();

  await followMailedLink(page, email, "Confirm your address");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Confirm and sign in" }).click();
  await expect(page.getByText("Your address is confirmed. You can buy and sell.")).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();

  await page.goto("/sign-in?next=%2Faccount%23keys");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "do not belong together" })).toBeVisible();
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  const elsewhere = await browser.newContext();
  const forgetful = await elsewhere.newPage();
  await forgetful.goto("/forgot-password");
  await forgetful.getByLabel("E-mail address").fill(email);
  await forgetful.getByRole("button", { name: "Send the link" }).click();
  await expect(forgetful.getByRole("heading", { name: "Check your mail" })).toBeVisible();
  await followMailedLink(forgetful, email, "Choose a new password");
  await forgetful.getByRole("textbox", { name: "New password" }).fill(NEW_PASSWORD);
  await forgetful.getByRole("button", { name: "Set the new password" }).click();
  await expect(forgetful.getByText("Your new password is set")).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await forgetful.getByLabel("E-mail address").fill(email);
  await forgetful.getByRole("textbox", { name: "Password" }).fill(NEW_PASSWORD);
  await forgetful.getByRole("button", { name: "Sign in" }).click();
  await expect(forgetful.getByRole("banner").getByRole("link", { name: "Journey Person" })).toBeVisible();
  await elsewhere.close();
});

test("an ended session and a lost role act on the next click", async ({
  page,
  context,
  browser,
  signInAs,
}) => {
  const { sessionId } = await signInAs("administrator");
  await page.goto("/moderation/accounts");
  await expect(page.getByRole("heading", { name: "Roles" })).toBeVisible();

  const other = await browser.newContext();
  await signInByEmail(other, "administrator@demo.offcut.test");
  const elsewhere = await other.newPage();
  await elsewhere.goto("/account");
  await elsewhere.getByRole("button", { name: "End all others" }).click();
  await expect(elsewhere.getByText(/sessions? ha(s|ve) ended/)).toBeVisible();
  await other.close();
  const ended = await database().query(`SELECT "endedAt" FROM "Session" WHERE id = $1`, [sessionId]);
  expect(ended.rows[0]).not.toEqual({ endedAt: null });
  await page.goto("/moderation/accounts");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await context.clearCookies();
  await signInAs("moderator");
  expect((await page.goto("/moderation/accounts"))?.status()).toBe(404);
});

test("an administrator grants a role with a reason, which shows on the profile, and takes it away", async ({
  page,
  signInAs,
}) => {
  await signInAs("administrator");
  await page.goto("/moderation/accounts?q=demo-buyer");
  await page.getByText("Change the roles of Buyer (demo)").click();
  const grant = page.getByRole("form", { name: "Grant a role to demo-buyer" });
  await grant.getByLabel("Grant").selectOption("evaluator");
  await grant.getByLabel("Reason").fill("Showed three careful evaluations");
  await grant.getByRole("button", { name: "Grant" }).click();
  await expect(page.getByText("address confirmed · evaluator")).toBeVisible();
  await page.goto("/people/demo-buyer");
  await expect(page.getByText("Independent evaluator")).toBeVisible();

  await page.goto("/moderation/accounts?q=demo-buyer");
  await page.getByText("Change the roles of Buyer (demo)").click();
  const revoke = page.getByRole("form", { name: "Take a role from demo-buyer" });
  await revoke.getByLabel("Reason").fill("The check is over");
  await revoke.getByRole("button", { name: "Take away" }).click();
  await expect(page.getByText("address confirmed · no role")).toBeVisible();
});

test("a profile is changed, keeps what was typed when refused, and its old handle leads on", async ({
  page,
  context,
}) => {
  const handle = `anna-${Date.now().toString(36)}`;
  const made = await database().query<{ email: string }>(
    `INSERT INTO "Account" (id, email, "passwordHash", handle, "displayName", "emailVerifiedAt")
     VALUES (gen_random_uuid(), $1 || '@example.org', 'none', $1, 'Anna', now()) RETURNING email`,
    [handle],
  );
  await signInByEmail(context, made.rows[0]?.email ?? "");
  await page.goto("/account");
  await page.getByLabel("Handle").fill(`${handle}-2`);
  await page.getByLabel("Website").fill("https://user:secret@example.org");
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByText("Leave out the name and password")).toBeVisible();
  await expect(page.getByLabel("Handle")).toHaveValue(`${handle}-2`);
  await page.getByLabel("Website").fill("https://example.org/anna");
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByText("Your profile is saved.")).toBeVisible();
  await page.goto(`/people/${handle}`);
  await expect(page).toHaveURL(new RegExp(`/people/${handle}-2$`));
  await expect(page.getByRole("link", { name: "example.org/anna" })).toBeVisible();
});

test("no page breaks the policy of its own headers", async ({ page, signInAs }) => {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
  for (const path of ["/", "/sign-in", "/sign-up", "/mailbox", "/people/demo-seller", "/glossary"]) {
    const response = await page.goto(path);
    const headers = response?.headers() ?? {};
    expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toBe("same-origin");
  }
  await signInAs("buyer");
  const account = await page.goto("/account");
  expect(account?.headers()["cache-control"]).toContain("no-store");
  await expect(page.getByRole("button", { name: "Show present password" })).toBeVisible();
  expect(problems).toEqual([]);
});

test("a second device is enrolled by password, waits a day, and signs at once when the first approves it", async ({
  browser,
}) => {
  const handle = `keys-${Date.now().toString(36)}`;
  const email = `${handle}@example.org`;
  await database().query(
    `INSERT INTO "Account" (id, email, "passwordHash", handle, "displayName", "emailVerifiedAt")
     SELECT gen_random_uuid(), $2, "passwordHash", $1, 'Key Holder', now()
     FROM "Account" WHERE email = 'buyer@demo.offcut.test'`,
    [handle, email],
  );
  const [laptop, phone] = [await browser.newContext(), await browser.newContext()];
  for (const context of [laptop, phone]) await signInByEmail(context, email);
  const [here, there] = [await laptop.newPage(), await phone.newPage()];

  await here.goto("/account");
  await here.getByRole("button", { name: "Make the key of this browser now" }).click();
  const rows = (page: typeof here) => page.locator("#keys li");
  await expect(rows(here)).toHaveText(/this browser.*your first key.*signs for you/s);

  await there.goto("/account");
  const enrolment = there.locator("#keys form").filter({ has: there.getByLabel("Your password") });
  await enrolment.getByRole("textbox").fill("offcut-demo");
  await there.getByRole("button", { name: "Let this browser sign" }).click();
  await expect(rows(there).first()).toHaveText(
    /this browser.*enrolled with your password.*signs (tomorrow|in 24 hours)/s,
  );

  await here.reload();
  await here.getByRole("button", { name: "Approve with this device" }).click();
  await expect(rows(here).first()).toHaveText(/approved by another of your keys.*signs for you/s);

  await there.reload();
  const own = rows(there).filter({ hasText: "this browser" });
  await own.getByRole("button", { name: "Revoke" }).click();
  await expect(own).toContainText("revoked");
  await expect(there.getByRole("button", { name: "Let this browser sign" })).toBeVisible();
  const isExtractable = await here.evaluate(async (accountDatabase) => {
    const opened = await new Promise<IDBDatabase>((resolve) => {
      const asked = indexedDB.open(accountDatabase);
      asked.onsuccess = () => resolve(asked.result);
    });
    const stored = await new Promise<{ privateKey: CryptoKey }[]>((resolve) => {
      const asked = opened.transaction("keys").objectStore("keys").getAll();
      asked.onsuccess = () => resolve(asked.result);
    });
    return stored.map((one) => one.privateKey.extractable);
  }, "offcut-device-keys");
  expect(isExtractable).toEqual([false]);
  await laptop.close();
  await phone.close();
});
