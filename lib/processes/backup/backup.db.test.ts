import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findListing } from "@/lib/catalogue/queries/find-listing";
import { type MarketDeal, pay, signedDeal } from "@/lib/deals/deal.fixture";
import { listDeals } from "@/lib/deals/queries/deal-list";
import { drain, makeEnvelopes } from "@/lib/evidence/log.fixture";
import { openPlatformKey } from "@/lib/evidence/commands/platform-key";
import { checkpointFile, logKeyFile } from "@/lib/log/process/log-files";
import { type Sequencer, openSequencer } from "@/lib/log/process/sequencer";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation, readInstallation } from "@/lib/platform/installation";
import { objectStore } from "@/lib/platform/object-store.fixture";
import { enqueueMail } from "@/lib/platform/outbox";
import { openReadPool } from "@/lib/platform/read-pool";
import { openObject } from "@/lib/platform/storage";
import { PrismaClient } from "@/prisma/generated/client";
import { dropDatabase, scratchName, withConnection, withDatabaseName } from "../database/databases.mjs";
import { type Made, makeBackup } from "./make";
import { BackupRefusal, objectFile, tableFile } from "./manifest";
import { restoreBackup } from "./restore";

const place = mkdtempSync(path.join(tmpdir(), "offcut-backup-"));
const holder = globalThis as { offcutDb?: unknown; offcutReadPool?: unknown };
const databases: string[] = [];
let deal: MarketDeal;
let made: Made;

beforeAll(async () => {
  await openInstallation();
  await openPlatformKey();
  deal = await signedDeal();
  await pay(deal);
  await signedDeal();
  await inTransaction((tx) =>
    enqueueMail(tx, "waits", { to: "a@example.test", subject: "Waits", text: "Yes." }),
  );
  const { submit } = await makeEnvelopes();
  await submit(3);
  await withLog(env().DATABASE_URL, env().DATA_DIR, drain);
  made = await makeBackup(env().DATABASE_URL, place, new Date("2026-11-30T12:00:00Z"));
});
afterAll(async () => {
  for (const url of databases) await dropDatabase(url);
  rmSync(place, { recursive: true, force: true });
});

/** Runs the log of a market whose key and second place lie in `folder`. */
async function withLog(databaseUrl: string, folder: string, work: (sequencer: Sequencer) => Promise<void>) {
  const { logOrigin: origin } = await readInstallation();
  const within = (file: string) => path.join(folder, path.relative(path.resolve(env().DATA_DIR), file));
  const places = { origin, keyFile: within(logKeyFile()), checkpointFile: within(checkpointFile()) };
  const sequencer = (await openSequencer({ databaseUrl, ...places }))!;
  await work(sequencer).finally(() => sequencer.close());
}

/** A database and a data folder of their own, with those keys that an operator keeps elsewhere. */
function emptyPlace({ hasFileKeys = true } = {}) {
  const url = withDatabaseName(env().DATABASE_URL, scratchName("restored"));
  const folder = mkdtempSync(path.join(place, "data-"));
  databases.push(url);
  cpSync(path.join(env().DATA_DIR, "keys"), path.join(folder, "keys"), { recursive: true });
  const fileKeys = path.join("storage", "keys");
  if (hasFileKeys)
    cpSync(path.join(env().DATA_DIR, fileKeys), path.join(folder, fileKeys), { recursive: true });
  return { url, folder };
}

type Place = ReturnType<typeof emptyPlace>;

type Settings = Record<string, string>;

function command(
  script: string,
  argument: string,
  { url, folder }: Place,
  settings: Settings = {},
): ChildProcess {
  const args = ["--conditions=react-server", "--import", "tsx", `lib/processes/${script}`, argument];
  const env = { ...process.env, DATABASE_URL: url, DATA_DIR: folder, ...settings };
  return spawn(process.execPath, args, { env });
}

/** A command as an operator runs it: what it said and how it ended. */
async function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said };
}

const restored = (backup: string, into: Place, settings?: Settings) =>
  ended(command("restore.ts", backup, into, settings));

/** An S3 store, and the settings with which the market keeps its files there. */
async function openStore() {
  const store = objectStore();
  const server = createServer(store.answer).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    S3_BUCKET: "b",
    S3_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return { bucket: store.bucket, settings, close: () => server.close() };
}

