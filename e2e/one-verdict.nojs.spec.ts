import type { Page } from "@playwright/test";
import { formatCount, formatInterval, formatShare, levelText } from "@/lib/catalogue/cost-text";
import { type EnvelopeCell, envelopeText } from "@/lib/catalogue/standing";
import { expect, test } from "./fixtures/sign-in";

type Cost = { milliMinor: number } | { unknown: string; message: string };
type Limitation = {
  measures: Record<string, string> | null;
  figure: { of: Record<string, string>; k: number; n: number } | null;
};
type Detail = {
  slug: string;
  title: string;
  judgedLevel: number;
  evaluatedRows: number;
  envelope: (Omit<EnvelopeCell, "slice" | "name"> & { slice: string })[];
  costPer1kCorrect: Cost;
  limitations: Limitation[];
  timeline: { kind: string; text: string }[];
};
type Passport = {
  declarations: { attestations: { map: { conformance?: { rationale: string } }[] }[] };
};

async function everyListing(page: Page): Promise<Detail[]> {
  const read = async (address: string) => (await page.request.get(address)).json();
  const { listings } = (await read("/api/v1/listings?limit=50")) as { listings: Detail[] };
  expect(listings.length).toBeGreaterThan(7);
  const details: Detail[] = [];
  for (const row of listings) {
    const detail = (await read(`/api/v1/listings/${row.slug}`)) as Detail;
    // The search and the listing alone say the same.
    expect(detail.envelope).toMatchObject(row.envelope);
    expect(detail.costPer1kCorrect).toEqual(row.costPer1kCorrect);
    details.push(detail);
  }
  return details;
}

/** "Works in 3 of 8 slices" as the head of a listing says it. */
function headText(envelope: Detail["envelope"]): string {
  const filled = envelope.filter(({ verdict }) => verdict === "filled").length;
  return filled === 0
    ? `Shown to work in none of ${envelope.length} slices`
    : `Works in ${filled} of ${envelope.length} slices`;
}

const count = (envelope: Detail["envelope"], verdict: EnvelopeCell["verdict"]) =>
  envelope.filter((cell) => cell.verdict === verdict).length;

test("every listing has one verdict, one n and one level: head, slices, card, history, row, comparison, API and passport", async ({
  page,
}) => {
  test.slow();
  for (const listing of await everyListing(page)) {
    const { slug, title, envelope, evaluatedRows: n } = listing;
    // Nobody has run it: there is nothing that could differ.
    if (n === 0) continue;
    const words = envelopeText(envelope);
    const level = levelText(listing.judgedLevel);
    const verdict = `${words} at ${level}`;

    await page.goto(`/?q=${encodeURIComponent(title)}`);
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: title, exact: true }) });
    await expect(row.getByRole("img", { name: `Operating envelope: ${words}` }), slug).toHaveCount(1);
    await expect(row, slug).toContainText(`n = ${formatCount(n)}`);
    await expect(row, slug).toContainText(`at ${level}`);

    await page.goto(`/compare?c=${slug}`);
    await expect(page.getByRole("cell", { name: verdict, exact: true }), slug).toHaveCount(1);
    await expect(page.getByRole("row", { name: /^(Evidence )?Rows/ }), slug).toContainText(formatCount(n));

    await page.goto(`/listings/${slug}`);
    const main = page.getByRole("main");
    await expect(main.getByRole("img", { name: `Operating envelope: ${words}` }), slug).toHaveCount(1);
    await expect(main.getByText(headText(envelope), { exact: true }), slug).toBeVisible();
    await expect(main.getByText(new RegExp(`(of|·) ${formatCount(n)} rows`)).first(), slug).toBeVisible();
    for (const { slice, ...cell } of envelope) {
      const line = main
        .locator("section[aria-labelledby=works] li, section[aria-labelledby=breaks] li")
        .filter({ has: page.getByText(slice, { exact: true }) });
      await expect(line, `${slug}: ${slice}`).toContainText(
        `${formatCount(cell.k)} of ${formatCount(cell.n)}`,
      );
      await expect(line).toContainText(formatShare(cell.value));
      await expect(line).toContainText(formatInterval(cell.lower, cell.upper));
      await expect(line).toContainText(`base rate ${formatShare(cell.baseRate)}`);
    }
    const card = page.locator("article").filter({ hasText: new RegExp(verdict, "i") });
    expect(await card.count(), slug).toBeGreaterThan(0);
    await expect(page.locator("#history"), slug).toContainText(verdict);
    expect(
      listing.timeline.some(({ text }) => text.includes(verdict)),
      slug,
    ).toBe(true);

    const passport = (await (
      await page.request.get(`/listings/${slug}/passport.cdx.json`)
    ).json()) as Passport;
    const rationales = passport.declarations.attestations.flatMap(({ map }) =>
      map.flatMap(({ conformance }) => conformance?.rationale ?? []),
    );
    const said = `${count(envelope, "filled")} slices filled, ${count(envelope, "fails")} fail`;
    expect(
      rationales.some((text) => text.startsWith(said) && text.includes(` of ${n} right`)),
      slug,
    ).toBe(true);
  }
});

