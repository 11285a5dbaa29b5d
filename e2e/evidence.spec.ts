import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { database, expect, signInByEmail, test } from "./fixtures/sign-in";

const MODEL = "prisma/seed/models/connect-four-reflexes";

/** The newest evaluation that the platform signed for the connect-four listing. */
async function openEvidence(page: Page): Promise<void> {
  const { rows } = await database().query<{ id: string }>(
    `SELECT e.id FROM "Evaluation" e JOIN "Listing" l ON l.id = e."listingId"
     WHERE l.slug LIKE 'connect-four%' AND e.grade = 'platform_measured' AND e."envelopeSha256" IS NOT NULL
     ORDER BY e."finishedAt" DESC LIMIT 1`,
  );
  await page.goto(`/evaluations/${rows[0]?.id}`);
}

/** Somebody whose first key is yet to be made. */
async function newEvaluator(): Promise<{ email: string; name: string }> {
  const name = `Evaluator ${randomUUID().slice(0, 8)}`;
  const email = `${name.replace(" ", "-").toLowerCase()}@example.test`;
  await database().query(
    `INSERT INTO "Account" (id, email, "emailVerifiedAt", "passwordHash", handle, "displayName", roles)
     VALUES ($1, $2, now(), 'none', $3, $4, ARRAY['evaluator']::"Role"[])`,
    [randomUUID(), email, email.split("@")[0], name],
  );
  return { email, name };
}

const checkOf = (page: Page, name: string) =>
  page.getByRole("group", { name, exact: true }).getByRole("status");

test("a reader's browser verifies the signature by itself", async ({ page }) => {
  await openEvidence(page);
  await expect(checkOf(page, "Signature")).toHaveText(
    /verified here: the signature matches the key listed for Offcut/,
  );
  await expect(page.getByText("Signed by Offcut")).toBeVisible();
  await expect(page.getByText(/It does not show/)).toBeVisible();
});

test("an envelope changed on its way reads FAILED, whatever was changed", async ({ page }) => {
  await page.route("**/api/v1/envelopes/*", async (route) => {
    const response = await route.fetch();
    const envelope = (await response.json()) as { payload: string };
    const statement = Buffer.from(envelope.payload, "base64").toString().replace('"filled"', '"fails"');
    envelope.payload = Buffer.from(statement).toString("base64");
    await route.fulfill({ response, json: envelope });
  });
  await openEvidence(page);
  await expect(checkOf(page, "Signature")).toHaveText(/FAILED/);
  await expect(checkOf(page, "Signature")).not.toHaveText(/verified here/);
});

test("an envelope that cannot be fetched is neither verified nor forged", async ({ page }) => {
  await page.route("**/api/v1/envelopes/*", (route) => route.fulfill({ status: 503, body: "" }));
  await openEvidence(page);
  await expect(checkOf(page, "Signature")).toHaveText(/cannot check: .* 503/);
});

test("files a reader holds are compared here with those that were signed", async ({ page }) => {
  await openEvidence(page);
  const files = checkOf(page, "Your files");
  await expect(files).toHaveText(/not checked/);
  await page.getByLabel("Choose files").setInputFiles(`${MODEL}/model.onnx`);
  await expect(files).toHaveText(/verified here: model\.onnx match: \d more/);
  const bytes = Buffer.from(readFileSync(`${MODEL}/model.onnx`));
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  const changed = { name: "model.onnx", mimeType: "application/octet-stream", buffer: bytes };
  await page.getByLabel("Choose files").setInputFiles(changed);
  await expect(files).toHaveText(/FAILED: model\.onnx differs/);
});

test("the address of an envelope is the digest of its bytes", async ({ page, request }) => {
  await openEvidence(page);
  const href = await page.getByRole("link", { name: "Signed envelope (JSON)" }).getAttribute("href");
  const body = await (await request.get(href ?? "")).body();
  expect(href).toContain(createHash("sha256").update(body).digest("hex"));
});

async function demoSlug(start: string): Promise<string> {
  const { rows } = await database().query<{ slug: string }>(
    `SELECT slug FROM "Listing" WHERE slug LIKE $1 AND "isDemo"`,
    [`${start}%`],
  );
  return rows[0]?.slug ?? "";
}

async function bring(page: Page, name: string, lines: readonly string[]) {
  await page.getByLabel("Data set").fill(name);
  const buffer = Buffer.from(lines.join("\n"));
  await page.getByLabel("Rows").setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Count these rows" }).click();
}

test("an evaluator signs a run with the key of this browser, others verify it, and without inputs it reads as a word", async ({
  page,
  context,
}) => {
  const person = await newEvaluator();
  await signInByEmail(context, person.email);
  await page.goto(`/listings/${await demoSlug("penguins")}/evaluate`);
  const name = `Birds told apart by eye ${Date.now()}`;
  const lines = Array.from(
    { length: 60 },
    (_, index) => `Gentoo,${index % 3 ? "Gentoo" : "Adelie"},${index % 2 === 0}`,
  );
  await bring(page, name, ["label,prediction,short", ...lines]);
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  const address = page.url();
  await page.getByRole("button", { name: "Sign this record" }).click();
  await expect(checkOf(page, "Signature")).toBeVisible();
  await context.clearCookies();
  await page.goto(address);
  // What is out of sight is not checked yet.
  await checkOf(page, "Signature").scrollIntoViewIfNeeded();
  await expect(checkOf(page, "Signature")).toContainText(
    `verified here: the signature matches the key listed for ${person.name}`,
  );
  await expect(page.getByText(/agreed while signed in/)).toHaveCount(0);
  await expect(page.getByText("The speaker’s word: the answers were not tied to the files")).toBeVisible();
  await expect(page.getByText(/these exact files/)).toHaveCount(0);
});

test("answers that the files do not give are refused with the rows that differ, and those they give bind the run", async ({
  page,
  context,
}) => {
  const person = await newEvaluator();
  await signInByEmail(context, person.email);
  await page.goto(`/listings/${await demoSlug("penguins")}/evaluate`);
  const name = `Heavy birds ${Date.now()}`;
  const rows = (said: string) => [
    "label,prediction,flipper_length,body_mass",
    ...Array.from({ length: 8 }, (_, at) => `Gentoo,${said},${220 + at},${5_400 + at}`),
  ];
  await bring(page, name, rows("Adelie"));
  const refusal = page.getByRole("alert").filter({ hasText: "answer 8 rows otherwise, 8 by another class" });
  await expect(refusal.getByRole("columnheader")).toHaveText(["Row", "Your file says", "The files answer"]);
  await expect(refusal.getByRole("row").nth(1)).toContainText("Gentoo (0.9");
  await bring(page, name, rows("Gentoo"));
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Sign this record" }).click();
  await expect(checkOf(page, "Signature")).toBeVisible();
  await expect(page.getByText("Signed by an independent evaluator")).toBeVisible();
  await expect(page.getByText(/came out the same when these exact files/)).toBeVisible();
});
