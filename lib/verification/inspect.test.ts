import { beforeAll, expect, test } from "vitest";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { keyFrom } from "@/lib/log/seeded-key.fixture";
import { SIGNATURE_TYPE } from "@/lib/log/signed-note";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { readDocument } from "./document";
import { type Handed, inspect } from "./inspect";
import { lookUp } from "./look-up";
import { type Market, ORIGIN, makeMarket, modelFiles, siteOf } from "./market.fixture";

let market: Market;
beforeAll(async () => {
  market = await makeMarket();
});

const handed = (name: string, text: string): Handed => ({
  name,
  sizeBytes: text.length,
  sha256: hexDigest(text),
  document: readDocument(text),
});
const files = () => modelFiles.map(({ path, text }) => handed(path, text));
const entry = () => market.entries[0]!;

test.each(["envelope", "bundle"] as const)("a real %s is verified in its first two rows", async (kind) => {
  const text = kind === "envelope" ? entry().text : entry().bundle;
  const { claims, notes } = await inspect([handed("claim.json", text)], siteOf(market));
  expect(notes).toEqual([]);
  expect(claims).toHaveLength(1);
  expect(claims[0]).toMatchObject({
    title: "Ruling",
    signature: { state: "verified", message: "the signature matches the key listed for Offcut" },
    log: { state: "verified", message: "entry 0 of a log of 2" },
    observers: { state: "cannot_check", message: expect.stringContaining("no outside observers yet") },
    files: { state: "not_checked" },
    identity: { keyId: market.keyId, index: "0", size: "2", leafHash: entry().leafHash },
  });
});

test("an envelope and its proof need no proof from the site", async () => {
  const site = siteOf(market, { [`/log/1/proof/${entry().leafHash}`]: null });
  const alone = await inspect([handed("e.json", entry().text)], site);
  expect(alone.claims[0]?.log).toMatchObject({ state: "cannot_check" });
  const both = [handed("e.json", entry().text), handed("e.tlog-proof", entry().proof)];
  const together = await inspect(both, site);
  expect(together.claims).toHaveLength(1);
  expect(together.claims[0]?.log).toMatchObject({ state: "verified" });
});

test("a proof of another entry does not pass for this one", async () => {
  const both = [handed("e.json", entry().text), handed("e.tlog-proof", market.entries[1]!.proof)];
  const { claims } = await inspect(both, siteOf(market));
  expect(claims[0]?.log).toEqual({
    state: "failed",
    message: "the entry is not in the tree that the log signed",
  });
});

test("a proof alone leads to the claim it is about, by tiles that lead to the signed root", async () => {
  const { claims, notes } = await inspect([handed("e.tlog-proof", entry().proof)], siteOf(market));
  expect(notes).toEqual([]);
  expect(claims[0]).toMatchObject({ title: "Ruling", log: { state: "verified" } });
});

test("what a proof alone says of tree and observers comes from the proof, not from the site", async () => {
  const { checkpoint } = market;
  const other = keyFrom(9, "market.example/log/1", SIGNATURE_TYPE.ed25519);
  const tree = { origin: "market.example/log/1", size: 2n, root: market.log.root, extensions: [] };
  const seen = (await signCheckpoint(tree, other.key, other.sign)).split("\n").at(-2)!;
  const proof = entry().proof.replace(checkpoint, `${checkpoint}${seen}\n`);
  const { claims, notes } = await inspect([handed("e.tlog-proof", proof)], siteOf(market));
  expect(notes).toEqual([]);
  expect(claims[0]).toMatchObject({ title: "Ruling", log: { state: "verified" } });
  expect(claims[0]?.shown?.checkpoint).toBe(`${checkpoint}${seen}\n`);
});

test.each(["another bundle", "another envelope under its body"])(
  "a site cannot show %s in place of the entry that was asked for",
  async (what) => {
    const other = market.entries[1]!;
    const joined = { ...JSON.parse(entry().bundle), dsseEnvelope: JSON.parse(other.text) };
    const given = what === "another bundle" ? other.bundle : JSON.stringify(joined);
    const site = siteOf(market, { [`/log/1/bundle/${entry().leafHash}`]: given, "/log/1/policy": null });
    const model = await inspect(files(), site);
    expect(model.claims.map(({ title }) => title)).toEqual(["Withdrawal"]);
    expect(model.notes.join()).toMatch(/this site gives something that is not this entry/);
    const honestLog = siteOf(market, { [`/log/1/bundle/${entry().leafHash}`]: given });
    const proof = await inspect([handed("e.tlog-proof", entry().proof)], honestLog);
    expect(proof.claims).toEqual([]);
    expect(proof.notes).toEqual(["e.tlog-proof: this site gives something that is not this entry."]);
  },
);