test("a figure beside a limitation counts what the limitation names, in every listing of the market", async ({
  page,
}) => {
  let figures = 0;
  for (const { slug, limitations, envelope, evaluatedRows } of await everyListing(page)) {
    for (const { measures, figure } of limitations) {
      if (!figure) continue;
      figures += 1;
      const { name, ...link } = measures ?? {};
      expect(figure.of, slug).toEqual(link);
      if (name === undefined) expect(figure.n).toBeLessThanOrEqual(evaluatedRows);
      else expect(envelope.find(({ slice }) => slice === name)).toMatchObject({ k: figure.k, n: figure.n });
    }
  }
  expect(figures).toBeGreaterThan(20);
});

test("at a reader's own level the whole page is drawn again, cards and history too", async ({ page }) => {
  await page.goto("/listings/short-mail-spam-check?level=0.95");
  const main = page.getByRole("main");
  const strip = await main.getByRole("img", { name: /^Operating envelope/ }).getAttribute("aria-label");
  const words = strip?.replace("Operating envelope: ", "") ?? "";
  await expect(main.getByText("at your level of 95 %")).toBeVisible();
  await expect(page.locator("#history")).toContainText(`${words} at 95 %`);
  const card = page.locator("article").filter({ hasText: new RegExp(`${words} at 95 %`, "i") });
  await expect(card).toHaveCount(1);
  // What was signed stays to be read, with the level it was signed at.
  await expect(card.getByText("What was signed, drawn at 80 %")).toBeVisible();
  const href = (await page.getByRole("link", { name: "Download as CSV" }).getAttribute("href")) ?? "";
  const lines = (await (await page.request.get(href)).text()).split("\r\n");
  expect(lines.filter((line) => line.includes(",0.95,filled,"))).toHaveLength(
    Number(/works in (\d+|none)/.exec(words)?.[1]) || 0,
  );
});

test("without JavaScript a buyer works out the cost for a volume of their own, and is told what cannot be read", async ({
  page,
}) => {
  await page.goto("/listings/short-mail-spam-check");
  const price = page.getByRole("complementary", { name: "Price and terms" });
  const shown = () => price.locator("dd", { hasText: "€" }).first().innerText();
  const usual = await shown();
  await price.getByText("At 100,000 calls a month for 12 months").click();
  await price.getByLabel("Calls a month").fill("1,000");
  await price.getByRole("button", { name: "Work it out" }).click();
  await expect(page).toHaveURL(/calls=1%2C000/);
  await expect(price.getByText("At 1,000 calls a month for 12 months")).toBeVisible();
  expect(await shown()).not.toBe(usual);
  // It goes along to a comparison.
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await expect(page.getByLabel("Calls a month")).toHaveValue("1000");

  await page.goto("/listings/short-mail-spam-check?calls=many&level=0.80");
  await expect(price.getByText("Write a whole number from 1 to 1,000,000,000.")).toBeVisible();
  await expect(price.getByLabel("Calls a month")).toHaveValue("many");
  await price.getByLabel("Calls a month").fill("5000");
  await price.getByRole("button", { name: "Work it out" }).click();
  await expect(page).toHaveURL(/level=0.8/);
  await expect(page.getByText("at your level of 80 %")).toBeVisible();

  await page.goto("/compare?c=short-mail-spam-check&calls=0");
  await expect(page.getByText("Write a whole number from 1 to 1,000,000,000.")).toBeVisible();
});

test("every row of a table of figures has a cell under each heading, on listings and records alone", async ({
  page,
}) => {
  for (const { slug, evaluatedRows } of await everyListing(page)) {
    // Where nobody has signed a figure, there is no table of them.
    if (evaluatedRows === 0) continue;
    await page.goto(`/listings/${slug}`);
    const record = await page.getByRole("link", { name: "This record alone" }).first().getAttribute("href");
    for (const address of [`/listings/${slug}`, record ?? ""]) {
      await page.goto(address);
      const tables = await page
        .locator("table")
        .evaluateAll((found) =>
          (found as HTMLTableElement[]).map((table) => [...table.rows].map((row) => row.cells.length)),
        );
      expect(tables.length, address).toBeGreaterThan(0);
      for (const cells of tables) expect(new Set(cells).size, address).toBe(1);
    }
  }
});
