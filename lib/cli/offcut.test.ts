import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { enrolmentText } from "@/lib/accounts/key";
import { hasSigned } from "@/lib/accounts/key-signature";
import { blake3 } from "@noble/hashes/blake3.js";
import { toHex } from "@/lib/shared/encoding";
import { signedBundle } from "@/lib/formats/model-signing.fixture";
import { importModelSigning } from "@/lib/formats/model-signing";
import { tombstoneStatement } from "@/lib/statements/kinds/tombstone";
import { openCheckpoint } from "@/lib/log/checkpoint";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { readVkey } from "@/lib/log/signed-note";
import {
  type TestKey,
  adverseStatement,
  makeTestKey,
  revocationOf,
  usageStatement,
} from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import {
  type Entry,
  type Market,
  bundleOf,
  entryOf,
  leafOf,
  newFolder,
  offcut,
  offcutHere,
  openMarket,
  policyText,
  proofOf,
  publish,
  trustedRoot,
  vkey,
} from "./market.fixture";

const folders: string[] = [];
let here = "";
let market: Market;
let key: TestKey;
let other: TestKey;
let modelDigest = "";

const write = (name: string, text: string | Uint8Array) => {
  mkdirSync(path.dirname(path.join(here, name)), { recursive: true });
  writeFileSync(path.join(here, name), text);
};
const run = (...args: string[]) => offcutHere(here, ...args);

beforeAll(async () => {
  [key, other] = [await makeTestKey(), await makeTestKey()];
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
  market.asked = [];
  write("model/config.json", "{}");
  write("model/weights.onnx", "weights");
  write("trust.pem", key.publicPem);
  modelDigest = hexDigest(
    `{"hash_type":"sha256","method":"files","resources":[{"algorithm":"sha256","digest":"${sha("{}")}","name":"config.json"},{"algorithm":"sha256","digest":"${sha("weights")}","name":"weights.onnx"}]}`,
  );
});

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const entry = async (calls: number, by = key) =>
  entryOf(await by.sign(usageStatement("acc-1", modelDigest, calls)), by);
const entries = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => entry(at + 1)));

test("every command has a help, and what makes no sense ends with 2 and one line", async () => {
  for (const name of ["keygen", "hash", "sign", "submit", "verify", "monitor"]) {
    const { code, out } = await run(name, "--help");
    expect([code, out.startsWith(`offcut ${name}`)], name).toEqual([0, true]);
  }
  const senseless = [
    [],
    ["publish"],
    ["hash", "--deep", "model"],
    ["hash", "nowhere"],
    ["verify", "model"],
    ["sign", "model"],
    ["monitor", "not-an-address"],
    ["submit", "trust.pem"],
  ];
  for (const args of senseless) {
    const { code, out, err } = await run(...args);
    expect(code, args.join(" ")).toBe(2);
    if (args.length > 0) expect([out, err.trim().split("\n").length]).toEqual(["", 1]);
    expect(err + out).not.toMatch(/\n {4}at /);
  }
  const { json, err } = await run("hash", "nowhere", "--json");
  expect(json).toMatchObject({ ending: "usage", exitCode: 2, error: { code: "no_such_file" } });
  expect(err).toMatch(/^offcut: There is no file/);
});