test("files beside a claim are compared with what was signed", async () => {
  const claim = handed("claim.json", entry().bundle);
  const same = await inspect([claim, ...files()], siteOf(market));
  expect(same.claims[0]?.files).toMatchObject({
    state: "verified",
    message: expect.stringContaining("all files"),
  });
  const changed = [claim, files()[1]!, handed("model.onnx", "weights of another model")];
  expect((await inspect(changed, siteOf(market))).claims[0]?.files).toMatchObject({ state: "failed" });
});

test("a list of files that is not the one signed is refused", async () => {
  const [first, second] = modelFiles;
  const forged = market.manifest.replace(hexDigest(first!.text), hexDigest("x"));
  const site = siteOf(market, { [`/api/v1/manifests/${market.modelDigest}`]: forged });
  const { claims } = await inspect([handed("b", entry().bundle), handed(second!.path, second!.text)], site);
  expect(claims[0]?.files).toMatchObject({ state: "failed" });
});

test("model files alone lead to their listing and to all that was said about them", async () => {
  const { models, claims } = await inspect(files(), siteOf(market));
  expect(models).toEqual([
    {
      modelDigest: market.modelDigest,
      listing: { slug: "penguins", title: "Penguins", version: 1, isCurrent: true },
      files: { state: "verified", message: expect.stringContaining("all files") },
      counts: { total: 2, adverse: 1, withdrawn: 1 },
    },
  ]);
  expect(claims.map(({ title, links }) => [title, links.adverse, links.withdrawnBy !== null])).toEqual([
    ["Ruling", true, true],
    ["Withdrawal", false, false],
  ]);
  expect(claims.every(({ files: row }) => row.state === "verified")).toBe(true);
});

test("a changed model file is nobody's, and a listed one beside it fails the whole", async () => {
  const lost = await inspect([handed("model.onnx", "weights of a modem")], siteOf(market));
  expect(lost).toMatchObject({ models: [], claims: [] });
  expect(lost.notes[0]).toMatch(/No listing here has a file with these bytes/);
  const mixed = await inspect([handed("model.onnx", "weights of a modem"), files()[1]!], siteOf(market));
  expect(mixed.models[0]?.files).toEqual({
    state: "failed",
    message: "model.onnx differs from the model.onnx that was signed",
  });
});

test("a key that is listed for nobody is untrusted, not forged", async () => {
  const site = siteOf(market);
  const unlisted = {
    ...site,
    readText: async (path: string) =>
      path.startsWith("/api/v1/keys/") ? { text: null, status: 404 } : site.readText(path),
  };
  const { claims } = await inspect([handed("b", entry().bundle)], unlisted);
  expect(claims[0]?.signature).toMatchObject({
    state: "cannot_check",
    message: expect.stringContaining("well signed with the key it brings"),
  });
  expect((await inspect([handed("e", entry().text)], unlisted)).claims[0]?.signature.state).toBe(
    "cannot_check",
  );
});

test("a site that slips in another key is caught by the key's own id", async () => {
  const other = await makeMarket();
  const listed = (await siteOf(other).readText(`/api/v1/keys/${other.keyId}`)).text;
  const site = siteOf(market, { [`/api/v1/keys/${market.keyId}`]: listed });
  const { claims } = await inspect([handed("e", entry().text)], site);
  expect(claims[0]?.signature).toMatchObject({ state: "failed" });
});

test("a checkpoint of another key is foreign, and a changed one fails", async () => {
  const other = keyFrom(9, "market.example/log/1", SIGNATURE_TYPE.ed25519);
  const tree = { origin: "market.example/log/1", size: 2n, root: market.log.root, extensions: [] };
  const foreign = await signCheckpoint(tree, other.key, other.sign);
  const judged = await inspect(
    [
      handed("own", market.checkpoint),
      handed("foreign", foreign),
      handed("changed", market.checkpoint.replace("\n2\n", "\n3\n")),
    ],
    siteOf(market),
  );
  expect(judged.checkpoints.map(({ signature }) => signature.state)).toEqual([
    "verified",
    "cannot_check",
    "failed",
  ]);
});

