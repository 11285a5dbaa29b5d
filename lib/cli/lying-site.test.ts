import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestKey, makeTestKey, usageStatement } from "@/lib/evidence/statements.fixture";
import { type Market, entryOf, newFolder, offcutHere, openMarket, publish } from "./market.fixture";

const folders: string[] = [];
const modelDigest = "c".repeat(64);
let here = "";
let market: Market;
let key: TestKey;

const run = (...args: string[]) => offcutHere(here, ...args);
const entry = async (calls: number, by = key) =>
  entryOf(await by.sign(usageStatement("acc-1", modelDigest, calls)), by);
const entries = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => entry(at + 1)));

beforeAll(async () => {
  key = await makeTestKey();
  market = await openMarket();
});
afterAll(async () => {
  await market.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  here = newFolder();
  folders.push(here);
  market.published = await publish([]);
  market.listed = [];
  market.withheld.clear();
  market.tamper = () => undefined;
});

/** The site's own list as it would stand at another size of the log. */
async function listAt(logSize: string, count: number): Promise<string> {
  const answer = await fetch(`${market.url}/api/v1/models/${modelDigest}/statements`);
  const list = (await answer.json()) as { statements: object[] };
  return JSON.stringify({ ...list, statements: list.statements.slice(0, count), total: count, logSize });
}

test("a site's list that ends before the log does is never called the same", async () => {
  await market.show(...(await entries(4)));
  for (const [logSize, count] of [
    ["0", 0],
    ["3", 3],
  ] as const) {
    const list = await listAt(logSize, count);
    market.tamper = (asked) => (asked.endsWith("/statements") ? list : undefined);
    const { code, out } = await run("monitor", market.url, "--model", modelDigest, "--once");
    expect([code, out]).toEqual([
      4,
      expect.stringContaining(`the site's own list ends at ${logSize} of 4 entries`),
    ]);
    expect(out).not.toContain("is the same");
    market.tamper = () => undefined;
  }
});

test("a site's list that goes on beyond the log leaves out none of its entries, and is not called the same", async () => {
  await market.show(...(await entries(4)));
  const [whole, short] = [await listAt("9", 4), await listAt("9", 3)];
  market.tamper = (asked) => (asked.endsWith("/statements") ? whole : undefined);
  const later = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([later.code, later.out]).toEqual([0, expect.stringContaining("its counts were not compared")]);
  expect(later.out).not.toContain("is the same");
  market.tamper = (asked) => (asked.endsWith("/statements") ? short : undefined);
  const omits = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([omits.code, omits.out]).toEqual([1, expect.stringContaining("the site leaves out entry 3")]);
});

test("a bundle whose parts have the wrong form fails as malformed, and stops nothing", async () => {
  const dsseEnvelope = { payload: "", payloadType: "x", signatures: [] };
  for (const verificationMaterial of ["certificate", 7, null, []]) {
    writeFileSync(path.join(here, "odd.json"), JSON.stringify({ verificationMaterial, dsseEnvelope }));
    const { code, out } = await run("verify", "odd.json");
    expect([code, out]).toEqual([1, expect.stringContaining("its parts contradict each other")]);
  }
});
