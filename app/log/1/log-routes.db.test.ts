import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyIdOf } from "@/lib/statements/dsse";
import { toHex } from "@/lib/shared/encoding";
import { exportLog } from "@/lib/log/process/export-log";
import { folderPlace } from "@/lib/log/process/export-place";
import { type EnvelopeMaker, makeEnvelopes, placesIn } from "@/lib/evidence/log.fixture";
import { findEnvelopeTexts } from "@/lib/evidence/queries/envelopes";
import { leafHash } from "@/lib/log/merkle-tree";
import { verifyByWebCrypto } from "@/lib/log/ed25519";
import { type Sequencer, openSequencer } from "@/lib/log/process/sequencer";
import { openCheckpoint } from "@/lib/log/checkpoint";
import { readVkey } from "@/lib/log/signed-note";
import { entryBundlePath, tilePath } from "@/lib/log/tile-path";
import { openTiles } from "@/lib/log/tile-reader";
import { readPolicy } from "@/lib/log/tlog-policy";
import { verifyTlogProof } from "@/lib/log/tlog-proof";
import { verifyBundle } from "@/lib/log/verify-bundle.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { GET as getBundle } from "./bundle/[leafHash]/route";
import { GET as getCheckpoint } from "./checkpoint/route";
import { GET as getEnvelope } from "./envelope/[sha256]/route";
import { GET as getPolicy } from "./policy/route";
import { GET as getProof } from "./proof/[leafHash]/route";
import { GET as getTile } from "./tile/[...path]/route";
import { GET as getTrustedRoot } from "./trusted_root.json/route";
import { GET as getVkey } from "./vkey/route";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-log-"));
let sequencer: Sequencer;
let last = { sha256: "", leafHash: "" };

let envelopes: EnvelopeMaker;

async function submitted(count: number): Promise<void> {
  last = (await envelopes.submit(count)).at(-1) ?? last;
}

beforeAll(async () => {
  envelopes = await makeEnvelopes();
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const opened = await openSequencer({ databaseUrl, ...placesIn(folder, "localhost:3000/log/1") });
  if (!opened) throw new Error("Another sequencer is active.");
  sequencer = opened;
});
afterAll(async () => {
  await sequencer.close();
  rmSync(folder, { recursive: true, force: true });
});

const tileAt = (place: string, headers: Record<string, string> = {}) =>
  getTile(new Request(`http://localhost:3000/log/1/tile/${place}`, { headers }), {
    params: Promise.resolve({ path: place.split("/") }),
  });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

