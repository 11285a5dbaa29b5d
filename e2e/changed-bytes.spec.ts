import { readFileSync } from "node:fs";
import { readLogPath } from "@/lib/log/tile-path";
import { changeEveryByte, compareInBrowser, startVerifier } from "./fixtures/browser-verifier";
import { CONNECT_FOUR, bytesAt, loggedClaim, shortestClaim } from "./fixtures/logged-claim";
import { database, expect, test } from "./fixtures/sign-in";

/** Letters that nobody signs: names of fields that are not read or may be absent, and of observers that are not listed. */
const MOST_UNSIGNED = 40;

test.beforeEach(async ({ page }) => {
  test.setTimeout(400_000);
  await startVerifier(page);
});

for (const part of ["envelope", "bundle", "proof", "checkpoint"] as const)
  test(`every byte of a ${part} changed in the browser is rejected, or leaves payload, signer and verdict`, async ({
    page,
  }) => {
    const { sha256, leafHash } = await shortestClaim();
    const addresses = {
      envelope: `/log/1/envelope/${sha256}`,
      bundle: `/log/1/bundle/${leafHash}`,
      proof: `/log/1/proof/${leafHash}`,
      checkpoint: "/log/1/checkpoint",
    };
    const bytes = await bytesAt(page, addresses[part]);
    const { isAccepted, verdict, accepted, rejected } = await changeEveryByte(page, { name: part, bytes });
    expect(isAccepted).toBe(true);
    expect(accepted.filter((changed) => changed.verdict !== verdict)).toEqual([]);
    expect(rejected + accepted.length).toBe(bytes.length);
    expect(accepted.length).toBeLessThan(MOST_UNSIGNED);
  });

test("every byte of a model's file changed in the browser is rejected", async ({ page }) => {
  const { leafHash } = await loggedClaim();
  const bundle = await bytesAt(page, `/log/1/bundle/${leafHash}`);
  const beside = [{ name: "bundle", base64: bundle.toString("base64") }];
  const card = readFileSync(`${CONNECT_FOUR}/README.md`);
  const whole = await changeEveryByte(page, { name: "README.md", bytes: card }, { beside });
  expect(whole).toMatchObject({ isAccepted: true, accepted: [], rejected: card.length });

  // The weights are too long for every byte: their ends, and one in a thousand between.
  const weights = readFileSync(`${CONNECT_FOUR}/model.onnx`);
  const places = Array.from(weights, (_, at) => at).filter(
    (at) => at < 32 || at >= weights.length - 32 || at % 997 === 0,
  );
  const some = await changeEveryByte(page, { name: "model.onnx", bytes: weights }, { beside, places });
  expect(some).toMatchObject({ isAccepted: true, accepted: [], rejected: places.length });
});

test("every byte of every tile changed on its way to the browser is rejected", async ({ page }) => {
  // The first two checkpoints ever published: their tiles are short, and every byte of them is tried.
  const { rows } = await database().query<{ checkpoint: string }>(
    `SELECT checkpoint FROM "LogPublished" WHERE size > 0 ORDER BY size LIMIT 2`,
  );
  const vkey = (await bytesAt(page, "/log/1/vkey")).toString().trim();
  const [kept, shown] = rows.map(({ checkpoint }) => ({ vkey, checkpoint }));
  if (!kept || !shown) throw new Error("The log has not grown yet.");

  const tiles = new Map<string, Buffer>();
  let changing: { place: string; next: number } | null = null;
  await page.context().route("**/log/1/tile/**", async (route) => {
    const place = new URL(route.request().url()).pathname.replace("/log/1/", "");
    const known = tiles.get(place) ?? Buffer.from(await (await route.fetch()).body());
    tiles.set(place, known);
    const body = Buffer.from(known);
    if (changing?.place === place) {
      const at = changing.next++ % body.length;
      body[at] = (body[at] ?? 0) ^ 1;
    }
    await route.fulfill({ body });
  });
  expect(await compareInBrowser(page, kept, shown, 1)).toEqual(["consistent"]);
  const honest = [...tiles].filter(([place]) => readLogPath(place)?.kind === "hashes");
  expect(honest.length).toBeGreaterThan(0);
  for (const [place, bytes] of honest) {
    changing = { place, next: 0 };
    const states = await compareInBrowser(page, kept, shown, bytes.length);
    expect(states.filter((state) => state !== "tiles_differ")).toEqual([]);
    expect(changing.next).toBe(bytes.length);
  }
});
