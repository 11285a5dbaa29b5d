import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkArtifact } from "./detect";
import { openZip } from "./zip-archive";
import { type ZipMember, zipOf } from "./zip.fixture";

const readerOf = (bytes: Uint8Array) => ({
  sizeBytes: bytes.length,
  read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
});
const textIn = async (bytes: Uint8Array, name: string) => {
  const { entries, unpack } = await openZip(readerOf(bytes));
  const entry = entries.get(name);
  return entry ? new TextDecoder().decode(await unpack(entry)) : null;
};
const header: ZipMember = { name: "header.json", content: "{}" };
const zeros = (length: number) => new Uint8Array(length);

describe("a zip archive", () => {
  it.each(["stored", "deflated", "zstd"] as const)("gives back what was packed: %s", async (method) => {
    const content = "a text, a text and a text";
    expect(await textIn(zipOf([header, { name: "a.json", content, method }]), "a.json")).toBe(content);
  });

  it("with two files of one name gives the last, as other programs do", async () => {
    expect(await textIn(zipOf([header, { ...header, content: "[]" }]), "header.json")).toBe("[]");
  });

  it.each<[string, ZipMember, string]>([
    ["a file above 32 MB", { name: "a", content: zeros(34_000_000), method: "stored" }, "32 MB"],
    ["a file that unpacks to 500 times its size", { name: "a", content: zeros(2_000_000) }, "500 times"],
    ["an encrypted file", { name: "a", content: "x", says: { flags: 1 } }, "encrypted"],
    ["a way of packing not known", { name: "a", content: "x", says: { method: 12 } }, "packed in a way"],
    ["a place outside of it", { name: "../a", content: "x" }, "outside"],
  ])("is refused by its directory for %s", async (_, member, reason) => {
    await expect(openZip(readerOf(zipOf([member])))).rejects.toThrow(reason);
  });

  it("is refused when all of it together is above 256 MB, or has more than 50,000 files", async () => {
    const digestOf = (index: number) => createHash("sha256").update(String(index)).digest();
    const content = Buffer.concat(Array.from({ length: 3_000 }, (_, index) => digestOf(index)));
    const large = Array.from({ length: 9 }, (_, index) => ({ name: `${index}`, content }));
    await expect(openZip(readerOf(zipOf(large)))).resolves.toBeDefined();
    const claimed = large.map((one) => ({ ...one, says: { unpackedBytes: 30_000_000 } }));
    await expect(openZip(readerOf(zipOf(claimed)))).rejects.toThrow("256 MB");
    const many = Array.from({ length: 50_001 }, (_, index) => ({
      ...{ name: `${index}`, content: "", method: "stored" as const },
    }));
    await expect(openZip(readerOf(zipOf(many)))).rejects.toThrow("50,000 files");
  });

  it("never unpacks more than its directory states, and nothing whose sum differs", async () => {
    const short = { name: "a.json", content: "x".repeat(900_000), says: { unpackedBytes: 10 } };
    await expect(textIn(zipOf([short]), "a.json")).rejects.toThrow("damaged");
    const other = { name: "a.json", content: "x", says: { crc: 1 } };
    await expect(textIn(zipOf([other]), "a.json")).rejects.toThrow("damaged");
  });

  it("that is cut anywhere is refused in a sentence, and never crashes", async () => {
    const bytes = zipOf([header, { name: "a.json", content: "a text" }]);
    for (let length = 0; length < bytes.length; length++)
      await expect(textIn(bytes.subarray(0, length), "a.json")).rejects.toThrow(/damaged|cut off/);
  });
});

describe("of what is kept", () => {
  it("an Inspect log under its own name is, and any other zip or name is not", async () => {
    const log = zipOf([header, { name: "samples/1_epoch_1.json", content: "{}" }]);
    expect(await checkArtifact("a.eval", readerOf(log))).toMatchObject({ format: "eval", ok: true });
    expect(await checkArtifact("a.zip", readerOf(log))).toMatchObject({ ok: false, refusalCode: "archive" });
    const others = [[{ name: "a.json", content: "{}" }], [header, { name: "data.pkl", content: "x" }]];
    for (const members of others)
      expect(await checkArtifact("a.eval", readerOf(zipOf(members)))).toMatchObject({ ok: false });
  });

  it("a Parquet file is when it is whole", async () => {
    const whole = new TextEncoder().encode("PAR1....\x04\0\0\0PAR1");
    expect(await checkArtifact("a.parquet", readerOf(whole))).toMatchObject({ format: "parquet", ok: true });
    const cut = await checkArtifact("a.parquet", readerOf(whole.subarray(0, -2)));
    expect(cut).toMatchObject({ ok: false, refusalCode: "truncated" });
  });
});
