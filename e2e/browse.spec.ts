import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/sign-in";

const rows = (page: Page) => page.getByRole("region", { name: "Listings" }).getByRole("row");
const titles = async (page: Page) =>
  page.getByRole("region", { name: "Listings" }).locator("a[href^='/listings/']").allTextContents();
const total = (page: Page) => page.getByRole("region", { name: "Listings" }).getByRole("status");

test("a buyer filters by niche, cost and an excluded limit, compares, and finds the way back", async ({
  page,
}) => {
  await page.goto("/");
  await expect(total(page)).toHaveText(/^\d+ listings$/);
  const before = await titles(page);

  await page
    .getByRole("group", { name: "Task" })
    .getByRole("checkbox", { name: /^Text classification/ })
    .check();
  await expect(page).toHaveURL("/?task=text-classification");
  await expect(total(page)).not.toHaveText(`${before.length} listings`);

  await page.getByLabel("Cost per 1,000 correct").selectOption("50");
  await expect(page).toHaveURL(/maxCostPer1kCorrectMinor=50/);

  const excluded = page.getByRole("group", { name: "Must not break on" });
  await excluded.getByRole("checkbox", { name: /^HTML input/ }).check();
  await expect(page).toHaveURL(/excludeLimitation=html_input/);
  const left = await titles(page);
  expect(left.length).toBeGreaterThan(1);
  expect(left).not.toContain("Short-mail spam check");
  await expect(rows(page).filter({ hasText: "HTML input: not stated" })).toHaveCount(left.length);

  for (const title of left.slice(0, 2))
    await page.getByRole("checkbox", { name: `Compare ${title}` }).check();
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("heading", { name: "Compare" })).toBeVisible();
  for (const title of left.slice(0, 2))
    await expect(page.getByRole("columnheader", { name: title })).toBeVisible();

  await page.goBack();
  await expect(excluded.getByRole("checkbox", { name: /^HTML input/ })).toBeChecked();
  expect(await titles(page)).toEqual(left);
});

test("reloading, a shared address and a step back show the same rows and the same choices", async ({
  page,
  context,
}) => {
  await page.goto("/?task=text-classification&sort=price");
  const shown = await titles(page);
  await page.reload();
  expect(await titles(page)).toEqual(shown);
  const other = await context.newPage();
  await other.goto(page.url());
  expect(await titles(other)).toEqual(shown);

  await page.getByRole("link", { name: "Remove Text classification" }).click();
  await expect(page).toHaveURL("/?sort=price");
  const checkbox = page
    .getByRole("group", { name: "Task" })
    .getByRole("checkbox", { name: /^Text classification/ });
  await expect(checkbox).not.toBeChecked();
  await page.goBack();
  await expect(checkbox).toBeChecked();
  await expect.poll(() => titles(page)).toEqual(shown);
});

test("the number beside an option is the number of listings one gets by choosing it", async ({ page }) => {
  await page.goto("/");
  const options = page.getByRole("group", { name: "Domain" }).getByRole("checkbox");
  for (const option of (await options.all()).slice(0, 4)) {
    const value = await option.getAttribute("value");
    const label = await option.locator("xpath=..").innerText();
    const count = Number(/(\d+)\s*$/.exec(label)?.[1]);
    const answer = await page.request.get(`/api/v1/listings?domain=${value}`);
    expect((await answer.json()).total, label).toBe(count);
  }
});

test("typing searches without leaving the box, and one step back leads out of it", async ({ page }) => {
  await page.goto("/glossary");
  await page.goto("/");
  const box = page.getByRole("searchbox", { name: "Search listings" });
  await box.pressSequentially("spam", { delay: 30 });
  await expect(page).toHaveURL("/?q=spam");
  await expect(box).toBeFocused();
  await expect.poll(() => titles(page)).toContain("Short-mail spam check");
  await page.goBack();
  await expect(page).toHaveURL("/glossary");
});

test("nothing found names the choice to give up", async ({ page }) => {
  await page.goto("/?task=translation&domain=e-mail");
  await expect(page.getByRole("heading", { name: "Nothing matches all of this" })).toBeVisible();
  await page.getByRole("link", { name: "With any task" }).click();
  await expect(page).toHaveURL("/?domain=e-mail");
  await expect(total(page)).toHaveText(/^[1-9]\d* listings?$/);
});

test("half a word finds the closest titles when nothing has it", async ({ page }) => {
  await page.goto("/?q=spamm");
  await expect(page.getByRole("link", { name: "Short-mail spam check" })).toBeVisible();
});

for (const junk of [
  "?task=nope&limit=-3&sort=%00&cursor=zzz&foo[]=1",
  "?maxPriceMinor=NaN&maxPriceMinor=2&minEvidence=everything",
  `?q=${"%F0%9F%A6%84".repeat(80)}`,
  "?q=%27%22%3B%20DROP%20TABLE%20--&language=%00&__proto__=1",
  "?cursor=WyJjb3N0IiwiOTk5OTk5OTk5OTk5OTk5OTk5OSIsIjEiXQ",
])
  test(`junk in the address gives a page with defaults: ${junk.slice(0, 50)}`, async ({ page }) => {
    const answer = await page.goto(`/${junk}`);
    expect(answer?.status()).toBe(200);
    await expect(total(page)).toHaveText(/listings?$/);
  });

