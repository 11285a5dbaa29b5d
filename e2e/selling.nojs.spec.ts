import { randomUUID } from "node:crypto";
import { spamCard, spamRows } from "./fixtures/evaluation-rows";
import { expect, signInAs, test } from "./fixtures/sign-in";

test("without JavaScript a seller uploads, counts rows, saves, is told what is missing, and publishes", async ({
  page,
  context,
}) => {
  const title = `Plain caller ${randomUUID().slice(0, 8)}`;
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page
    .getByLabel("Or choose files", { exact: false })
    .setInputFiles({ name: "README.md", mimeType: "text/markdown", buffer: Buffer.from(spamCard(title)) });
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();

  await page.getByLabel("Choose files or drop them here").setInputFiles({
    name: "model.pkl",
    mimeType: "application/octet-stream",
    buffer: Buffer.from([0x80, 4, 0x8c, 1, 0x61, 0x94, 0x2e]),
  });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText(/model\.pkl was not kept/)).toBeVisible();
  await page
    .getByLabel("Choose files or drop them here")
    .setInputFiles({ name: "vocabulary.txt", mimeType: "text/plain", buffer: Buffer.from("mail\nspam\n") });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("vocabulary.txt")).toBeVisible();

  const evaluation = page.getByRole("form", { name: "Add an evaluation" });
  await evaluation.getByLabel("What the rows are").fill("600 mails of May 2026");
  await evaluation
    .getByLabel("File of rows")
    .setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from(spamRows()) });
  await evaluation.getByRole("button", { name: "Count these rows" }).click();
  await expect(page.getByText("Works in 1 of 2 slices, 1 fail")).toBeVisible();

  await page.getByLabel("Input is about").selectOption("e-mail");
  await page.getByLabel("How buyers reach you").fill("seller@example.org");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Not published yet" })).toBeVisible();
  await expect(page.getByLabel("Input is about")).toHaveValue("e-mail");
  await page.getByLabel("Level you declare").selectOption("0.90");
  const weights = page.getByRole("group", { name: "Weights" });
  await weights.getByLabel("Offered").selectOption("free");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Buyers find it from now on")).toBeVisible();
  await page.getByRole("link", { name: title }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
});