/** Everything that a stranger needs, over the routes alone. */
async function follow() {
  const key = readVkey((await (await getVkey()).text()).trim())!;
  const opened = await openCheckpoint(
    await (await getCheckpoint()).text(),
    { logs: [key] },
    verifyByWebCrypto,
  );
  if (typeof opened === "string") throw new Error(opened);
  const fetched = async (place: string) => {
    const response = await tileAt(place.replace(/^tile\//, ""));
    expect(response.status, place).toBe(200);
    return bytesOf(response);
  };
  const reader = openTiles(opened.checkpoint, (tile) => fetched(tilePath(tile)));
  const entriesOf = (index: bigint) =>
    reader.readEntries(index, (bundle) => fetched(entryBundlePath(bundle)));
  return { key, checkpoint: opened.checkpoint, reader, entriesOf };
}

test("before the first checkpoint the log says that there is none", async () => {
  for (const answer of [await getCheckpoint(), await getVkey(), await getPolicy(), await getTrustedRoot()]) {
    expect(answer.status).toBe(404);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
});

test("a stranger follows the whole log by its C2SP paths", async () => {
  await sequencer.publish();
  await submitted(260);
  while ((await sequencer.integrate()) > 0);
  await sequencer.publish();
  const { checkpoint, entriesOf } = await follow();
  expect(checkpoint).toMatchObject({ origin: "localhost:3000/log/1", size: 260n });
  const entries = [...(await entriesOf(0n)), ...(await entriesOf(1n))];
  expect(entries.length).toBe(260);
  expect(toHex(leafHash(entries[259]!))).toBe(last.leafHash);
});

test("tiles of the published tree are kept for ever, and nothing else is given out", async () => {
  const tile = await tileAt("0/000");
  expect(Object.fromEntries(tile.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "application/octet-stream",
  });
  expect((await bytesOf(tile)).length).toBe(8192);
  expect((await bytesOf(await tileAt("0/001.p/4"))).length).toBe(128);
  expect((await bytesOf(await tileAt("1/000.p/1"))).length).toBe(32);
  expect((await bytesOf(await tileAt("0/001.p/3"))).length).toBe(96);
  const absent = [
    "0/001",
    "0/001.p/5",
    "0/002",
    "1/000",
    "1/000.p/2",
    "2/000.p/1",
    "entries/001",
    "entries/001.p/5",
  ];
  for (const place of [
    ...absent,
    "entries/002",
    "0/0",
    "x/000",
    "0/000.p/256",
    "0/../000",
    "8/000",
    "0/000/000",
  ]) {
    const answer = await tileAt(place);
    expect(answer.status, place).toBe(404);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
});

test("what is integrated and not yet published is not there", async () => {
  await submitted(1);
  await sequencer.integrate();
  expect((await tileAt("0/001.p/5")).status).toBe(404);
  expect((await tileAt("entries/001.p/5")).status).toBe(404);
  expect((await getProof(new Request("http://x"), { params: Promise.resolve(last) })).status).toBe(404);
  await sequencer.publish();
  expect((await tileAt("0/001.p/5")).status).toBe(200);
  expect((await tileAt("entries/001.p/5")).status).toBe(200);
  expect((await getProof(new Request("http://x"), { params: Promise.resolve(last) })).status).toBe(200);
});

test("the checkpoint is kept for a second and is plain text", async () => {
  const answer = await getCheckpoint();
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=1",
    "content-type": "text/plain; charset=utf-8",
  });
});

test("entry bundles are given as they are, because no header could name a compression", async () => {
  const plain = await bytesOf(await tileAt("entries/000"));
  const asked = await tileAt("entries/000", { "accept-encoding": "br, gzip" });
  expect(asked.headers.get("content-encoding")).toBeNull();
  expect(await bytesOf(asked)).toEqual(plain);
});

test("proof and bundle verify under the policy and trusted root served beside them", async () => {
  const policy = readPolicy(await (await getPolicy()).text());
  const proof = await (await getProof(new Request("http://x"), { params: Promise.resolve(last) })).text();
  const hash = Uint8Array.from(Buffer.from(last.leafHash, "hex"));
  expect(await verifyTlogProof(proof, hash, policy, verifyByWebCrypto)).toMatchObject({ state: "verified" });
  const answer = await getBundle(new Request("http://x"), { params: Promise.resolve(last) });
  expect(answer.headers.get("content-type")).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
  const bundle = await answer.text();
  expect(
    (await verifyBundle(bundle, { trustedKeys: [envelopes.spki], policy, verify: verifyByWebCrypto })).state,
  ).toBe("verified");

  const { spki } = envelopes;
  const root = TrustedRoot.fromJSON(await (await getTrustedRoot()).json());
  const keys = { [keyIdOf(spki)]: { hint: keyIdOf(spki), rawBytes: Buffer.from(spki), keyDetails: 5 } };
  const thresholds = { tlogThreshold: 1, timestampThreshold: 0, ctlogThreshold: 0 };
  const verifier = new Verifier(toTrustMaterial(root, keys as never), thresholds);
  verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle))));
});

test("an envelope is served under the digest of its own bytes", async () => {
  const answer = await getEnvelope(new Request("http://x"), { params: Promise.resolve(last) });
  expect(answer.headers.get("content-type")).toBe("application/vnd.dsse.envelope.v1+json");
  expect(hexDigest(await answer.text())).toBe(last.sha256);
  for (const sha256 of ["", "zz", "0".repeat(64), "../x"]) {
    expect((await getEnvelope(new Request("http://x"), { params: Promise.resolve({ sha256 }) })).status).toBe(
      404,
    );
  }
  for (const hash of ["", "zz", "0".repeat(64), last.leafHash.toUpperCase()]) {
    const params = Promise.resolve({ leafHash: hash });
    expect((await getProof(new Request("http://x"), { params })).status).toBe(404);
    expect((await getBundle(new Request("http://x"), { params })).status).toBe(404);
  }
});

test("the exported folder is the whole log, and adds what is new", async () => {
  const out = path.join(folder, "export");
  expect(await exportLog(folderPlace(out), findEnvelopeTexts)).toMatchObject({
    size: 261n,
    envelopes: 261,
    unavailable: 0,
  });
  await submitted(300);
  while ((await sequencer.integrate()) > 0);
  await sequencer.publish();
  const full = path.join(out, "tile/0/000");
  writeFileSync(path.join(folder, "kept"), readFileSync(full));
  expect(await exportLog(folderPlace(out), findEnvelopeTexts)).toMatchObject({ size: 561n, envelopes: 300 });
  expect(readFileSync(full).equals(readFileSync(path.join(folder, "kept")))).toBe(true);
  for (const file of [
    "checkpoint",
    "vkey",
    "policy",
    "trusted_root.json",
    `envelope/${last.sha256}`,
    "tile/0/001",
    "tile/0/002.p/49",
    "tile/1/000.p/2",
    "tile/entries/002.p/49",
  ])
    expect(existsSync(path.join(out, file)), file).toBe(true);
});
