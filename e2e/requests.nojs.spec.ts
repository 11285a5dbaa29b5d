import { database, expect, test } from "./fixtures/sign-in";

/** Rows that this journey left, by the words that only it writes. */
async function countMessages(words: string): Promise<number> {
  const { rows } = await database().query<{ count: string }>(
    `SELECT count(*) FROM "DealMessage" WHERE body = $1`,
    [words],
  );
  return Number(rows[0]?.count);
}

test("without JavaScript a form sent twice is done once, and with other words it is refused and says so", async ({
  page,
  signInAs,
}) => {
  await signInAs("buyer");
  await page.goto("/deals");
  await page.locator('a[href^="/deals/"]:not([href="/deals/statement"])').first().click();
  const words = `Sent twice on ${new Date().toISOString()}`;
  const form = page.getByRole("form", { name: /^Write to / });
  await form.getByLabel(/^Write to /).fill(words);
  const [sent] = await Promise.all([
    page.waitForRequest((request) => request.method() === "POST"),
    form.getByRole("button", { name: "Send" }).click(),
  ]);
  await expect(page.getByText("Sent.", { exact: true })).toBeVisible();
  const body = sent.postData() ?? "";
  expect(body).toContain('name="requestKey"');

  const headers = {
    origin: new URL(page.url()).origin,
    "content-type": sent.headers()["content-type"] ?? "",
  };
  const again = await page.request.post(sent.url(), { headers, data: body });
  expect(await again.text()).toContain("Sent.");
  expect(await countMessages(words)).toBe(1);

  const other = await page.request.post(sent.url(), {
    headers,
    data: body.replace(words, `${words}, changed`),
  });
  expect(await other.text()).toContain("This was sent before, and differs now in body.");
  expect(await countMessages(`${words}, changed`)).toBe(0);

  const none = await page.request.post(sent.url(), {
    headers,
    data: body.replace('"requestKey"', '"nothing"'),
  });
  expect(await none.text()).toContain("Some answers need another look.");
  expect(await countMessages(words)).toBe(1);

  await page.goBack();
  const kept = page.getByRole("form", { name: /^Write to / });
  await kept.getByLabel(/^Write to /).fill(words);
  await kept.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("form", { name: /^Write to / })).toBeVisible();
  expect(await countMessages(words)).toBeLessThanOrEqual(2);
});