/** What the pages of a listing and of somebody's deals are made from. */
async function answers() {
  const { slug } = await db.listing.findUniqueOrThrow({ where: { id: deal.listingId } });
  return {
    listing: await findListing(null, slug),
    deals: await listDeals(deal.buyer, "all"),
  };
}

/** Runs `work` against another database than that of this file. */
async function onDatabase<T>(url: string, work: () => Promise<T>): Promise<T> {
  const own = { offcutDb: holder.offcutDb, offcutReadPool: holder.offcutReadPool };
  const client = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, options: "-c timezone=UTC" }),
  });
  const pool = openReadPool(url);
  Object.assign(globalThis, { offcutDb: client, offcutReadPool: pool });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, own);
    await Promise.all([client.$disconnect(), pool.end()]);
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

test("a market restored elsewhere holds every rule, answers the same, and its log goes on", async () => {
  const into = emptyPlace();
  const { code, said } = await restored(made.folder, into);
  expect(said).toContain("Restored as of 2026-11-30T12:00:00.000Z.");
  expect(said).not.toContain("false");
  expect(code).toBe(0);
  const own = await answers();
  expect(own).toMatchObject({ listing: { kind: "listing" }, deals: [{ id: deal.dealId }] });
  expect(await onDatabase(into.url, answers)).toEqual(own);
  await onDatabase(into.url, async () => {
    const again = await makeBackup(into.url, path.join(place, "again"), new Date());
    expect(again.manifest.tables).toEqual(made.manifest.tables);
    expect(again.manifest.tables.find(({ name }) => name === "job")?.rows).toBeGreaterThan(0);
    const { submit } = await makeEnvelopes();
    await submit(2);
    await withLog(into.url, into.folder, drain);
    expect(await db.logLeaf.count()).toBe(Number(made.manifest.log?.size) + 2);
  });
  await expect(restoreBackup(into.url, made.folder)).rejects.toThrow("The database is not empty");
}, 120_000);

test("no backup holds a key, the master key, the sessions' secret, or what is inside a stored file", async () => {
  const keys = filesBelow(path.join(env().DATA_DIR, "keys")).map((file) => readFileSync(file));
  const wrapped = filesBelow(path.join(env().DATA_DIR, "storage", "keys")).map((file) => readFileSync(file));
  const master = Buffer.from(env().OFFCUT_MASTER_KEY ?? "", "hex");
  const lines = keys.map((pem) => pem.toString().split("\n")[1]!);
  const der = lines.map((line) => Buffer.from(line, "base64"));
  expect([keys.length, wrapped.length > 0, master.length]).toEqual([2, true, 32]);
  const contents = await Promise.all(
    made.manifest.objects.map(async (object) => buffer(await openObject(object))),
  );
  const bytes = [...contents, ...wrapped, ...der, master, Buffer.from(env().NEXTAUTH_SECRET)];
  const secrets = bytes.flatMap((secret) => [
    secret,
    ...["hex", "base64", "base64url"].map((form) => Buffer.from(secret.toString(form as BufferEncoding))),
  ]);
  for (const file of filesBelow(place).filter((one) => !one.includes(`${path.sep}data-`))) {
    const content = readFileSync(file);
    for (const secret of secrets) expect(content.includes(secret), file).toBe(false);
    expect(file.split(path.sep)).not.toContain("keys");
  }
});

test("where the keys of files are missing they are named, and a log that remembers more refuses to go on", async () => {
  const into = emptyPlace({ hasFileKeys: false });
  const { submit } = await makeEnvelopes();
  await submit(1);
  await withLog(env().DATABASE_URL, env().DATA_DIR, drain);
  const newer = path.join(into.folder, path.relative(path.resolve(env().DATA_DIR), checkpointFile()));
  cpSync(checkpointFile(), newer, { recursive: true });

  const { code, said } = await restored(made.folder, into);
  for (const { storageKey } of made.manifest.objects)
    expect(said).toContain(
      `Cannot be opened until its key is back: storage/keys/${storageKey.slice(0, 2)}/${storageKey}`,
    );
  expect(said).toContain(`'${made.manifest.objects.length} as backed up, 0 opened'`);
  expect(code).toBe(2);
  expect(readFileSync(newer, "utf8")).toBe(readFileSync(checkpointFile(), "utf8"));
  await expect(withLog(into.url, into.folder, drain)).rejects.toMatchObject({ code: "database_is_older" });
}, 120_000);

