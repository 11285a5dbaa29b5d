import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64, toHex } from "@/lib/shared/encoding";
import { modelManifest } from "@/lib/catalogue/model-manifest";
import { sha256 } from "@noble/hashes/sha2.js";
import { importModelSigning } from "./model-signing";
import { type Resource, resourcesOf, rootOf, signedBundle } from "./model-signing.fixture";
import { derToRaw } from "@/lib/statements/ecdsa-signature";

const stateOf = async (bundle: unknown, ...publicKeys: string[]) => {
  const { draft, traps } = await importModelSigning("model.sig", JSON.stringify(bundle), { publicKeys });
  return { ...draft.signature, traps: traps.map(({ code }) => code) };
};

describe("model signing bundle", () => {
  it.each(["P-256", "P-384", "P-521"] as const)(
    "signed with a key on %s verifies under it",
    async (curve) => {
      const { bundle, pem } = await signedBundle({ curve });
      expect(await stateOf(bundle, pem)).toMatchObject({ state: "verified", method: "key", traps: [] });
    },
  );

  it("has the identity of its files with their names, whatever order they are listed in", async () => {
    const resources = resourcesOf("tokenizer/vocab.json", "config.json", "tokenizer.json");
    const { bundle, pem } = await signedBundle({ resources });
    const { modelDigest, manifestText, rootDigest } = await stateOf(bundle, pem);
    const own = modelManifest(resources.map(({ name, digest }) => ({ path: name, sha256: digest })));
    expect(manifestText).toBe(own);
    expect(toHex(sha256(new TextEncoder().encode(own)))).toBe(modelDigest);
    expect(rootDigest).toBe(rootOf(resources));
  });

  it("under a renamed file keeps its root digest and changes its identity", async () => {
    const [first, second] = resourcesOf("a.bin", "b.bin") as [Resource, Resource];
    const before = await stateOf((await signedBundle({ resources: [first, second] })).bundle);
    const renamed = [first, { ...second, name: "c.bin" }];
    const after = await stateOf((await signedBundle({ resources: renamed })).bundle);
    expect(after.rootDigest).toBe(before.rootDigest);
    expect(after.modelDigest).not.toBe(before.modelDigest);
  });

  it("whose key is not given is not checked, which is not forged", async () => {
    const { bundle } = await signedBundle({});
    const other = await signedBundle({});
    expect(await stateOf(bundle)).toMatchObject({ state: "not_checked", traps: ["signature_not_checked"] });
    expect(await stateOf(bundle, other.pem)).toMatchObject({ state: "not_checked" });
  });

  it("that names a given key and was signed with another is forged", async () => {
    const { bundle, pem } = await signedBundle({});
    const other = await signedBundle({ resources: resourcesOf("other.bin") });
    const envelope = { ...bundle.dsseEnvelope, signatures: other.bundle.dsseEnvelope.signatures };
    expect(await stateOf({ ...bundle, dsseEnvelope: envelope }, pem)).toMatchObject({ state: "forged" });
  });

  it("never verifies with any byte of payload or signature changed", async () => {
    const { bundle, pem } = await signedBundle({ curve: "P-256" });
    const { payload, signatures } = bundle.dsseEnvelope;
    const changed = (text: string, at: number) => {
      const bytes = decodeBase64(text) ?? new Uint8Array();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return encodeBase64(bytes);
    };
    const sig = signatures[0]?.sig ?? "";
    for (let at = 0; at < (decodeBase64(payload)?.length ?? 0); at++) {
      const envelope = { ...bundle.dsseEnvelope, payload: changed(payload, at) };
      const { state } = await stateOf({ ...bundle, dsseEnvelope: envelope }, pem);
      expect(["forged", "malformed"]).toContain(state);
    }
    for (let at = 0; at < (decodeBase64(sig)?.length ?? 0); at++) {
      const envelope = { ...bundle.dsseEnvelope, signatures: [{ sig: changed(sig, at) }] };
      expect((await stateOf({ ...bundle, dsseEnvelope: envelope }, pem)).state).toBe("forged");
    }
  });

  it.each([
    ["certificate", { x509CertificateChain: { certificates: [{ rawBytes: "AA==" }] } }],
    ["sigstore", { certificate: { rawBytes: "AA==" }, tlogEntries: [{ logIndex: "1" }] }],
  ])("signed by %s is unsupported, which is not forged", async (method, verificationMaterial) => {
    const { bundle, pem } = await signedBundle({});
    const found = await stateOf({ ...bundle, verificationMaterial }, pem);
    expect(found).toMatchObject({ method, state: "unsupported", traps: ["signature_unsupported"] });
    expect(found.modelDigest).not.toBeNull();
  });

  it.each([
    ["another predicate", { predicateType: "https://example.com/other/v1" }],
    ["a root that does not follow", { root: "00".repeat(32) }],
    ["a path that leaves its folder", { resources: resourcesOf("../secret") }],
    ["two files of one name", { resources: resourcesOf("a", "a") }],
    ["no files", { resources: [] }],
    ["a hash nobody knows", { serialization: { hash_type: "md5" } }],
    [
      "shards with a gap",
      {
        resources: resourcesOf("w.bin:0:10", "w.bin:20:30"),
        serialization: { method: "shards", shard_size: 10 },
      },
    ],
  ])("that holds %s is malformed, even truly signed", async (_, options) => {
    const { bundle, pem } = await signedBundle(options);
    expect(await stateOf(bundle, pem)).toMatchObject({ state: "malformed", modelDigest: null });
  });

  it("in shards verifies, and its identity differs from that of whole files", async () => {
    const resources = resourcesOf("w.bin:0:10", "w.bin:10:15");
    const { bundle, pem } = await signedBundle({
      resources,
      serialization: { method: "shards", shard_size: 10 },
    });
    const found = await stateOf(bundle, pem);
    expect(found).toMatchObject({ state: "verified" });
    expect(found.modelDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("in shards that name their size, as the reference program writes them, is the same list", async () => {
    const serialization = { method: "shards", shard_size: 10 };
    const resources = resourcesOf("w.bin:0:10", "w.bin:10:15");
    const written = resources.map((one) => ({ ...one, algorithm: "sha256-sharded-10" }));
    const { bundle, pem } = await signedBundle({ resources: written, serialization });
    const plain = await signedBundle({ resources, serialization });
    const found = await stateOf(bundle, pem);
    expect(found).toMatchObject({ state: "verified", hashing: { algorithm: "sha256", partBytes: 10 } });
    expect(found.modelDigest).toBe((await stateOf(plain.bundle)).modelDigest);
    const other = resources.map((one) => ({ ...one, algorithm: "sha256-sharded-11" }));
    const wrong = await signedBundle({ resources: other, serialization });
    expect((await stateOf(wrong.bundle, wrong.pem)).state).toBe("malformed");
  });

  it("of a model that is a single file verifies, though its list gives the file no name", async () => {
    for (const names of [["."], [".:0:8", ".:8:9"]]) {
      const serialization = names.length === 1 ? {} : { method: "shards", shard_size: 8 };
      const { bundle, pem } = await signedBundle({ resources: resourcesOf(...names), serialization });
      expect(await stateOf(bundle, pem)).toMatchObject({ state: "verified" });
    }
    const { bundle, pem } = await signedBundle({ resources: resourcesOf(".", "a.bin") });
    expect((await stateOf(bundle, pem)).state).toBe("malformed");
  });

  it("says which paths its signer left out", async () => {
    const serialization = { ignore_paths: ["./code/", "notes.md", "."] };
    const { bundle, pem } = await signedBundle({ serialization });
    expect((await stateOf(bundle, pem)).ignored).toEqual(["code", "notes.md", ""]);
  });

  it("verifies under its key with words around it, with other line ends and without the last one", async () => {
    const { bundle, pem } = await signedBundle({ curve: "P-256" });
    for (const given of [`Key of Ada\n\n${pem}`, pem.replaceAll("\n", "\r\n"), pem.trim()])
      expect(await stateOf(bundle, given)).toMatchObject({ state: "verified", signedWith: pem });
  });

  it("that names its key by the text of the file, as published, verifies under that file", async () => {
    const { bundle, pem } = await signedBundle({});
    const published = `Published in May\n${pem}`;
    const hint = toHex(sha256(new TextEncoder().encode(published)));
    const named = { ...bundle, verificationMaterial: { publicKey: { hint } } };
    expect((await stateOf(named, published)).state).toBe("verified");
    expect((await stateOf(named, pem)).state).toBe("not_checked");
  });

  it.each([undefined, null, ""])(
    "with the key id %j verifies, also where no key is hinted at",
    async (keyid) => {
      const { bundle, pem } = await signedBundle({});
      const other = await signedBundle({});
      const signatures = bundle.dsseEnvelope.signatures.map(({ sig }) => ({ sig, keyid }));
      const unnamed = {
        ...bundle,
        verificationMaterial: { publicKey: {} },
        dsseEnvelope: { ...bundle.dsseEnvelope, signatures },
      };
      expect((await stateOf(unnamed, other.pem, pem)).state).toBe("verified");
      expect((await stateOf(unnamed, other.pem)).state).toBe("not_checked");
    },
  );

  it("from before version 1.0 is unsupported, which is not forged", async () => {
    const { bundle, pem } = await signedBundle({ predicateType: "https://model_signing/Digests/v0.1" });
    expect(await stateOf(bundle, pem)).toMatchObject({
      state: "unsupported",
      traps: ["signature_unsupported"],
    });
  });

  it("without envelope, key or log entry where one is needed is malformed", async () => {
    const { bundle } = await signedBundle({});
    const { dsseEnvelope, verificationMaterial, mediaType } = bundle;
    expect((await stateOf({ mediaType, verificationMaterial })).state).toBe("malformed");
    expect((await stateOf({ mediaType, dsseEnvelope })).state).toBe("malformed");
    const keyless = { certificate: { rawBytes: "AA==" }, tlogEntries: [] };
    expect((await stateOf({ ...bundle, verificationMaterial: keyless })).state).toBe("malformed");
  });
});

describe("DER signature", () => {
  it("is read in its one strict form only", () => {
    expect(derToRaw(Uint8Array.from([0x30, 6, 2, 1, 1, 2, 1, 2]), 2)).toEqual(Uint8Array.from([0, 1, 0, 2]));
    for (const bad of [
      [0x30, 0x81, 6, 2, 1, 1, 2, 1, 2],
      [0x30, 7, 2, 2, 0, 1, 2, 1, 2],
      [0x30, 6, 2, 1, 0x81, 2, 1, 2],
      [0x30, 6, 2, 1, 1, 2, 1, 2, 0],
      [0x30, 3, 2, 1, 1],
      [],
    ])
      expect(derToRaw(Uint8Array.from(bad), 2)).toBeNull();
  });
});