test("a key is made once, for its owner's eyes, and asks for its enrolment by its own signature", async () => {
  const { code, json } = await run(
    "keygen",
    "--out",
    "my.pem",
    "--account",
    "acc-1",
    "--label",
    "CI",
    "--json",
  );
  expect(code).toBe(0);
  expect(statSync(path.join(here, "my.pem")).mode & 0o777).toBe(0o600);
  const { spki, proof, label } = json["enrolment"] as { spki: string; proof: string; label: string };
  const bytes = Buffer.from(spki, "base64");
  expect([label, json["keyId"]]).toEqual(["CI", createHash("sha256").update(bytes).digest("hex")]);
  expect(hasSigned(bytes, enrolmentText("acc-1", String(json["keyId"])), proof)).toBe(true);
  expect(hasSigned(bytes, enrolmentText("acc-2", String(json["keyId"])), proof)).toBe(false);
  const before = readFileSync(path.join(here, "my.pem"));
  expect((await run("keygen", "--out", "my.pem")).code).toBe(2);
  rmSync(path.join(here, "my.pub.pem"));
  expect((await run("keygen", "--out", "my.pem")).code).toBe(2);
  expect(readFileSync(path.join(here, "my.pem"))).toEqual(before);
  const shown = await run("keygen", "--show", "my.pem", "--account", "acc-2", "--json");
  expect(shown.json["keyId"]).toBe(json["keyId"]);
});

test("the digest of a model is that of its manifest, sorted by the bytes of the names", async () => {
  for (const name of [".git/HEAD", ".gitattributes", "model.sig", "sub/.gitignore", "😀", "ﬁ", "a/b", "a-b"])
    write(`odd/${name}`, name);
  const { code, json } = await run("hash", "odd", "--manifest", "odd.json", "--json");
  expect(code).toBe(0);
  const files = json["files"] as { path: string; sha256: string }[];
  expect(files.map((file) => file.path)).toEqual(["a-b", "a/b", "sub/.gitignore", "ﬁ", "😀"]);
  expect(files[0]?.sha256).toBe(sha("a-b"));
  const manifest = readFileSync(path.join(here, "odd.json"));
  expect(createHash("sha256").update(manifest).digest("hex")).toBe(json["modelDigest"]);
  expect((await run("hash", "model", "--json")).json["modelDigest"]).toBe(modelDigest);
  const named = await run("hash", "model/weights.onnx", "model/config.json", "--json");
  expect(named.json["modelDigest"]).toBe(modelDigest);
});

test("links, devices and names that mean something else elsewhere are refused as unsupported", async () => {
  symlinkSync("weights.onnx", path.join(here, "model/link"));
  const refused = await run("hash", "model", "--json");
  expect([refused.code, (refused.json["error"] as { code: string }).code]).toEqual([3, "symlink"]);
  expect((await run("hash", "model", "--allow-symlinks")).code).toBe(0);
  rmSync(path.join(here, "model/link"));
  symlinkSync("/", path.join(here, "model/link"));
  expect((await run("hash", "model", "--allow-symlinks")).code).toBe(3);
  rmSync(path.join(here, "model/link"));
  for (const name of ["new\nline", "back\\slash"]) {
    write(`model/${name}`, "x");
    expect((await run("hash", "model")).code, JSON.stringify(name)).toBe(3);
    rmSync(path.join(here, "model", name));
  }
  writeFileSync(Buffer.concat([Buffer.from(`${here}/model/`), Buffer.of(0xff, 0x61)]), "x");
  expect((await run("hash", "model")).code).toBe(3);
});

test("a statement is signed only in the form of its kind, and only where its signer may speak", async () => {
  write("key.pem", key.pem);
  const { predicate } = usageStatement("acc-1", modelDigest);
  write("good.json", JSON.stringify(predicate));
  const signed = await run(
    "sign",
    "good.json",
    "--kind",
    "usage",
    "--files",
    "model",
    "--key",
    "key.pem",
    "--json",
  );
  expect([signed.code, signed.json["subjects"]]).toEqual([0, [modelDigest]]);
  expect((await run("verify", "good.dsse.json", "--trust", "trust.pem", "--files", "model")).code).toBe(0);
  expect(
    (await run("sign", "good.json", "--kind", "usage", "--files", "model", "--key", "key.pem")).code,
  ).toBe(2);

  write("bad.json", JSON.stringify({ ...(predicate as object), calls: "many" }));
  const bad = await run("sign", "bad.json", "--kind", "usage", "--subject", modelDigest, "--key", "key.pem");
  expect([bad.code, bad.err]).toEqual([1, expect.stringContaining("predicate.calls")]);
  const unknown = await run(
    "sign",
    "good.json",
    "--kind",
    "praise",
    "--subject",
    modelDigest,
    "--key",
    "key.pem",
  );
  expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining("usage")]);
  const spoken = { ...(predicate as object), observer: { role: "platform", account: "x" } };
  write("platform.json", JSON.stringify(spoken));
  const platform = await run(
    "sign",
    "platform.json",
    "--kind",
    "usage",
    "--subject",
    modelDigest,
    "--key",
    "key.pem",
  );
  expect(platform.code).toBe(1);
});

