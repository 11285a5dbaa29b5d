import { sampleRows } from "./fixtures/foreign-files";
import { expect, signInAs, test } from "./fixtures/sign-in";

test("without JavaScript a seller reads another tool's rows into a draft, and is told what cannot be read", async ({
  page,
  context,
}) => {
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByLabel("Model card", { exact: false }).fill("---\nlanguage: de\n---\n# Pasted caller\n");
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pasted caller" })).toBeVisible();

  const reading = page.getByRole("form", { name: "Read files into the draft" });
  const files = reading.getByLabel("Choose files to read", { exact: false });
  await files.setInputFiles([
    { name: "samples_mail.jsonl", mimeType: "application/json", buffer: Buffer.from(sampleRows()) },
    { name: "notes.json", mimeType: "application/json", buffer: Buffer.from("{}") },
  ]);
  await reading.getByRole("button", { name: "Read into the draft" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "samples_mail.jsonl was read." })).toContainText(
    "notes.json is in none of the formats read here",
  );
  await expect(page.getByText("Works in 1 of 2 slices, 1 fail")).toBeVisible();
  await page.getByText("Judge what it says as slices of their own").click();
  await page.getByRole("checkbox", { name: "says spam 120 rows" }).check();
  await page.getByRole("button", { name: "Count again" }).click();
  await expect(page.getByText(/of 3 slices/)).toBeVisible();
});
