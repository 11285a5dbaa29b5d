import fc from "fast-check";
import { expect, test } from "vitest";
import { type OpenedCheckpoint, openCheckpoint, readCheckpoint, signCheckpoint } from "./checkpoint";
import { cosign, cosignedMessage, readCosignature } from "./cosignature";
import { canVerifyEd25519, verifyByWebCrypto } from "./ed25519";
import { emptyRoot, leafHash } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { keyFrom } from "./seeded-key.fixture";
import { decodeUtf8 } from "@/lib/shared/encoding";
import {
  formatNote,
  formatSignatureLine,
  formatVkey,
  noteKey,
  readNote,
  readVkey,
  signersOf,
} from "./signed-note";

const log = keyFrom(1, "market.example/log/1", 1);
const witness = keyFrom(2, "observer.example", 4);
const root = leafHash(new TextEncoder().encode("one"));
const checkpoint = { origin: log.key.name, size: 20_852_163n, root, extensions: [] };

async function cosigned() {
  const note = await signCheckpoint(checkpoint, log.key, log.sign);
  const { text } = readNote(note)!;
  return note + formatSignatureLine(await cosign(text, 1_679_315_147n, witness.key, witness.sign));
}

const trust = { logs: [log.key], witnesses: [witness.key] };
const open = (note: string) => openCheckpoint(note, trust, verifyByNode);

/** Go's own example key and note. */
const neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const neumannNote =
  "If you think cryptography is the answer to your problem,\n" +
  "then you don't know what your problem is.\n\n" +
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

test("the note of Go's documentation verifies under its key", async () => {
  const key = readVkey(neumann)!;
  expect(formatVkey(key)).toBe(neumann);
  const note = readNote(neumannNote)!;
  expect(formatNote(note)).toBe(neumannNote);
  expect((await signersOf(note, [key], verifyByNode))?.map((signer) => signer.key.name)).toEqual([
    "PeterNeumann",
  ]);
  expect((await signersOf(note, [key], verifyByWebCrypto))?.length).toBe(1);
  expect(await canVerifyEd25519()).toBe(true);
});

test("a note is split at its last blank line", async () => {
  const line = formatSignatureLine({ name: "a.example", keyId: "01020304", bytes: new Uint8Array(64) });
  const text = "one\n\ntwo\n\nthree\n";
  expect(readNote(`${text}\n${line}`)?.text).toBe(text);
});

test.each([
  ["no signature", "text\n\n"],
  ["no blank line", "text\n— a AAAAAAAA\n"],
  ["no last line feed", "text\n\n— a AAAAAAAA"],
  ["an empty text", "\n\n— a AAAAAAAA\n"],
  ["a hyphen for the dash", "text\n\n- a AAAAAAAA\n"],
  ["a control character", "te\tt\n\n— a AAAAAAAA\n"],
  ["a carriage return", "text\r\n\n— a AAAAAAAA\n"],
  ["a plus sign in the name", "text\n\n— a+b AAAAAAAA\n"],
  ["a signature of the key id alone", "text\n\n— a AAAAAA==\n"],
  ["unpadded base64", "text\n\n— a AAAAAAA\n"],
  ["URL-safe base64", "text\n\n— a AAAA__AA\n"],
  ["text after the signatures", "text\n\n— a AAAAAAAA\nmore\n"],
  ["a lone surrogate", "te\ud800t\n\n— a AAAAAAAA\n"],
])("a note with %s is none", (_what, note) => {
  expect(readNote(note)).toBeNull();
});

test("bytes that are not UTF-8 are no text, and a byte order mark is part of it", () => {
  expect(decodeUtf8(Uint8Array.of(0x61, 0xff))).toBeNull();
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
});

test("a hundred signatures are accepted and one more is not", () => {
  const line = (at: number) =>
    formatSignatureLine({ name: `w${at}.example`, keyId: "01020304", bytes: new Uint8Array(72) });
  const note = (count: number) => `text\n\n${Array.from({ length: count }, (_, at) => line(at)).join("")}`;
  expect(readNote(note(16))?.signatures.length).toBe(16);
  expect(readNote(note(100))?.signatures.length).toBe(100);
  expect(readNote(note(101))).toBeNull();
});

test("unknown keys are ignored and a known key that fails rejects everything", async () => {
  const note = await cosigned();
  const stranger = formatSignatureLine({
    name: "stranger.example",
    keyId: "00000001",
    bytes: new Uint8Array(64),
  });
  expect(await open(note + stranger)).toMatchObject({ cosignatures: [{ timestamp: 1_679_315_147n }] });
  const sameNameOtherId = formatSignatureLine({ ...log.key, keyId: "00000001", bytes: new Uint8Array(64) });
  expect(await open(note + sameNameOtherId)).toMatchObject({ checkpoint });
  for (const key of [log.key, witness.key]) {
    const forged = formatSignatureLine({ name: key.name, keyId: key.keyId, bytes: new Uint8Array(72) });
    expect(await open(note + forged)).toBe("forged");
  }
});

test("a key that signed twice is one signer", async () => {
  const note = await cosigned();
  const twice = note + note.split("\n").at(-2) + "\n";
  const opened = (await open(twice)) as OpenedCheckpoint;
  expect(opened.cosignatures.length).toBe(1);
});

