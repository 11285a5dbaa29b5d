import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { keyStatement } from "@/lib/statements/kinds/key";
import { roleStatement } from "@/lib/statements/kinds/role";
import { replyStatement } from "@/lib/statements/reply-statement";
import { speakerMessages } from "@/lib/statements/speaker-fault";
import type { Statement } from "@/lib/statements/statement";
import { type TestKey, makeTestKey, revocationOf, usageStatement } from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import {
  type Market,
  bundleOf,
  entryOf,
  leafOf,
  newFolder,
  offcutHere,
  openMarket,
  proofOf,
  publish,
} from "./market.fixture";

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
  writeFileSync(path.join(here, "trust.pem"), key.publicPem);
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

test("a bundle that cannot be read hides no other entry: it is reported as unavailable", async () => {
  const logged = await entries(3);
  await market.show(...logged);
  const spoilt = logged.slice(1, 2).map(leafOf).join();
  for (const answer of ["no JSON", new Uint8Array([0x22, 0xff, 0x22]), new Uint8Array(20_000_001)]) {
    market.tamper = (asked) => (asked.endsWith(`/bundle/${spoilt}`) ? answer : undefined);
    const { code, out } = await run("monitor", market.url, "--once");
    expect([code, out]).toEqual([4, expect.stringContaining("payload unavailable: entry 1")]);
    expect(out).toContain("All 2 statements of the log");
  }
});

test("an entry that was withheld at first gets its line when it is given out", async () => {
  const logged = await entries(3);
  await market.show(...logged);
  market.withheld.set(logged.slice(0, 1).map(leafOf).join(), 404);
  const fork = await publish([await entry(70), ...logged]);
  let looks = 0;
  market.tamper = (asked) => {
    if (asked.endsWith("/checkpoint")) looks += 1;
    if (looks === 3) market.withheld.clear();
    if (looks === 5) market.published = fork;
    return undefined;
  };
  const { code, out } = await run("monitor", market.url, "--interval", "1");
  expect(code).toBe(6);
  const lines = out.split("\n").filter((line) => line.includes("Signed by"));
  expect(lines.map((line) => line.trim().charAt(0))).toEqual(["1", "2", "0"]);
}, 60_000);

test("a bundle, proof or checkpoint of another history than the log's own is found out, and beyond it left open", async () => {
  const logged = await entries(6);
  await market.show(...logged.slice(0, 4));
  const [target] = logged as [(typeof logged)[number]];
  // The log has no tiles of a larger tree, so nobody can tell whether it will grow into that one.
  for (const [size, ending, said] of [
    [3, 6, "not one history"],
    [5, 4, "could not be checked"],
  ] as const) {
    const fork = await publish([target, await entry(80), ...logged.slice(2, size)]);
    const parts = {
      bundle: [`bundle/${leafOf(target)}`, await bundleOf(fork, target), []],
      proof: [`proof/${leafOf(target)}`, await proofOf(fork, target), ["--leaf", leafOf(target)]],
      note: ["note", fork.note, []],
    } as const;
    for (const [name, [place, text, more]] of Object.entries(parts)) {
      market.tamper = (asked) => (asked.endsWith(place) ? text : undefined);
      const served = await run(
        "verify",
        `${market.url}/log/1/${place}`,
        ...more,
        "--state",
        `${name}${size}`,
      );
      expect([served.code, served.err + served.out], `${name} of ${size}`).toEqual([
        ending,
        expect.stringContaining(said),
      ]);
      writeFileSync(path.join(here, name), text);
      const held = ["--trust", "trust.pem", "--log", market.url, "--state", `file-${name}${size}`];
      market.tamper = () => undefined;
      expect((await run("verify", name, ...more, ...held)).code, `${name} of ${size}`).toBe(ending);
    }
  }
});

test("a proof under a checkpoint that cannot be held against the log is not verified", async () => {
  const logged = await entries(4);
  await market.show(...logged.slice(0, 3));
  market.listed = logged.slice(0, 1);
  const [target] = logged as [(typeof logged)[number]];
  const later = await publish(logged);
  const proof = await proofOf(later, target);
  market.tamper = (asked) => (asked.endsWith(`proof/${leafOf(target)}`) ? proof : undefined);
  const { code, out } = await run("verify", `${market.url}/listings/a-model`);
  expect([code, out]).toEqual([4, expect.stringContaining("could not be checked")]);
});