test("a signed list of files is what other programs of that format read", async () => {
  write("key.pem", key.pem);
  expect((await run("sign", "--oms", "model", "--key", "key.pem")).code).toBe(0);
  const text = readFileSync(path.join(here, "model/model.sig"), "utf8");
  const read = await importModelSigning("model.sig", text, { publicKeys: [key.publicPem] });
  expect(read.draft.signature).toMatchObject({ state: "verified", modelDigest });
  expect((await run("verify", "model", "--trust", "trust.pem")).code).toBe(0);
  expect((await run("verify", "model")).code).toBe(5);
  write("model/more.bin", "x");
  const extra = await run("verify", "model", "--trust", "trust.pem");
  expect([extra.code, extra.out]).toEqual([1, expect.stringContaining("more.bin was not signed")]);
  write("forged.sig", text.replace(/"sig":"(.)/, '"sig":"M$1'));
  expect((await run("verify", "forged.sig", "--trust", "trust.pem")).code).toBe(1);
});

test("a folder whose index names weights that are not there is said to be incomplete", async () => {
  write("model/w.index.json", '{"weight_map":{"a":"w-1.safetensors","b":"w-2.safetensors"}}');
  write("model/w-1.safetensors", "1");
  write("model/.cache/huggingface/w.metadata", "1");
  const { code, out } = await run("hash", "model");
  expect(code).toBe(0);
  expect(out).toContain("Left out: .cache\n");
  expect(out).toContain("Incomplete: w.index.json belongs with a file that is not here: w-2.safetensors.\n");
  write("model/w-2.safetensors", "2");
  expect((await run("hash", "model")).out).not.toContain("Incomplete");
});

/** The bundle that the format's reference program writes for a folder, signed by a new key that `trust.pem` names. */
async function signedFolder(digests: Record<string, string>, serialization: Record<string, unknown>) {
  const algorithm = String(serialization["hash_type"] ?? "sha256");
  const resources = Object.entries(digests).map(([name, digest]) => ({ name, digest, algorithm }));
  const { bundle, pem } = await signedBundle({ curve: "P-256", resources, serialization });
  write("signed.json", JSON.stringify(bundle));
  write("signer.pem", pem);
  const verify = (...more: string[]) =>
    run("verify", "model", "--bundle", "signed.json", "--trust", "signer.pem", ...more);
  return { verify, bundle };
}

const listed = () => ({ "config.json": sha("{}"), "weights.onnx": sha("weights") });

test("what a signer left out, and what is never part of a model, is named as covered by nobody", async () => {
  const { verify } = await signedFolder(listed(), { ignore_paths: ["modelling", ".gitattributes"] });
  expect((await verify()).out).toContain("2 files as listed, and no other");
  write("model/modelling/custom.py", "print()");
  write("model/.gitattributes", "*.onnx filter=lfs");
  write("model/.cache/huggingface/a.metadata", "1");
  const { code, out } = await verify();
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /2 files as listed; covered by nobody: modelling\/custom\.py, (\.cache|\.gitattributes)/,
    ),
  ]);
  expect(out).toContain("Left out, so that nobody stands by what lies there: modelling.");
  write("model/other.py", "print()");
  expect((await verify()).code).toBe(1);
});

