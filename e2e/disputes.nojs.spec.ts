import { expect, test } from "./fixtures/sign-in";

test("anybody reports a page without JavaScript, and nothing typed is lost on a mistake", async ({
  page,
}) => {
  await page.goto("/report?about=/glossary");
  await page.getByLabel("What is it about?").selectOption("page_broken");
  await page.getByLabel("What is wrong?").fill("          short    ");
  await page.getByRole("button", { name: "Send the report" }).click();
  await expect(page.getByText("Describe it in at least ten characters.")).toBeVisible();
  await page.getByLabel("What is wrong?").fill("The third entry of the list is cut off.");
  await page.getByLabel("What is it about?").selectOption("page_broken");
  await page.getByRole("button", { name: "Send the report" }).click();
  await expect(page.getByText("A moderator will read this.")).toBeVisible();
});

test("a moderator closes a report without JavaScript", async ({ page, signInAs }) => {
  await page.goto("/report?about=/sign-up");
  await page.getByLabel("What is it about?").selectOption("other");
  await page.getByLabel("What is wrong?").fill("A note for the journey without scripts.");
  await page.getByRole("button", { name: "Send the report" }).click();
  await signInAs("moderator");
  await page.goto("/moderation");
  await page.getByRole("listitem").filter({ hasText: "without scripts" }).first().getByRole("link").click();
  await page.getByRole("listitem").filter({ hasText: "without scripts" }).getByRole("link").click();
  await page.getByLabel("Outcome").selectOption("dismissed");
  await page.getByLabel("Reason", { exact: true }).fill("Nothing needs doing about a note.");
  await page.getByRole("button", { name: "Close the report" }).click();
  await expect(page.getByText("Dismissed: Nothing needs doing about a note.")).toBeVisible();
  await page.getByRole("link", { name: "Everything reported here" }).click();
  await expect(page.getByText("Everything reported here has been decided.")).toBeVisible();
});
