import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, signInAs, test } from "./fixtures/sign-in";

/** Where the demo's own seller serves a model: the one address of this machine that is called like a stranger's. */
async function servedAt(): Promise<string> {
  const port = await readFile(path.join(process.env.DATA_DIR ?? ".data", "seller-port"), "utf8");
  return `http://127.0.0.1:${port.trim()}/v1/chat/completions`;
}

async function tryText(page: Page, text: string, answer: string) {
  await page.getByRole("link", { name: "Try it" }).click();
  await page.getByLabel("Text").fill(text);
  await page.getByRole("button", { name: "Ask the model" }).click();
  await expect(page.getByRole("status")).toContainText(answer);
}

test("a seller lists a model that they serve, sees it answer, publishes it, and a visitor tries it", async ({
  page,
  context,
}) => {
  const title = `Dates by my own server ${randomUUID().slice(0, 8)}`;
  await signInAs(context, "seller");
  await page.goto("/sell");
  await page.getByRole("button", { name: "Start a draft" }).click();
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Or the address where you run it").fill(await servedAt());
  await page.getByLabel("Task", { exact: true }).first().selectOption("text-generation");
  await page.getByLabel("Input is about").selectOption("finance");
  await page.getByRole("combobox", { name: "Languages" }).fill("de");
  await page.getByLabel("Level you declare").selectOption("0.90");
  await page.getByLabel("How buyers reach you").fill("seller@example.org");
  const hosted = page.getByRole("group", { name: "Hosted access" });
  await hosted.getByLabel("Offered").selectOption("per_1000_calls");
  await hosted.getByLabel("Price").fill("0.20");
  await expect(page.getByText(/^Saved \d+ s ago$/)).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "See how it would be asked" }).click();
  await page.getByText("Write what only you know").click();
  await page.getByLabel("Name of the model").fill("german-paperwork-iso");
  await page.getByRole("button", { name: "Keep this" }).click();
  await expect(page.getByText("Kept. See it run on a few rows.")).toBeVisible();
  await page.getByLabel("Rows to see it on").fill("12. März 2004\n1.234,50 EUR");
  await page.getByRole("form", { name: "See it run" }).getByRole("button").click();
  await expect(page.getByRole("cell", { name: "2004-03-12" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "EUR 1234.50" })).toBeVisible();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Buyers find it from now on")).toBeVisible();

  await context.clearCookies();
  await page.goto(`/?q=${encodeURIComponent(title)}`);
  await page.getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByText("This model runs at the seller and")).toBeVisible();
  await tryText(page, "1. Mai 1999", "1999-05-01");
});

test("the demo's served listing says that it may change, and is tried with its record beside", async ({
  page,
}) => {
  await page.goto("/?q=served");
  await page.getByRole("link", { name: "German dates and amounts, served", exact: true }).click();
  await expect(page.getByText("This model runs at the seller and")).toBeVisible();
  await tryText(page, "12. März 2004", "2004-03-12");
  await expect(page.getByRole("status")).toContainText("Its record for inputs like this one");
});