test("an address with a byte that nothing here has leads nowhere, and is no fault of ours", async ({
  request,
}) => {
  for (const path of ["/deals/%00", "/listings/%00", "/api/v1/listings/%00", "/people/a%00"])
    expect((await request.get(path)).status()).toBe(404);
});

test("the API answers in its shape, walks every page once and refuses what it does not know by name", async ({
  request,
}) => {
  const all = await (await request.get("/api/v1/listings?limit=100")).json();
  expect(Object.keys(all)).toEqual(["listings", "facets", "total", "nextCursor"]);
  const [first] = all.listings;
  expect(first).toMatchObject({
    id: expect.any(String),
    slug: expect.any(String),
    evidenceGrade: expect.any(String),
    price: { minor: expect.any(Number), currency: "EUR" },
  });
  expect(Object.keys(first.envelope[0])).toEqual([
    ...["slice", "id", "sellerName", "condition", "n", "clusters"],
    ...["value", "lower", "upper", "interval", "verdict"],
  ]);
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page = await (await request.get(`/api/v1/listings?limit=2${cursor && `&cursor=${cursor}`}`)).json();
    seen.push(...page.listings.map((listing: { slug: string }) => listing.slug));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(all.listings.map((listing: { slug: string }) => listing.slug));
  for (const [address, parameter] of [
    ["/api/v1/listings?colour=red", "colour"],
    ["/api/v1/listings?limit=0", "limit"],
    ["/api/v1/listings?task=a-task", "task"],
    [`/api/v1/listings/${first.slug}?x=1`, "x"],
  ] as const) {
    const refused = await request.get(address);
    expect(refused.status()).toBe(400);
    expect((await refused.json()).error.parameter).toBe(parameter);
  }
  const detail = await request.get(`/api/v1/listings/${first.slug}`);
  expect(detail.headers()["access-control-allow-origin"]).toBe("*");
  expect((await detail.json()).slug).toBe(first.slug);
  const { attestations } = await (await request.get(`/api/v1/listings/${first.slug}/attestations`)).json();
  expect(attestations[0].envelope.payloadType).toBe("application/vnd.in-toto+json");
  expect((await request.get("/api/v1/listings/nothing-of-this-name")).status()).toBe(404);
});

test("a listing shows where it works and where it breaks first, and a reader's own level redraws it", async ({
  page,
}) => {
  await page.goto("/listings/short-mail-spam-check");
  const headings = await page.getByRole("heading", { level: 2 }).allTextContents();
  expect(headings.slice(0, 2)).toEqual(["Works here", "Breaks here"]);
  const declared = await page
    .getByRole("img", { name: /^Operating envelope/ })
    .first()
    .getAttribute("aria-label");
  await page.getByText("Use my own level").click();
  await page.getByRole("button", { name: "99 %" }).click();
  await expect(page).toHaveURL(/level=0.99/);
  await expect(page.getByText("at your level of 99 %")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Operating envelope/ }).first()).not.toHaveAttribute(
    "aria-label",
    declared ?? "",
  );
});

test("a listing that was watched stands on the watch list, and on nobody else's", async ({
  page,
  signInAs,
}) => {
  await signInAs("buyer");
  await page.goto("/listings/clothing-in-49-pixels");
  await page.getByRole("button", { name: "Watch", exact: true }).click();
  await expect(page.getByRole("button", { name: "Stop watching" })).toBeVisible();
  await page.goto("/watched");
  await expect(page.getByRole("link", { name: "Clothing in 49 pixels" })).toBeVisible();
  await signInAs("evaluator");
  await page.goto("/watched");
  await expect(page.getByText("You watch nothing yet")).toBeVisible();
  await signInAs("buyer");
  await page.goto("/listings/clothing-in-49-pixels");
  await page.getByRole("button", { name: "Stop watching" }).click();
  await expect(page.getByRole("button", { name: "Watch", exact: true })).toBeVisible();
});

test("a comparison can be narrowed to what differs and taken away as CSV", async ({ page, request }) => {
  const address = "/compare?c=short-mail-spam-check&c=software-shelf-from-one-line";
  await page.goto(address);
  const all = await page.getByRole("row").count();
  await page.getByRole("link", { name: "Differences only" }).click();
  await expect(page).toHaveURL(/only=differences/);
  expect(await page.getByRole("row").count()).toBeLessThan(all);
  const csv = await request.get(address.replace("/compare", "/compare/csv"));
  expect(csv.headers()["content-type"]).toContain("text/csv");
  expect(await csv.text()).toContain("Short-mail spam check,Software shelf from one line");
  await page.goto("/compare?c=no-such-listing&c=%00");
  await expect(page.getByText("Nothing to compare yet")).toBeVisible();
});

test("a listing nobody published does not exist", async ({ page }) => {
  const answer = await page.goto("/listings/nothing-of-this-name");
  expect(answer?.status()).toBe(404);
});
