import { countMessages, openDealRoom, writeForm } from "./fixtures/deal-room";
import { expect, test } from "./fixtures/sign-in";

test("without JavaScript a form sent twice is done once, and with other words it is refused and says so", async ({
  page,
  signInAs,
}) => {
  await signInAs("buyer");
  await openDealRoom(page);
  const words = `Sent twice on ${new Date().toISOString()}`;
  await writeForm(page).getByRole("textbox").fill(words);
  const sending = page.waitForRequest((request) => request.method() === "POST");
  await writeForm(page).getByRole("button", { name: "Send" }).dblclick();
  const sent = await sending;
  await expect(page.getByText("Sent.", { exact: true })).toBeVisible();
  expect(await countMessages(words)).toBe(1);

  // The browser sends the form again, as it stands in its history.
  await page.reload();
  await expect(page.getByText("Sent.", { exact: true })).toBeVisible();
  expect(await countMessages(words)).toBe(1);

  const body = sent.postData() ?? "";
  const contentType = sent.headers()["content-type"] ?? "";
  const post = async (changed: string) => {
    const headers = { origin: new URL(page.url()).origin, "content-type": contentType };
    return (await page.request.post(sent.url(), { headers, data: changed })).text();
  };
  expect(await post(body)).toContain("Sent.");
  expect(await post(body.replace(words, `${words}, changed`))).toContain(
    "This was sent before, and differs now in body.",
  );
  expect(await countMessages(`${words}, changed`)).toBe(0);
  expect(await post(body.replace('"requestKey"', '"nothing"'))).toContain("Some answers need another look.");
  expect(await countMessages(words)).toBe(1);

  // Nothing private is kept by a browser: going back shows the deal as it is now, with the message in it.
  await page.goBack();
  await expect(page.getByRole("listitem").filter({ hasText: words })).toHaveCount(1);
});