test("a name that is never part of a model is one where the signed list has it", async () => {
  write("model/.gitattributes", "*.onnx filter=lfs");
  const { verify } = await signedFolder({ ".gitattributes": sha("*.onnx filter=lfs"), ...listed() }, {});
  expect((await verify()).out).toContain("3 files as listed, and no other");
  write("model/.gitattributes", "changed");
  expect((await verify()).code).toBe(1);
});

test.each(["blake2b512", "blake3"])("files hashed with %s are held against their list", async (name) => {
  const digest = (text: string) =>
    name === "blake3"
      ? toHex(blake3(new TextEncoder().encode(text)))
      : createHash(name).update(text).digest("hex");
  const { verify } = await signedFolder(
    { "config.json": digest("{}"), "weights.onnx": digest("weights") },
    { hash_type: name.replace("512", "") },
  );
  expect((await verify()).code).toBe(0);
  write("model/weights.onnx", "weighty");
  expect((await verify()).out).toContain("weights.onnx differs");
});

test("files hashed in parts cannot be checked, which says nothing against them", async () => {
  const { verify } = await signedFolder(
    { "weights.onnx:0:4": sha("weig"), "weights.onnx:4:7": sha("hts") },
    { method: "shards", shard_size: 4 },
  );
  const { code, out } = await verify();
  expect([code, out]).toEqual([3, expect.stringContaining("exactly 1 file, hashed in 2 parts")]);
});

test("a model that is a single file is known by its bytes, whatever it is called", async () => {
  await signedFolder({ ".": sha("weights") }, {});
  const verify = (name: string) => run("verify", "signed.json", "--trust", "signer.pem", "--files", name);
  expect((await verify("model/weights.onnx")).code).toBe(0);
  expect((await verify("model/config.json")).code).toBe(1);
  rmSync(path.join(here, "model/config.json"));
  expect((await verify("model")).out).toContain("1 file as listed, and no other");
});

test("a signature that names no key holds under the key that was given, and others say nothing of it", async () => {
  const { bundle } = await signedFolder(listed(), {});
  write("unnamed.json", JSON.stringify({ ...bundle, verificationMaterial: { publicKey: {} } }));
  expect((await run("verify", "unnamed.json", "--trust", "signer.pem")).code).toBe(0);
  expect((await run("verify", "unnamed.json", "--trust", "trust.pem")).code).toBe(5);
});

test("a folder is held against a manifest: every file, no other file, every byte", async () => {
  await run("hash", "model", "--manifest", "manifest.json");
  const verify = () => run("verify", "model", "--manifest", "manifest.json");
  expect((await verify()).code).toBe(0);
  expect((await run("verify", "model", "--subject", modelDigest)).code).toBe(0);
  write("model/weights.onnx", "weighty");
  const changed = await verify();
  expect([changed.code, changed.out]).toEqual([1, expect.stringContaining("weights.onnx differs")]);
  rmSync(path.join(here, "model/weights.onnx"));
  expect((await verify()).out).toContain("weights.onnx is missing");
  expect((await run("verify", "model", "--subject", modelDigest)).code).toBe(1);
});