test("a listing that names no statement is not verified, and what was not asked of the log is said", async () => {
  await market.show(...(await entries(1)));
  const { code, out } = await run("verify", `${market.url}/listings/a-model`);
  expect([code, out]).toEqual([4, expect.stringContaining("the site names no signed statement")]);
  expect(out).toContain(`offcut monitor ${market.url} --model DIGEST`);
});

test("the files of one version are right beside statements about another, and files of none are not", async () => {
  const digests: string[] = [];
  for (const version of ["v1", "v2"]) {
    mkdirSync(path.join(here, version));
    writeFileSync(path.join(here, version, "weights.onnx"), version);
    await run("hash", version, "--manifest", `${version}.json`);
    const manifest = readFileSync(path.join(here, `${version}.json`), "utf8");
    digests.push(hexDigest(manifest));
    market.manifests.set(hexDigest(manifest), manifest);
  }
  const sign = async (digest: string) => entryOf(await key.sign(usageStatement("acc-1", digest)), key);
  market.listed = await Promise.all(digests.map(sign));
  await market.show(...market.listed);
  const held = ["verify", `${market.url}/listings/a-model`, "--files"];
  expect([(await run(...held, "v1")).code, (await run(...held, "v2")).code]).toEqual([0, 0]);
  writeFileSync(path.join(here, "v2", "weights.onnx"), "v3");
  expect((await run(...held, "v2")).code).toBe(1);
});

test("a log that was set back is refused for ever, however many smaller looks it shows", async () => {
  const logged = await entries(6);
  const grown = await publish(logged.slice(0, 5));
  const shows = async (size: number) => {
    market.published = await publish(logged.slice(0, size));
    const note = market.published.note;
    // Its tiles still reach as far as ever: only the checkpoint is an older one.
    if (size < 5) {
      market.published = grown;
      market.tamper = (asked) => (asked.endsWith("/checkpoint") ? note : undefined);
    } else market.tamper = () => undefined;
    return run("monitor", market.url, "--once", "--json");
  };
  expect((await shows(5)).code).toBe(0);
  for (const size of [2, 3, 4, 4]) {
    const { code, json } = await shows(size);
    expect([code, json["error"]]).toEqual([
      1,
      expect.objectContaining({ code: "rolled_back", message: expect.stringContaining(`${size} entries`) }),
    ]);
  }
  expect((await shows(5)).code).toBe(0);
  expect((await shows(6)).code).toBe(0);
});

test("a withdrawal or an answer by somebody else counts nowhere, is reported, and ends with 1", async () => {
  const [platform, mallory] = [await makeTestKey(), await makeTestKey()];
  const at = "2026-10-01T00:00:00.000Z";
  const keyOf = (of: TestKey, account: string | null) =>
    keyStatement({
      event: "enrolled",
      account,
      key: {
        id: of.keyId,
        kind: account === null ? "platform" : "device",
        spki: Buffer.from(of.spki).toString("base64"),
      },
      enrolledBy: "first_key",
      vouchedBy: null,
      effectiveAt: at,
      revokedAt: null,
      at,
    });
  const sells = { role: "seller" as const, sells: modelDigest, from: at, until: null, at };
  const signed = async (statement: Statement, by: TestKey) => entryOf(await by.sign(statement), by);
  const evidence = await entry(7);
  const address = hexDigest(evidence.text);
  const honest = [
    await signed(keyOf(platform, null), platform),
    await signed(keyOf(key, "acc-1"), platform),
    await signed(keyOf(mallory, "acc-2"), platform),
    await signed(roleStatement({ account: "acc-1", ...sells }), platform),
    evidence,
  ];
  await market.show(...honest);
  const whole = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([whole.code, whole.out]).toEqual([0, expect.stringContaining("by the log’s own keys and roles")]);
  const reply = { listingId: "l", answers: address, subjects: [modelDigest], body: "No.", at };
  await market.show(
    // In the name of who made it, and in its own.
    await signed(revocationOf("acc-1", modelDigest, address), mallory),
    await signed(revocationOf("acc-2", modelDigest, address), mallory),
    await signed(replyStatement({ sellerId: "acc-2", ...reply }), mallory),
  );
  const { code, out } = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect(code).toBe(1);
  expect(out).toContain(`entry 5: ${speakerMessages.key_may_not}`);
  expect(out).toContain(`entry 6: ${speakerMessages.not_its_speaker}`);
  expect(out).toContain(`entry 7: ${speakerMessages.not_seller}`);
  expect(out).toContain("The 1 statement about these files: 0 adverse, 0 withdrawn.");
  market.published = await publish(honest);
  const own = await run("monitor", market.url, "--model", modelDigest, "--once", "--state", "other");
  expect(own.code).toBe(0);
});
