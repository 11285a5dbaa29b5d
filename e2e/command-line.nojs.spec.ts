import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { env } from "@/lib/platform/env";
import { database, expect, signInByEmail, test } from "./fixtures/sign-in";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-journey-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program as a person runs it, in a folder of their own; its answer as JSON. */
function offcut(...args: string[]): Record<string, unknown> {
  const own = { INIT_CWD: folder, XDG_STATE_HOME: path.join(folder, "state") };
  const program = ["--import", "tsx", "lib/cli/offcut.ts", ...args, "--json", "--quiet"];
  const out = execFileSync(process.execPath, program, { env: { ...process.env, ...own }, encoding: "utf8" });
  return JSON.parse(out) as Record<string, unknown>;
}

test("without JavaScript a command-line key is enrolled, and what it signs is logged and counted", async ({
  page,
  context,
}) => {
  // The program runs five times in processes of its own.
  test.slow();
  const handle = `line-${Date.now().toString(36)}`;
  await database().query(
    `INSERT INTO "Account" (id, email, "passwordHash", handle, "displayName", "emailVerifiedAt")
     SELECT gen_random_uuid(), $2, "passwordHash", $1, 'Command Line', now()
     FROM "Account" WHERE email = 'buyer@demo.offcut.test'`,
    [handle, `${handle}@example.org`],
  );
  const { accountId } = await signInByEmail(context, `${handle}@example.org`);
  const made = offcut("keygen", "--account", accountId, "--label", "Build machine");

  await page.goto("/account");
  const form = page.getByRole("form", { name: "Enrol a command-line key" });
  await form.getByText("Let the command line sign for you").click();
  await expect(form).toContainText(`keygen --account ${accountId}`);
  await form.getByLabel("Request").fill(JSON.stringify(made["enrolment"]));
  await form.getByLabel("Password of this account").fill("not the password");
  await form.getByRole("button", { name: "Enrol this key" }).click();
  await expect(form.getByText("This is not your password.").first()).toBeVisible();
  await expect(form.getByLabel("Request")).toHaveValue(JSON.stringify(made["enrolment"]));
  await form.getByLabel("Password of this account").fill("offcut-demo");
  await form.getByRole("button", { name: "Enrol this key" }).click();
  await expect(form.getByText("The key is enrolled and signs from now on.")).toBeVisible();
  await expect(page.locator("#keys li")).toHaveText(
    /Build machine.*command line, your first key.*signs for you/s,
  );

  mkdirSync(path.join(folder, "model"));
  writeFileSync(path.join(folder, "model/weights.bin"), handle);
  offcut("sign", "--oms", "model", "--key", "offcut-key.pem");
  const market = env().APP_ORIGIN;
  const handedIn = offcut("submit", "model/model.sig", "--to", market, "--wait", "--save", ".");
  expect(handedIn).toMatchObject({ ending: "verified", state: "logged" });
  const { modelDigest } = offcut("hash", "model");
  const watched = offcut("monitor", market, "--once", "--model", String(modelDigest));
  expect(watched).toMatchObject({ ending: "verified", total: 1, adverse: 0, withdrawn: 0 });
});