test("forged, untrusted and unsupported envelopes end differently", async () => {
  const text = await key.sign(usageStatement("acc-1", modelDigest));
  write("e.json", text);
  expect((await run("verify", "e.json", "--trust", "trust.pem")).code).toBe(0);
  expect((await run("verify", "e.json")).code).toBe(5);
  write("other.pem", other.publicPem);
  expect((await run("verify", "e.json", "--trust", "other.pem")).code).toBe(5);
  write(
    "both.json",
    JSON.stringify({
      keys: [other, key].map(({ spki }) => ({ spki: Buffer.from(spki).toString("base64"), name: "Ada" })),
    }),
  );
  expect((await run("verify", "e.json", "--trust", "both.json")).out).toContain("Signed by Ada");
  const elsewhere = await key.sign(usageStatement("acc-1", "f".repeat(64)));
  const { payload } = JSON.parse(elsewhere) as { payload: string };
  write("forged.json", JSON.stringify({ ...(JSON.parse(text) as object), payload }));
  expect((await run("verify", "forged.json", "--trust", "trust.pem")).code).toBe(1);
  write("unknown.json", '{"hello":"world"}');
  expect((await run("verify", "unknown.json", "--trust", "trust.pem")).code).toBe(3);
  const older = [{ kindVersion: { kind: "hashedrekord", version: "0.0.1" } }];
  for (const foreign of [
    { verificationMaterial: { certificate: {}, tlogEntries: [{}] }, dsseEnvelope: {} },
    { verificationMaterial: { publicKey: { hint: "x" }, tlogEntries: [{}] }, messageSignature: {} },
    { verificationMaterial: { publicKey: { hint: "x" }, tlogEntries: older }, dsseEnvelope: {} },
  ]) {
    write("foreign.json", JSON.stringify(foreign));
    expect((await run("verify", "foreign.json", "--trust", "trust.pem")).code).toBe(3);
  }
});

test("a saved proof and what the person holds are enough, without any network", async () => {
  const logged = await entries(300);
  const chosen = logged[77] as Entry;
  const published = await publish(logged, true);
  write("e.json", chosen.text);
  write("e.tlog-proof", await proofOf(published, chosen));
  write("e.sigstore.json", await bundleOf(published, chosen));
  write("policy", policyText);
  write("vkey", `${vkey}\n`);
  write("root.json", trustedRoot);
  const offline = ["verify", "e.json", "--proof", "e.tlog-proof", "--trust", "trust.pem"];
  for (const held of [
    ["--policy", "policy"],
    ["--vkey", vkey],
    ["--vkey", "vkey"],
    ["--trusted-root", "root.json"],
  ]) {
    const { code, out } = await run(...offline, ...held);
    expect([code, out], held[0]).toEqual([
      0,
      expect.stringContaining("entry 77 of the 300 of market.example/log/1"),
    ]);
  }
  expect((await run("verify", "e.sigstore.json", "--trust", "trust.pem", "--policy", "policy")).code).toBe(0);
  // Nobody's word is taken for the log's key, and quorum is what the person's policy says.
  expect((await run(...offline)).code).toBe(5);
  write("witnessed", `log ${vkey}\nwitness W observer.example+5c5a3e2a+AAAA\nquorum W\n`);
  expect((await run(...offline, "--policy", "witnessed")).code).toBe(2);
  write("other.json", (logged[78] as Entry).text);
  expect(
    (
      await run(
        "verify",
        "other.json",
        "--proof",
        "e.tlog-proof",
        "--trust",
        "trust.pem",
        "--policy",
        "policy",
      )
    ).code,
  ).toBe(1);
  expect(market.asked).toEqual([]);
});

test("a listing is verified statement by statement, and first trust is said to be first trust", async () => {
  const logged = await entries(5);
  await market.show(...logged);
  market.listed = [logged[1] as Entry, logged[3] as Entry];
  const manifest = path.join(here, "manifest.json");
  await run("hash", "model", "--manifest", manifest);
  market.manifests.set(modelDigest, readFileSync(manifest, "utf8"));
  const listing = `${market.url}/listings/a-model`;

  expect((await run("verify", listing, "--no-first-use")).code).toBe(5);
  const first = await run("verify", listing, "--files", "model");
  expect([first.code, first.out]).toEqual([
    0,
    expect.stringContaining("for the first time; nothing else vouches for it"),
  ]);
  expect(first.out).toContain("2 files as listed, and no other");
  const second = await run("verify", listing, "--json");
  expect(second.code).toBe(0);
  const { verifications } = second.json as { verifications: { signer?: { trust: string } }[] };
  expect(verifications.map(({ signer }) => signer?.trust)).toEqual([undefined, "remembered", "remembered"]);
  expect((await run("verify", listing, "--trust", "trust.pem", "--vkey", vkey, "--no-first-use")).code).toBe(
    0,
  );

  write("model/weights.onnx", "weighty");
  expect((await run("verify", listing, "--files", "model")).code).toBe(1);
  market.listed.push(await entry(99));
  const waiting = await run("verify", listing);
  expect([waiting.code, waiting.out]).toEqual([
    4,
    expect.stringContaining("no published checkpoint covers it yet"),
  ]);
  market.listed = [{ ...(logged[1] as Entry), spki: other.spki }];
  expect((await run("verify", listing)).code).toBe(0);
  expect((await run("verify", listing, "--state", "fresh")).code).toBe(5);
  market.tamper = (asked) => (asked.startsWith("/api/v1/envelopes/") ? (logged[0] as Entry).text : undefined);
  expect((await run("verify", listing)).code).toBe(1);
});

