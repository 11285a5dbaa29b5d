import { randomUUID } from "node:crypto";
import { spamCard, spamRows } from "./fixtures/evaluation-rows";
import { expect, signInAs, test } from "./fixtures/sign-in";

test("a seller lists a model from its card and an evaluation file, and finds it in browse", async ({
  page,
  context,
}) => {
  const title = `Short mail caller ${randomUUID().slice(0, 8)}`;
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByLabel("Model card", { exact: false }).fill(spamCard(title));
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText(/What was not used/)).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Languages" })).toHaveValue("en");

  await page.getByLabel("Choose files or drop them here").setInputFiles([
    { name: "vocabulary.txt", mimeType: "text/plain", buffer: Buffer.from("mail\nspam\n") },
    {
      name: "model.pkl",
      mimeType: "application/octet-stream",
      buffer: Buffer.from([0x80, 4, 0x8c, 1, 0x61, 0x94, 0x2e]),
    },
  ]);
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText(/model\.pkl was not kept/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Change" })).toHaveCount(1);

  const evaluation = page.getByRole("form", { name: "Add an evaluation" });
  await evaluation.getByLabel("What the rows are").fill("600 mails of May 2026");
  await evaluation
    .getByLabel("File of rows")
    .setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from(spamRows()) });
  await evaluation.getByRole("button", { name: "Count these rows" }).click();
  await expect(page.getByText("Works in 1 of 2 slices, 1 fail")).toBeVisible();
  await expect(page.getByText("Measured to fall short")).toBeVisible();
  await page.getByLabel("In your words").first().fill("Mostly newsletters.");
  await page.getByRole("button", { name: "Sign this record" }).click();
  await expect(page.getByText(/Signed\. It cannot be changed/)).toBeVisible();

  await page.getByLabel("Input is about").selectOption("e-mail");
  await page.getByLabel("Level you declare").selectOption("0.90");
  await page.getByLabel("How buyers reach you").fill("seller@example.org");
  const weights = page.getByRole("group", { name: "Weights" });
  await weights.getByLabel("Offered").selectOption("one_off");
  await weights.getByLabel("Price").fill("90");
  await expect(page.getByText(/^Saved \d+ s ago$/)).toBeVisible();

  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByText("Nobody but you sees this page")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Works here" })).toBeVisible();
  await page.getByRole("link", { name: "Back to the draft" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Buyers find it from now on")).toBeVisible();

  await context.clearCookies();
  await page.goto(`/?q=${encodeURIComponent(title)}`);
  await page.getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText("Signed by the seller").first()).toBeVisible();
  // The measured sentence has its figure, and the seller's words stand beside it as theirs.
  const limits = page.locator("#limits");
  await expect(limits.getByText("In the seller’s words: “Mostly newsletters.”")).toBeVisible();
  await expect(
    limits.getByText(/^\d+\.\d – \d+\.\d \(Wilson 95 %\), \d+ of \d+\. Signed by the seller, /).first(),
  ).toBeVisible();
});

test("two windows on one draft cannot overwrite each other, and both versions are kept", async ({
  page,
  context,
}) => {
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page).toHaveURL(/\/sell\/[0-9a-f-]{36}$/);
  const other = await context.newPage();
  await other.goto(page.url());
  await page.getByLabel("Title").fill("Written in the first window");
  await expect(page.getByText(/^Saved \d+ s ago$/)).toBeVisible();
  await other.getByLabel("Title").fill("Written in the second window");
  await expect(other.getByText(/saved in another window/)).toBeVisible();
  await expect(other.getByLabel("Title")).toHaveValue("Written in the second window");
  const first = page.url();
  await other.getByRole("button", { name: "Keep mine as a second draft" }).click();
  await expect(other).not.toHaveURL(first);
  await expect(other.getByLabel("Title")).toHaveValue("Written in the second window");
  await page.reload();
  await expect(page.getByLabel("Title")).toHaveValue("Written in the first window");
});

test("words typed while the connection is gone stay and are saved when it is back", async ({
  page,
  context,
}) => {
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page).toHaveURL(/\/sell\/[0-9a-f-]{36}$/);
  await expect(page.getByText("Everything is saved.")).toBeVisible();
  await context.setOffline(true);
  await page.getByLabel("Title").fill("Typed on a train");
  await expect(page.getByText(/No connection\. Every word is kept/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/^Saved \d+ s ago$/)).toBeVisible({ timeout: 15_000 });
  await page.reload();
  await expect(page.getByLabel("Title")).toHaveValue("Typed on a train");
});

test("a draft thrown away can be brought back, and nobody else can open it", async ({ page, context }) => {
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page).toHaveURL(/\/sell\/[0-9a-f-]{36}$/);
  const address = page.url();
  await page.getByRole("button", { name: "Discard this draft" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page).toHaveURL(address);
  await signInAs(context, "buyer");
  const foreign = await page.goto(address);
  expect(foreign?.status()).toBe(404);
  const draft = address.split("/").at(-1) ?? "";
  const answer = await page.evaluate(
    async (id) => (await fetch(`/api/uploads?draft=${id}&name=a.txt`, { method: "POST", body: "x" })).status,
    draft,
  );
  expect(answer).toBe(404);
});
