import { readFileSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { modelManifest } from "@/lib/catalogue/model-manifest";
import { toHex } from "@/lib/shared/encoding";
import { compareFiles } from "@/lib/verification/file-comparison";
import { importModelSigning } from "@/lib/formats/model-signing";
import { signedBundle } from "@/lib/formats/model-signing.fixture";
import { hexDigest } from "./verify-envelope";

/**
 * A changed byte of a model's files is found. The other things that carry proof have their own such tests: envelope
 * (verify-envelope), checkpoint, bundle and proof (log/checkpoint, log/bundle), tiles and entries (log/tile-reader).
 */

const folder = "prisma/seed/models/short-mail-spam";
const names = ["model.onnx", "listing.ts"];
const files = names.map((path) => ({ path, bytes: new Uint8Array(readFileSync(`${folder}/${path}`)) }));
const digestsOf = (held: typeof files) =>
  held.map(({ path, bytes }) => ({ path, sha256: toHex(sha256(bytes)) }));
const listed = digestsOf(files);
const manifest = modelManifest(listed);
const modelDigest = hexDigest(manifest);

test("no byte of a model file can change and leave the model's identity, or its files matching", () => {
  const unnoticed: string[] = [];
  for (const { path, bytes } of files) {
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      const held = digestsOf(files.map((file) => (file.path === path ? { path, bytes: changed } : file)));
      const isSame = hexDigest(modelManifest(held)) === modelDigest;
      if (isSame || compareFiles(listed, held).state !== "failed") unnoticed.push(`${path} at ${at}`);
    }
  }
  expect(unnoticed).toEqual([]);
}, 60_000);

test("no byte of a manifest can change and keep its digest", () => {
  const bytes = new TextEncoder().encode(manifest);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Uint8Array.from(bytes);
    changed[at]! ^= 1 << (at % 8);
    expect(toHex(sha256(changed)), String(at)).not.toBe(modelDigest);
  }
});

test("no byte of a signed model manifest can change and leave other files verified", async () => {
  const { bundle, pem } = await signedBundle({ curve: "P-256" });
  const stateOf = async (text: string) => {
    const { draft } = await importModelSigning("model.sig", text, { publicKeys: [pem] });
    return draft.signature;
  };
  const text = JSON.stringify(bundle);
  const untouched = await stateOf(text);
  expect(untouched?.state).toBe("verified");
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Uint8Array.from(bytes);
    changed[at]! ^= 1 << (at % 7);
    const found = await stateOf(new TextDecoder().decode(changed));
    if (found?.state === "verified")
      expect([found.modelDigest, found.rootDigest]).toEqual([untouched?.modelDigest, untouched?.rootDigest]);
  }
}, 120_000);