test("a single file at an address is verified with the log it belongs to", async () => {
  const logged = await entries(3);
  await market.show(...logged);
  const [first] = logged as [Entry];
  const bundle = await run("verify", `${market.url}/log/1/bundle/${leafOf(first)}`);
  expect([bundle.code, bundle.out]).toEqual([0, expect.stringContaining("for the first time")]);
  const address = `${market.url}/api/v1/envelopes/${hexDigest(first.text)}`;
  expect((await run("verify", address)).out).toContain("remembered since");
  expect((await run("verify", address, "--state", "fresh")).code).toBe(5);
  expect((await run("verify", `${market.url}/log/1/checkpoint`)).code).toBe(0);
  expect(
    (await run("verify", `${market.url}/log/1/proof/${leafOf(first)}`, "--leaf", leafOf(first))).code,
  ).toBe(0);
  expect(
    (await run("verify", `${market.url}/log/1/proof/${leafOf(first)}`, "--leaf", leafOf(logged[1] as Entry)))
      .code,
  ).toBe(1);
  // Where there is no log, the signature can still be judged.
  market.tamper = (asked) => (asked.startsWith("/log/") ? 404 : undefined);
  const unlogged = await run("verify", address, "--trust", "trust.pem", "--state", "fresh");
  expect([unlogged.code, unlogged.out]).toEqual([0, expect.stringContaining("no proof was given")]);
});

test("what cannot be reached is not called forged", async () => {
  const gone = await openMarket();
  await gone.close();
  for (const command of ["verify", "monitor"])
    expect(
      (await run(command, `${gone.url}/listings/a`, "--once").catch(() => ({ code: -1 }))).code,
    ).not.toBe(1);
  expect((await run("verify", `${gone.url}/listings/a`)).code).toBe(4);
  expect((await run("monitor", gone.url, "--once")).code).toBe(4);
  await market.show(...(await entries(2)));
  market.tamper = () => 503;
  expect((await run("monitor", market.url, "--once")).code).toBe(4);
});

test("a monitor reads every tile and entry, and counts all that was said of a model", async () => {
  const mine = await entries(258);
  const adverse = entryOf(await other.sign(adverseStatement("acc-2", modelDigest)), other);
  const withdrawal = revocationOf("acc-1", modelDigest, hexDigest((mine[2] as Entry).text));
  const elsewhere = entryOf(await key.sign(usageStatement("acc-1", "e".repeat(64))), key);
  await market.show(...mine, adverse, elsewhere, entryOf(await key.sign(withdrawal), key));
  const watched = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([watched.code, watched.out]).toEqual([
    0,
    expect.stringContaining("All 260 statements about these files: 1 adverse, 1 withdrawn."),
  ]);
  expect(watched.out).toContain("258 [ADVERSE] Signed by");
  expect(watched.out).toContain("the site's own list at 261 entries is the same");
  for (const place of [
    "tile/0/000",
    "tile/0/001.p/5",
    "tile/1/000.p/1",
    "tile/entries/000",
    "tile/entries/001.p/5",
  ])
    expect(market.asked).toContain(`/log/1/${place}`);

  market.asked = [];
  const { json, code } = await run("monitor", market.url, "--model", modelDigest, "--once", "--json");
  expect([code, json["total"], json["adverse"], json["withdrawn"]]).toEqual([0, 260, 1, 1]);
  // What was matched before is not fetched again, and is compared again all the same.
  expect(market.asked.filter((asked) => asked.includes("/bundle/"))).toEqual([]);
  expect(market.asked).toContain("/log/1/tile/entries/000");
}, 60_000);

