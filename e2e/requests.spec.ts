import { countMessages, openDealRoom, writeForm } from "./fixtures/deal-room";
import { expect, test } from "./fixtures/sign-in";

test("a form pressed twice is done once, and each further thing written in it is sent as well", async ({
  page,
  signInAs,
}) => {
  await signInAs("buyer");
  await openDealRoom(page);
  const words = `Pressed twice on ${new Date().toISOString()}`;
  const send = writeForm(page).getByRole("button", { name: /Send|Working/ });
  for (const text of [words, `${words}, and more`]) {
    await writeForm(page).getByRole("textbox").fill(text);
    await send.dblclick();
    await expect(page.getByRole("listitem").filter({ hasText: text }).last()).toBeVisible();
    await expect(writeForm(page).getByRole("textbox")).toHaveValue("");
    await expect(writeForm(page).getByRole("alert")).toHaveCount(0);
  }
  await expect.poll(() => countMessages(words)).toBe(1);
  expect(await countMessages(`${words}, and more`)).toBe(1);
});
