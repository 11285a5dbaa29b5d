import { expect, test } from "./fixtures/sign-in";

test("without JavaScript a visitor tries a model, and what was typed stays", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "CLD3 language detector, for long text", exact: true }).click();
  await page.getByRole("link", { name: "Try it" }).click();
  await page.getByLabel("Text").fill("Todos los seres humanos nacen libres e iguales en dignidad y derechos");
  await page.getByRole("button", { name: "Ask the model" }).click();
  await expect(page.getByRole("status")).toContainText("es");
  await expect(page.getByRole("status")).toContainText("Its record for inputs like this one");
  await expect(page.getByLabel("Text")).toHaveValue(/Todos los seres/);
});