test("an entry without its payload is named, unless a tombstone in the log explains it", async () => {
  const logged = await entries(3);
  await market.show(...logged);
  market.withheld.set(leafOf(logged[1] as Entry), 404);
  const { code, out } = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([code, out]).toEqual([
    4,
    expect.stringContaining("payload unavailable: entry 1 may be about these files"),
  ]);
  const erased = { envelope: hexDigest((logged[1] as Entry).text), leafHash: leafOf(logged[1] as Entry) };
  const grounds = { ground: "Art. 17 GDPR", reason: "Asked for.", at: "2026-11-02T00:00:00.000Z" };
  const { predicateType } = usageStatement("acc-1", modelDigest);
  const tombstone = tombstoneStatement({ ...erased, ...grounds, predicateType }, [modelDigest]);
  market.withheld.set(erased.leafHash, 410);
  await market.show(entryOf(await other.sign(tombstone), other));
  const explained = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([explained.code, explained.out]).toEqual([0, expect.stringContaining("1 erased by law")]);
  // A false envelope is as good as none.
  market.withheld.clear();
  const bundle = await bundleOf(market.published, logged[0] as Entry);
  const hidden = leafOf(logged[2] as Entry);
  rmSync(path.join(here, "state/offcut/entries"), { recursive: true });
  market.tamper = (asked) => (asked.endsWith(`/bundle/${hidden}`) ? bundle : undefined);
  expect((await run("monitor", market.url, "--once")).code).toBe(4);
});

test("a site that leaves a statement out of its own list is found out", async () => {
  await market.show(...(await entries(4)));
  market.tamper = (asked) =>
    asked.endsWith("/statements")
      ? JSON.stringify({ statements: [], total: 0, adverse: 0, withdrawn: 0, logSize: "4" })
      : undefined;
  const { code, out } = await run("monitor", market.url, "--model", modelDigest, "--once");
  expect([code, out]).toEqual([1, expect.stringContaining("the site leaves out entries 0, 1, 2, 3")]);
});

test("a log that shows two histories ends with 6, and both are kept with the proof that fails", async () => {
  const logged = await entries(6);
  await market.show(...logged.slice(0, 4));
  expect((await run("monitor", market.url, "--once")).code).toBe(0);
  const before = market.published.note;
  market.published = await publish([...logged.slice(0, 3), await entry(50), ...logged.slice(4)]);
  for (const command of [
    ["monitor", market.url, "--once"],
    ["verify", `${market.url}/listings/a-model`],
  ]) {
    const { code, err } = await run(...command);
    expect([code, err]).toEqual([6, expect.stringContaining("not one history")]);
  }
  const { json } = await run("monitor", market.url, "--once", "--json");
  const folder = (json["error"] as { evidence: string }).evidence;
  expect(readdirSync(folder).sort()).toEqual([
    "consistency-proof.json",
    "seen-before.checkpoint",
    "shown-now.checkpoint",
    "tiles.json",
    "vkey",
  ]);
  // The two notes convict the log by themselves: one key signed both.
  const held = readVkey(readFileSync(path.join(folder, "vkey"), "utf8").trim());
  const notes = ["seen-before.checkpoint", "shown-now.checkpoint"].map((name) =>
    readFileSync(path.join(folder, name), "utf8"),
  );
  expect(notes).toEqual([before, market.published.note]);
  for (const note of notes)
    expect(await openCheckpoint(note, { logs: held ? [held] : [] }, verifyByNode)).toHaveProperty(
      "checkpoint",
    );
  // What was seen first stays what is remembered.
  expect((await run("monitor", market.url, "--once")).code).toBe(6);
});