test("a vkey is split at its first two plus signs, and its id follows from its parts", () => {
  const { key } = keyFrom(3, "a.example", 1);
  const vkeys = Array.from({ length: 40 }, (_, seed) => formatVkey(keyFrom(seed, "a.example", 1).key));
  expect(vkeys.some((vkey) => vkey.split("+").length > 3)).toBe(true);
  for (const vkey of vkeys) expect(formatVkey(readVkey(vkey)!)).toBe(vkey);
  const vkey = formatVkey(key);
  for (const wrong of [
    "",
    "a",
    vkey.replace("a.", "b."),
    vkey.slice(0, -4),
    `${vkey}\n`,
    vkey.replace("+", "++"),
  ])
    expect(readVkey(wrong)).toBeNull();
  expect(() => noteKey("with space", 1, key.publicKey)).toThrow(RangeError);
});

test("a checkpoint is signed the same way every time, and opened as it was", async () => {
  const note = await signCheckpoint(checkpoint, log.key, log.sign);
  expect(await signCheckpoint(checkpoint, log.key, log.sign)).toBe(note);
  expect(note.startsWith("market.example/log/1\n20852163\n")).toBe(true);
  expect(await open(note)).toMatchObject({ checkpoint, cosignatures: [] });
  await expect(signCheckpoint({ ...checkpoint, origin: "other" }, log.key, log.sign)).rejects.toThrow(
    RangeError,
  );
});

test("a checkpoint of another log is not trusted, whoever signed it", async () => {
  const other = keyFrom(4, "elsewhere.example", 1);
  const note = await signCheckpoint({ ...checkpoint, origin: other.key.name }, other.key, other.sign);
  expect(await open(note)).toBe("untrusted_log");
  const { text } = readNote(note)!;
  const bytes = await log.sign(new TextEncoder().encode(text));
  expect(await open(note + formatSignatureLine({ ...log.key, bytes: bytes as Uint8Array }))).toBe(
    "untrusted_log",
  );
});

test.each([
  ["leading zero", "o\n01\nR\n"],
  ["negative size", "o\n-1\nR\n"],
  ["size of 2^63", `o\n${2n ** 63n}\nR\n`],
  ["missing root", "o\n1\n"],
  ["short root", "o\n1\nAAAA\n"],
  ["empty origin", "\n1\nR\n"],
  ["empty extension", "o\n1\nR\n\n"],
  ["empty tree with another root", "o\n0\nR\n"],
])("a checkpoint with a %s is none", (_what, text) => {
  expect(readCheckpoint(text.replace("R", Buffer.from(root).toString("base64")))).toBeNull();
});

test("the empty tree and extension lines are read", () => {
  const empty = Buffer.from(emptyRoot()).toString("base64");
  expect(readCheckpoint(`o\n0\n${empty}\n`)).toMatchObject({ size: 0n });
  expect(readCheckpoint(`o\n0\n${empty}\none\ntwo\n`)?.extensions).toEqual(["one", "two"]);
  expect(readCheckpoint(`o\n${2n ** 63n - 1n}\n${Buffer.from(root).toString("base64")}\n`)?.size).toBe(
    2n ** 63n - 1n,
  );
});

test("a cosignature signs the time and the checkpoint's own text", async () => {
  expect(new TextDecoder().decode(cosignedMessage("a\n1\nr\n", 12n))).toBe(
    "cosignature/v1\ntime 12\na\n1\nr\n",
  );
  const opened = (await open(await cosigned())) as OpenedCheckpoint;
  expect(opened.cosignatures.map(({ timestamp }) => timestamp)).toEqual([1_679_315_147n]);
  await expect(cosign("a\n1\nr\n", 0n, witness.key, witness.sign)).rejects.toThrow(RangeError);
  await expect(cosign("a\n1\nr\n", 1n, log.key, log.sign)).rejects.toThrow(RangeError);
});

test("a post-quantum cosignature is read by its length and decides nothing", async () => {
  const key = noteKey("later.example", 6, new Uint8Array(1312).fill(9));
  expect(readVkey(formatVkey(key))).toEqual(key);
  const bytes = new Uint8Array(8 + 2420);
  expect(readCosignature(6, bytes)).toMatchObject({ timestamp: 0n });
  expect(readCosignature(6, bytes.slice(1))).toBeNull();
  expect(readCosignature(4, bytes)).toBeNull();
  expect(readCosignature(5, bytes)).toBeNull();
  const note = (await cosigned()) + formatSignatureLine({ name: key.name, keyId: key.keyId, bytes });
  const opened = await openCheckpoint(note, { ...trust, witnesses: [witness.key, key] }, verifyByNode);
  expect((opened as OpenedCheckpoint).cosignatures.length).toBe(1);
});

test("no byte of a signed checkpoint can change and leave it trusted", async () => {
  const note = new TextEncoder().encode(await cosigned());
  for (let at = 0; at < note.length; at++) {
    for (const mask of [1, 2, 16, 0x80]) {
      const changed = note.slice();
      changed[at]! ^= mask;
      const text = decodeUtf8(changed);
      const opened = text === null ? "malformed" : await open(text);
      if (typeof opened === "string") continue;
      // A witness line whose name or key id changed is a stranger's: fewer observers, the same checkpoint.
      expect(opened.checkpoint).toEqual(checkpoint);
      expect(opened.cosignatures.length).toBe(0);
    }
  }
});

test("no text makes a reader throw", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (noise) => {
      readVkey(noise);
      readCheckpoint(noise);
      expect(["malformed", "untrusted_log", "forged"]).toContain(await open(noise));
    }),
    { numRuns: 2_000 },
  );
});