test.each([
  ["a listing's address", () => `${ORIGIN}/listings/penguins`, 2],
  ["a listing's name", () => "penguins", 2],
  ["a log entry", () => "/log/entries/1", 1],
  ["the digest of files", () => market.modelDigest, 2],
  ["the digest of an envelope", () => entry().sha256, 1],
  ["the hash of a leaf", () => entry().leafHash.toUpperCase(), 1],
  ["the digest of one file", () => hexDigest(modelFiles[0]!.text), 2],
])("%s leads to its claims", async (_, query, count) => {
  const { claims, notes } = await lookUp(query(), siteOf(market));
  expect(notes).toEqual([]);
  expect(claims).toHaveLength(count);
  for (const { signature, log } of claims)
    expect([signature.state, log.state]).toEqual(["verified", "verified"]);
});

test.each([
  ["https://elsewhere.example/listings/penguins", /another site/],
  ["nothing-like-it", /no such listing/],
  ["0".repeat(64), /Nothing here bears this digest/],
  ["/log/entries/9", /no such entry/],
  ["two words", /Paste the address/],
])("what leads nowhere says so: %s", async (query, note) => {
  const { claims, notes } = await lookUp(query, siteOf(market));
  expect(claims).toEqual([]);
  expect(notes.join()).toMatch(note);
});

test("files that are listed and that nobody spoke about are known all the same", async () => {
  const silent = JSON.stringify({ statements: [], total: 0, adverse: 0, withdrawn: 0 });
  const site = siteOf(market, { [`/api/v1/models/${market.modelDigest}/statements`]: silent });
  const { models, notes } = await lookUp(market.modelDigest, site);
  expect(notes).toEqual([]);
  expect(models).toMatchObject([{ modelDigest: market.modelDigest, counts: { total: 0 } }]);
});

const digest = "0".repeat(64);

test.each([429, 500, null, "<html>"])(
  "a site that answers %s is not said to have nothing",
  async (answer) => {
    const readText = async () =>
      typeof answer === "string" ? { text: answer } : { text: null, status: answer };
    const site = { ...siteOf(market), readText };
    for (const asked of ["penguins", `/log/1/bundle/${digest}`, `/api/v1/envelopes/${digest}`, digest]) {
      const { notes } = await lookUp(asked, site);
      expect(notes.join()).toMatch(/does not answer|gives something that/);
      expect(notes.join()).not.toMatch(/no such listing|Nothing here bears|does not give/);
    }
    const { notes } = await inspect(files(), site);
    expect(notes).toEqual(["This site did not answer for 2 of the files; try again in a moment."]);
  },
);

test.each([
  [`/log/1/bundle/${digest}`, /This entry: this site does not give what stands there/],
  [`/api/v1/envelopes/${digest}`, /This envelope: this site does not give what stands there/],
])("an address that nothing stands at is said to be empty: %s", async (path, note) => {
  expect((await lookUp(path, siteOf(market))).notes.join()).toMatch(note);
});

test("an envelope of another digest is not shown for the one that was asked for", async () => {
  const site = siteOf(market, { [`/api/v1/envelopes/${entry().sha256}`]: market.entries[1]!.text });
  const { claims, notes } = await lookUp(`/api/v1/envelopes/${entry().sha256}`, site);
  expect(claims).toEqual([]);
  expect(notes).toEqual(["This envelope: this site gives something that has another digest."]);
});

test("an entry in whose place the site shows another is not called unavailable", async () => {
  const site = siteOf(market, { [`/log/1/bundle/${entry().leafHash}`]: market.entries[1]!.bundle });
  const { claims, notes } = await lookUp("/log/entries/0", site);
  expect(claims).toEqual([]);
  expect(notes).toEqual(["Entry 0: this site gives something that is not this entry."]);
});

test("an envelope that was erased is neither absent nor out of reach", async () => {
  const gone = { ...siteOf(market), readText: async () => ({ text: null, status: 410 }) };
  const { notes } = await lookUp(`/api/v1/envelopes/${digest}`, gone);
  expect(notes.join()).toMatch(/what was signed was erased/);
});