test("a log that grew is one history, a fork of the same size is not, and another key is another log", async () => {
  const logged = await entries(5);
  await market.show(...logged.slice(0, 2));
  expect((await run("monitor", market.url, "--once")).code).toBe(0);
  await market.show(...logged.slice(2));
  expect((await run("monitor", market.url, "--once")).out).toContain("2 entries then, 5 now");
  const grown = market.published;
  market.published = await publish(logged.slice(0, 3));
  const older = await run("monitor", market.url, "--once");
  expect([older.code, older.err]).toEqual([
    1,
    expect.stringContaining("fewer than the 5 that were seen before"),
  ]);
  market.published = await publish([...logged.slice(0, 4), await entry(60)]);
  expect((await run("monitor", market.url, "--once")).code).toBe(6);
  const note = market.published.note;
  market.published = grown;
  write("fork.note", note);
  expect((await run("verify", "fork.note")).code).toBe(6);
  market.tamper = (asked) =>
    asked.endsWith("/checkpoint")
      ? note.replace(/\u2014 .*\n/, "\u2014 market.example/log/1 AAAAAAAA\n")
      : undefined;
  expect((await run("monitor", market.url, "--once")).code).toBe(5);
});

test("a monitor goes on, and tells what is new at each look", async () => {
  const logged = await entries(3);
  await market.show(...logged.slice(0, 1));
  const fork = await publish([await entry(70), ...logged]);
  let looks = 0;
  market.tamper = (asked) => {
    if (asked.endsWith("/checkpoint")) looks += 1;
    if (looks === 3 && market.published.entries.length === 1) void market.show(...logged.slice(1));
    if (looks === 5) return 503;
    if (looks === 6) market.published = fork;
    return undefined;
  };
  const { code, out, err } = await run("monitor", market.url, "--interval", "1");
  expect([code, err]).toEqual([6, expect.stringContaining("not one history")]);
  expect(out).toContain("it answered 503");
  expect(out.split("\n").filter((line) => line.includes("Signed by")).length).toBe(3);
}, 60_000);

test("the program in a process of its own ends with a number for each ending, and says it in one line", async () => {
  const logged = await entries(4);
  await market.show(...logged);
  market.listed = logged.slice(0, 1);
  write("e.json", (logged[0] as Entry).text);
  write("policy", policyText);
  write("e.tlog-proof", await proofOf(market.published, logged[0] as Entry));
  const offline = ["verify", "e.json", "--proof", "e.tlog-proof", "--policy", "policy", "--trust"];
  const alone = (...args: string[]) => offcut(here, ...args, "--json");
  const endings: [string, Promise<{ code: number; err: string; json: object }>][] = [
    ["verified", alone(...offline, "trust.pem")],
    ["verified", alone("monitor", market.url, "--once", "--model", modelDigest)],
    ["verified", alone("verify", `${market.url}/listings/a-model`, "--state", "elsewhere")],
    ["usage", alone("hash", "nowhere")],
    ["unsupported", alone("verify", "trust.pem")],
    ["unreachable", alone("verify", "http://127.0.0.1:1/listings/a")],
    ["untrusted_key", alone("verify", "e.json")],
  ];
  for (const [ending, running] of endings) {
    const { code, err, json } = await running;
    expect(json, `${ending}: ${err}`).toMatchObject({ ending, exitCode: code });
    expect(err).not.toMatch(/\n {4}at /);
  }
  write("e.tlog-proof", await proofOf(market.published, logged[1] as Entry));
  expect((await alone(...offline, "trust.pem")).code).toBe(1);
  market.published = await publish([...logged.slice(0, 3), await entry(80), await entry(81)]);
  expect((await alone("monitor", market.url, "--once")).code).toBe(6);
}, 120_000);
