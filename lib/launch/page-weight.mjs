import { gzipSync } from "node:zlib";

/** How much JavaScript the public pages of an open market make a browser load. */

const LIMIT_BYTES = 165_000;

/**
 * Weighs each public page of the market at `origin`: every script that its HTML names, gzipped. Prints a
 * line for each and returns how many are within the limit and how many are not.
 */
export async function weighPages(origin, say) {
  const counts = { passed: 0, failed: 0 };
  for (const route of await publicPages(origin)) {
    const { status, bytes, files } = await weigh(origin, route);
    const isWithin = status === 200 && bytes <= LIMIT_BYTES;
    counts[isWithin ? "passed" : "failed"]++;
    const kilobytes = (bytes / 1000).toFixed(1);
    say(`  ${isWithin ? "ok  " : "FAIL"} ${route}: ${kilobytes} KB gzip in ${files} files, answer ${status}`);
  }
  return counts;
}

/** Every page that somebody without an account reads, with something on it. */
async function publicPages(origin) {
  const answer = await fetch(`${origin}/api/v1/listings?limit=4`);
  const { listings } = await answer.json();
  const [{ slug }] = listings;
  const listing = await (await fetch(`${origin}/listings/${slug}`)).text();
  const [evaluation] = listing.match(/\/evaluations\/[0-9a-f-]{36}/) ?? [];
  const [person] = listing.match(/\/people\/[\w-]+/) ?? [];
  return [
    "/",
    `/listings/${slug}`,
    `/compare?${listings.map((one) => `c=${one.slug}`).join("&")}`,
    evaluation ?? "/evaluations/none-linked",
    person ?? "/people/none-linked",
    ...["/verify", "/log", "/log/entries/0", `/listings/${slug}/statements`],
    ...["/glossary", "/sell", "/report", "/sign-in", "/sign-up", "/forgot-password"],
  ];
}

async function weigh(origin, route) {
  const page = await fetch(origin + route);
  const html = await page.text();
  const forOldBrowsers = [...html.matchAll(/<script[^>]*\bnomodule\b[^>]*>/gi)].map(([tag]) => tag).join();
  const named = new Set(html.match(/\/_next\/static\/[^"'\\ )?]+\.js/g));
  const scripts = [...named].filter((script) => !forOldBrowsers.includes(script));
  const weights = await Promise.all(
    scripts.map(async (script) => {
      const file = await fetch(origin + script);
      if (!file.ok) throw new Error(`${route} names ${script}, which answers ${file.status}.`);
      return gzipSync(Buffer.from(await file.arrayBuffer())).length;
    }),
  );
  return { status: page.status, bytes: weights.reduce((a, b) => a + b, 0), files: scripts.length };
}
