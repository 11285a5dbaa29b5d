import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type DemoPerson, expect, test } from "./fixtures/sign-in";

type Place = { path: string; as?: DemoPerson; follow?: RegExp };

/** Every page in its main states. `follow` opens the first link on it that matches. */
const places: readonly Place[] = [
  { path: "/" },
  { path: "/?q=nothing-is-called-this" },
  { path: "/?minEvidence=platform_measured&sort=price&task=text-classification" },
  { path: "/", follow: /^\/listings\/[^/?]+$/ },
  { path: "/compare" },
  { path: "/glossary" },
  { path: "/sign-in" },
  { path: "/sign-up" },
  { path: "/reset-password" },
  { path: "/report?about=/" },
  { path: "/mailbox" },
  { path: "/nowhere" },
  { path: "/people/demo-seller" },
  { path: "/watched", as: "buyer" },
  { path: "/account", as: "buyer" },
  { path: "/deals", as: "buyer" },
  { path: "/deals", as: "buyer", follow: /^\/deals\/[0-9a-f-]{36}$/ },
  { path: "/deals", as: "seller", follow: /^\/deals\/[0-9a-f-]{36}$/ },
  { path: "/deals/statement", as: "seller" },
  { path: "/licences", as: "buyer" },
  { path: "/sell", as: "seller" },
  { path: "/sell", as: "evaluator" },
  { path: "/", as: "buyer", follow: /^\/listings\/[^/?]+$/ },
  { path: "/moderation", as: "moderator" },
  { path: "/moderation/audit", as: "moderator" },
  { path: "/moderation/accounts", as: "administrator" },
];

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} (${node.failureSummary ?? ""})`),
  );
}

async function open(page: Page, { path, follow }: Place): Promise<void> {
  await page.goto(path);
  if (!follow) return;
  const addresses = await page.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const address = addresses.find((href) => href && follow.test(href));
  if (!address) throw new Error(`${path} has no link like ${follow}`);
  await page.goto(address);
}

for (const place of places) {
  const name = `${place.path}${place.follow ? ` → ${place.follow.source}` : ""}${place.as ? ` as ${place.as}` : ""}`;
  test(`axe finds nothing on ${name}, light and dark, and it fits a phone`, async ({ page, signInAs }) => {
    if (place.as) await signInAs(place.as);
    await open(page, place);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violationsOf(page), colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, "pixels wider than a phone of 320").toBeLessThanOrEqual(0);
  });
}
