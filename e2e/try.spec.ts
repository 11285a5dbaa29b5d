import sharp from "sharp";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/sign-in";

const toTrial = async (page: Page, title: string) => {
  await page.goto("/");
  await page.getByRole("link", { name: title, exact: true }).click();
  await page.getByRole("link", { name: "Try it" }).click();
  await expect(page.getByRole("heading", { name: "Try it", level: 1 })).toBeVisible();
};
const ask = (page: Page) => page.getByRole("button", { name: "Ask the model" }).click();
const trial = (page: Page) => page.getByRole("status");

test("a visitor tries a text, sees the answer, and reads the record for inputs like it", async ({ page }) => {
  await toTrial(page, "CLD3 language detector, for long text");
  await page
    .getByLabel("Text")
    .fill("Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft begabt.");
  await ask(page);
  await expect(trial(page)).toContainText("de");
  await expect(trial(page)).toContainText("ms of computing here");
  await expect(trial(page)).toContainText("Its record for inputs like this one");
  await expect(page.getByLabel("Text")).toHaveValue(/Alle Menschen/);
});

test("what only the visitor knows decides which slices an input falls in", async ({ page }) => {
  await toTrial(page, "Short-mail spam check");
  await page.getByLabel("Text").fill("Make money fast, click here, free offer, remove me from this list");
  await ask(page);
  await expect(trial(page)).toContainText("What you left open above would decide that.");
  await page.getByLabel(/body under 1,000 characters/).selectOption("Yes");
  await ask(page);
  await expect(trial(page)).toContainText("95 % interval");
});

test("fields are asked for by name, and what is no number is said beside its field", async ({ page }) => {
  await toTrial(page, "Penguins by ruler and scales");
  const [first, second] = await page.getByRole("textbox").all();
  await first?.fill("long");
  await second?.fill("4000");
  await ask(page);
  await expect(page.getByText("Write a number.")).toBeVisible();
  await first?.fill("200");
  await ask(page);
  await expect(trial(page)).toContainText(/Adelie|Chinstrap|Gentoo/);
});

test("a picture is tried from a file", async ({ page }) => {
  await toTrial(page, "Clothing in 49 pixels");
  const picture = sharp({ create: { width: 28, height: 28, channels: 3, background: "white" } }).png();
  await page
    .getByLabel("Picture")
    .setInputFiles({ name: "white.png", mimeType: "image/png", buffer: await picture.toBuffer() });
  await ask(page);
  await expect(trial(page)).toContainText("Its answer");
  await page
    .getByLabel("Picture")
    .setInputFiles({ name: "no.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await ask(page);
  await expect(trial(page)).toContainText("It gave none");
});

test("a program asks the same over the API, and is told what is wrong", async ({ page, request }) => {
  await toTrial(page, "CLD3 language detector, for long text");
  const address = page.url().replace("/listings/", "/api/v1/listings/");
  const good = await request.post(address, {
    data: { input: { kind: "text", text: "Guten Morgen, liebe Leute" } },
  });
  expect(good.status()).toBe(200);
  const { trial: answered } = await good.json();
  expect(answered.answer.prediction).toBe("de");
  expect(answered.record.origin).toContain("Measured here");
  const other = await request.post(address, { data: { input: { kind: "image", base64: "" } } });
  expect(other.status()).toBe(422);
  expect((await other.json()).error.message).toBe('This model reads an input of the kind "text".');
});
