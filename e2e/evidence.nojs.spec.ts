import { database, expect, test } from "./fixtures/sign-in";

test("without JavaScript nothing claims to be checked, and the envelope is one link away", async ({
  page,
}) => {
  const { rows } = await database().query<{ id: string }>(
    `SELECT id FROM "Evaluation" WHERE "listingId" IS NOT NULL AND "envelopeSha256" IS NOT NULL LIMIT 1`,
  );
  await page.goto(`/evaluations/${rows[0]?.id}`);
  await expect(page.getByRole("group", { name: "Signature", exact: true })).toContainText(
    "not checked: needs JavaScript",
    { useInnerText: true },
  );
  await expect(page.getByText(/verified here/)).toHaveCount(0);
  const link = page.locator("noscript a", { hasText: "check the envelope yourself" });
  const href = await link.getAttribute("href");
  const response = await page.request.get(href ?? "");
  expect(await response.json()).toMatchObject({ payloadType: "application/vnd.in-toto+json" });
});
