import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/platform/db";
import { objectStore } from "@/lib/platform/object-store.fixture";
import { readEnvelope } from "@/lib/statements/dsse";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { findEnvelopeTexts } from "@/lib/evidence/queries/envelopes";
import { openCheckpoint, signCheckpoint } from "./checkpoint";
import { type ExportPlace, folderPlace } from "./process/export-place";
import { exportLog } from "./process/export-log";
import { leafHashOfEnvelope } from "./leaf-body";
import { findLogKey } from "./process/log-key";
import { type EnvelopeMaker, drain, makeEnvelopes, placesIn } from "@/lib/evidence/log.fixture";
import { equalBytes } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { type Sequencer, openSequencer } from "./process/sequencer";
import { readVkey } from "./signed-note";
import { entryBundlePath, tilePath } from "./tile-path";
import { openTiles } from "./tile-reader";
import { readPolicy } from "./tlog-policy";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-export-"));
const places = placesIn(folder, "localhost:3000/log/1");
const { bucket, answer } = objectStore();
let store: Server;
let sequencer: Sequencer;
let envelopes: EnvelopeMaker;

beforeAll(async () => {
  envelopes = await makeEnvelopes();
  sequencer = (await openSequencer({ databaseUrl: process.env.DATABASE_URL ?? "", ...places }))!;
  store = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((listening) => store.once("listening", listening));
});
afterAll(async () => {
  await sequencer.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Reads an export with nothing but its own files, every tile and entry against the signed root. */
async function requireWhole(place: ExportPlace): Promise<bigint> {
  const text = async (name: string) => new TextDecoder().decode((await place.read(name))!);
  const key = readVkey((await text("vkey")).trim())!;
  const opened = await openCheckpoint(await text("checkpoint"), { logs: [key] }, verifyByNode);
  if (typeof opened === "string") throw new Error(opened);
  expect(readPolicy(await text("policy")).logs[0]?.key).toEqual(key);
  const { size } = opened.checkpoint;
  const tiles = openTiles(opened.checkpoint, async (tile) => (await place.read(tilePath(tile)))!);
  for (let index = 0n; index * 256n < size; index++)
    await tiles.readEntries(index, async (bundle) => (await place.read(entryBundlePath(bundle)))!);
  return size;
}

function filesBelow(out: string): Map<string, string> {
  const names = readdirSync(out, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = names.map((file) => path.join(file.parentPath, file.name));
  return new Map(paths.map((file) => [path.relative(out, file), readFileSync(file).toString("base64")]));
}

test("an export is the whole log with every statement, and stands by itself", async () => {
  const out = path.join(folder, "out");
  expect(await exportLog(folderPlace(out), findEnvelopeTexts)).toBeNull();
  await drain(sequencer);
  await envelopes.submit(270);
  await drain(sequencer);
  const exported = await exportLog(folderPlace(out), findEnvelopeTexts);
  expect(exported).toMatchObject({ size: 270n, envelopes: 270, unavailable: 0 });
  expect(await requireWhole(folderPlace(out))).toBe(270n);
  const entries = await openTilesOf(out);
  for (const name of readdirSync(path.join(out, "envelope"))) {
    const body = readFileSync(path.join(out, "envelope", name), "utf8");
    expect(hexDigest(body)).toBe(name);
    const hash = leafHashOfEnvelope(readEnvelope(body)!, envelopes.spki);
    expect(entries.some((leaf) => equalBytes(leaf, hash))).toBe(true);
  }
});

async function openTilesOf(out: string): Promise<Uint8Array[]> {
  const key = readVkey(readFileSync(path.join(out, "vkey"), "utf8").trim())!;
  const opened = await openCheckpoint(
    readFileSync(path.join(out, "checkpoint"), "utf8"),
    { logs: [key] },
    verifyByNode,
  );
  if (typeof opened === "string") throw new Error(opened);
  const tiles = openTiles(opened.checkpoint, async (tile) => readFileSync(path.join(out, tilePath(tile))));
  return [...(await tiles.readTile(0, 0n)), ...(await tiles.readTile(0, 1n))];
}

test("run again it writes what is new, and after an interruption what is missing", async () => {
  const out = path.join(folder, "out");
  const before = filesBelow(out);
  await envelopes.submit(300);
  await drain(sequencer);
  // Broken off before the checkpoint: the old one stands, and everything under it.
  const broken: ExportPlace = {
    ...folderPlace(out),
    write: async (name, bytes) => {
      if (name === "checkpoint") throw new Error("broken off");
      await folderPlace(out).write(name, bytes);
    },
  };
  await expect(exportLog(broken, findEnvelopeTexts)).rejects.toThrow("broken off");
  expect(await requireWhole(folderPlace(out))).toBe(270n);
  expect(await exportLog(folderPlace(out), findEnvelopeTexts)).toMatchObject({ size: 570n, envelopes: 0 });
  expect(await requireWhole(folderPlace(out))).toBe(570n);
  const after = filesBelow(out);
  for (const [name, bytes] of before) if (name !== "checkpoint") expect(after.get(name), name).toBe(bytes);
  expect([...after.keys()].some((name) => name.endsWith(".draft"))).toBe(false);
});

test("another log, a longer one and another history are not written over", async () => {
  const out = path.join(folder, "out");
  const file = path.join(out, "checkpoint");
  const note = readFileSync(file, "utf8");
  const { key, sign } = findLogKey(places.keyFile, places.origin)!;
  const [, decimal, root] = note.split("\n");
  const claim = {
    origin: key.name,
    size: BigInt(decimal!),
    root: Buffer.from(root!, "base64"),
    extensions: [],
  };
  const strange = [
    note.replace("localhost", "elsewhere"),
    await signCheckpoint({ ...claim, size: claim.size + 1n }, key, sign),
    await signCheckpoint({ ...claim, root: Uint8Array.from(claim.root, (byte) => byte ^ 1) }, key, sign),
    await signCheckpoint({ ...claim, size: 100n }, key, sign),
  ];
  for (const other of strange) {
    writeFileSync(file, other);
    await expect(exportLog(folderPlace(out), findEnvelopeTexts)).rejects.toThrow("What is there");
    expect(readFileSync(file, "utf8")).toBe(other);
  }
  writeFileSync(file, note);
}, 60_000);

/** The command in a process of its own, as the operator runs it. */
async function command(target: string): Promise<string> {
  const script = ["--conditions=react-server", "--import", "tsx", "lib/processes/export-log.ts", target];
  const { stdout } = await promisify(execFile)(process.execPath, script, {
    env: {
      ...process.env,
      S3_ENDPOINT: `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
  });
  return stdout;
}

test("the command writes the same files to a folder and to an object store", async () => {
  const out = path.join(folder, "by-command");
  expect(await command(out)).toMatch(/^570 entries at .*, checked against the signed root/);
  expect(existsSync(path.join(out, "trusted_root.json"))).toBe(true);
  const [one, other] = [filesBelow(out), filesBelow(path.join(folder, "out"))];
  for (const [name, bytes] of one) expect(other.get(name), name).toBe(bytes);

  expect(await command("s3://b/logs/1")).toContain("570 statements written");
  const stored = [...bucket].map(([name, bytes]) => [name.slice("logs/1/".length), bytes.toString("base64")]);
  expect(new Map(stored as [string, string][])).toEqual(one);
  expect(await command("s3://b/logs/1")).toContain(" 0 statements written");
}, 60_000);

test("an entry whose statement was erased keeps its leaf", async () => {
  const { sha256 } = (await envelopes.submit(1))[0]!;
  await drain(sequencer);
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await tx.$executeRaw`DELETE FROM "Envelope" WHERE sha256 = ${sha256}`;
  });
  const out = path.join(folder, "out");
  expect(await exportLog(folderPlace(out), findEnvelopeTexts)).toMatchObject({
    size: 571n,
    envelopes: 0,
    unavailable: 1,
  });
  expect(await requireWhole(folderPlace(out))).toBe(571n);
});

test("a statement that is not the recorded one is not exported", async () => {
  const [one, other] = await envelopes.submit(2);
  await drain(sequencer);
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await tx.$executeRaw`
      UPDATE "LogLeaf" SET "envelopeSha256" = ${one!.sha256} WHERE "envelopeSha256" = ${other!.sha256}`;
  });
  await expect(exportLog(folderPlace(path.join(folder, "out")), findEnvelopeTexts)).rejects.toThrow(
    "is not the one",
  );
});