test("stored files are taken from one object store and put into another", async () => {
  const [one, other] = [await openStore(), await openStore()];
  const storage = path.join(env().DATA_DIR, "storage");
  for (const file of filesBelow(storage)) {
    const name = path.relative(storage, file).split(path.sep).join("/");
    for (const { bucket } of name.startsWith("keys/") ? [one, other] : [one])
      bucket.set(name, readFileSync(file));
  }
  const backups = path.join(place, "from-s3");
  const own = { url: env().DATABASE_URL, folder: path.join(place, "no-files") };
  expect(await ended(command("backup.ts", backups, own, one.settings))).toMatchObject({ code: 0 });
  const [name = ""] = readdirSync(backups).filter((entry) => entry.startsWith("20"));
  const { code, said } = await restored(path.join(backups, name), emptyPlace(), other.settings);
  expect({ code, hasFault: said.includes("false") }).toEqual({ code: 0, hasFault: false });
  expect(new Map([...other.bucket].sort())).toEqual(new Map([...one.bucket].sort()));
  one.close();
  other.close();
}, 120_000);

test("of a changed backup nothing is restored, whichever byte it is, nor into a store that holds files", async () => {
  const posting = made.manifest.tables.find(({ name }) => name === "Posting")!;
  const { url } = emptyPlace();
  for (const file of [
    path.join(made.folder, tableFile(posting)),
    objectFile(made.folder, made.manifest.objects[0]!.storageKey),
    path.join(made.folder, "manifest.json"),
  ]) {
    const content = readFileSync(file);
    const changed = Buffer.from(content);
    changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1);
    writeFileSync(file, changed);
    await expect(restoreBackup(url, made.folder), file).rejects.toThrow(BackupRefusal);
    rmSync(file);
    await expect(restoreBackup(url, made.folder), file).rejects.toThrow(BackupRefusal);
    writeFileSync(file, content);
  }
  await expect(restoreBackup(url, made.folder)).rejects.toThrow("holds stored files already");
  await expect(withConnection(url, async () => {})).rejects.toThrow("does not exist");
});

test("a backup that was killed is not taken for a whole one, and one that is there is not written over", async () => {
  const broken = path.join(place, "broken");
  const child = command("backup.ts", broken, { url: env().DATABASE_URL, folder: env().DATA_DIR });
  await expect
    .poll(() => existsSync(broken) && readdirSync(broken).length, { timeout: 30_000, interval: 1 })
    .toBeTruthy();
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  const [left = ""] = readdirSync(broken).filter((name) => name.startsWith("20"));
  expect(left).toMatch(/\.unfinished$/);
  // Whatever it is called.
  renameSync(path.join(broken, left), path.join(broken, "2026-11-30T12-00-00Z"));
  await expect(restoreBackup(emptyPlace().url, path.join(broken, "2026-11-30T12-00-00Z"))).rejects.toThrow(
    "is not a whole backup",
  );
  await expect(makeBackup(env().DATABASE_URL, place, new Date(made.manifest.madeAt))).rejects.toThrow(
    "is there already",
  );
});

test("what a backup takes while people act is one moment: the books balance and every file it names is in it", async () => {
  let isOver = false;
  let paid = 0;
  const market = async () => {
    for (; !isOver; paid += 1) await pay(await signedDeal());
  };
  const people = [market(), market(), market()];
  await expect.poll(() => paid, { timeout: 20_000 }).toBeGreaterThan(0);
  const before = paid;
  const { folder, manifest } = await makeBackup(env().DATABASE_URL, path.join(place, "busy"), new Date());
  isOver = true;
  await Promise.all(people);
  expect(paid).toBeGreaterThan(before);
  expect(manifest.unreadable).toEqual([]);
  const { code, said } = await restored(folder, emptyPlace());
  expect({ code, hasFault: said.includes("false") }).toEqual({ code: 0, hasFault: false });
}, 120_000);
