import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectStore } from "./object-store.fixture";
import { unwrapDataKey, wrapDataKey } from "./master-key";
import {
  DamagedObjectError,
  deleteObject,
  openObject,
  putObject,
  randomAccess,
  sweepIncoming,
} from "./storage";
import { diskDriver } from "./storage-disk";
import type { StorageDriver } from "./storage-driver";
import { s3Driver } from "./storage-s3";

const root = mkdtempSync(path.join(tmpdir(), "offcut-storage-"));
const { bucket, openUploads, answer: answerAsObjectStore } = objectStore();
let store: Server;
const drivers: Record<string, StorageDriver> = { disk: diskDriver(root) };

beforeAll(async () => {
  Object.assign(process.env, {
    DATABASE_URL: "postgres://nobody@127.0.0.1/none",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    OFFCUT_MASTER_KEY: randomBytes(32).toString("hex"),
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  store = createServer(answerAsObjectStore).listen(0, "127.0.0.1");
  await new Promise((listening) => store.once("listening", listening));
  const { port } = store.address() as AddressInfo;
  drivers.s3 = s3Driver({ bucket: "b", region: "us-east-1", endpoint: `http://127.0.0.1:${port}` });
});

afterAll(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

const driverNamed = (name: string): StorageDriver => {
  const driver = drivers[name];
  if (!driver) throw new Error(`no driver ${name}`);
  return driver;
};

function storedNames(name: string): string[] {
  if (name === "s3") return [...bucket.keys()];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

describe.each(["disk", "s3"])("on %s", (name) => {
  test.each([0, 100_000, 12_000_000])("%i bytes are digested, sealed and come back", async (size) => {
    const plain = randomBytes(size);
    const driver = driverNamed(name);
    const stored = await putObject(Readable.from([plain], { objectMode: false }), { maxBytes: size }, driver);
    expect(stored.sha256).toBe(createHash("sha256").update(plain).digest("hex"));
    expect(stored.sizeBytes).toBe(size);
    expect((await buffer(await openObject(stored, undefined, driver))).equals(plain)).toBe(true);
    const { sizeBytes, read } = await randomAccess(stored, driver);
    expect(sizeBytes).toBe(size);
    const from = Math.floor(size / 3);
    expect((await read(from, size - from)).equals(plain.subarray(from))).toBe(true);
    await deleteObject(stored, driver);
    await expect(openObject(stored, undefined, driver)).rejects.toThrow(DamagedObjectError);
  });

  test("a file over the limit is refused and leaves nothing", async () => {
    const before = storedNames(name);
    const source = Readable.from([randomBytes(60_000), randomBytes(60_000)]);
    await expect(putObject(source, { maxBytes: 100_000 }, driverNamed(name))).rejects.toThrow(
      expect.objectContaining({ code: "file_too_large" }),
    );
    expect(storedNames(name)).toEqual(before);
  });

  test("an upload that breaks off leaves nothing", async () => {
    const before = storedNames(name);
    const source = Readable.from(
      (async function* () {
        for (let part = 0; part < 120; part++) yield randomBytes(100_000);
        throw new Error("the connection broke");
      })(),
    );
    await expect(putObject(source, { maxBytes: 1e9 }, driverNamed(name))).rejects.toThrow("connection broke");
    expect(storedNames(name)).toEqual(before);
    expect(openUploads.size).toBe(0);
  });

  test("without its key an object cannot be read", async () => {
    const driver = driverNamed(name);
    const stored = await putObject(Readable.from([randomBytes(10)]), { maxBytes: 10 }, driver);
    await driver.remove(`keys/${stored.storageKey.slice(0, 2)}/${stored.storageKey}`);
    await expect(openObject(stored, undefined, driver)).rejects.toThrow(/deleted/);
    await deleteObject(stored, driver);
  });
});

test("an object cut short on disk ends its stream with an error, never with fewer bytes", async () => {
  const driver = driverNamed("disk");
  const stored = await putObject(Readable.from([randomBytes(200_000)]), { maxBytes: 200_000 }, driver);
  const file = path.join(root, "objects", stored.storageKey.slice(0, 2), stored.storageKey);
  truncateSync(file, 2 * (65_536 + 16));
  await expect(buffer(await openObject(stored, undefined, driver))).rejects.toThrow(DamagedObjectError);
});

test("the key of one object does not open another, nor does another master key", () => {
  const dataKey = randomBytes(32);
  const wrapped = wrapDataKey(dataKey, "a".repeat(40));
  expect(wrapped.includes(dataKey)).toBe(false);
  expect(unwrapDataKey(wrapped, "a".repeat(40)).equals(dataKey)).toBe(true);
  expect(() => unwrapDataKey(wrapped, "b".repeat(40))).toThrow(DamagedObjectError);
  expect(() => unwrapDataKey(wrapped, "a".repeat(40), randomBytes(32))).toThrow(DamagedObjectError);
});

test("what a crash left in the middle of an upload is swept once it is old enough", async () => {
  const file = path.join(root, "incoming", "left-behind");
  writeFileSync(file, "half");
  expect(await sweepIncoming(new Date(Date.now() - 60_000), driverNamed("disk"))).toBe(0);
  expect(readFileSync(file, "utf8")).toBe("half");
  expect(await sweepIncoming(new Date(Date.now() + 60_000), driverNamed("disk"))).toBe(1);
});
