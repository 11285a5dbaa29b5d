import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { keyIdOf } from "@/lib/statements/dsse";
import { toHex } from "@/lib/shared/encoding";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { type OpenedCheckpoint, openCheckpoint } from "./checkpoint";
import { type EnvelopeMaker, drain, makeEnvelopes, placesIn } from "@/lib/evidence/log.fixture";
import { buildMemoryLog } from "./memory-log.fixture";
import { equalBytes, proveConsistency, verifyConsistency } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { findEntryBundle, findPublishedLog, findTile, findTlogProof } from "./queries";
import { findLogEntry } from "@/lib/evidence/queries/log-entry";
import { findBundle } from "@/lib/evidence/queries/bundle";
import { type Sequencer, type SequencerStep, openSequencer } from "./process/sequencer";
import { crashRun } from "./process/sequencer-process.fixture";
import { submitEnvelope } from "@/lib/evidence/commands/submit-envelope";
import { requireRoomInLog } from "./commands";
import { readVkey } from "./signed-note";
import { tilesOfTree } from "./tile-path";
import { openTiles } from "./tile-reader";
import { verifyTlogProof } from "./tlog-proof";
import { verifyBundle } from "./verify-bundle.fixture";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-sequencer-"));
const options = {
  databaseUrl: process.env.DATABASE_URL ?? "",
  ...placesIn(folder, "market.example/log/1"),
};
let envelopes: EnvelopeMaker;

beforeAll(async () => {
  envelopes = await makeEnvelopes();
});

const opened: Sequencer[] = [];

async function open(more: Partial<typeof options> = {}): Promise<Sequencer> {
  const sequencer = await openSequencer({ ...options, ...more });
  if (!sequencer) throw new Error("Another sequencer is active.");
  opened.push(sequencer);
  return sequencer;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sequencer) => sequencer.close().catch(() => {})));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recordedEnvelope = () => envelopes.record();
const submitted = async (count: number) => (await envelopes.submit(count)).map(({ leafHash }) => leafHash);

/** An envelope whose payload ends in padding. */
async function paddedEnvelope(): Promise<string> {
  for (;;) {
    const sha256 = await recordedEnvelope();
    const { body } = await db.envelope.findUniqueOrThrow({ where: { sha256 } });
    if (body.includes('=","payloadType"')) return sha256;
  }
}

/** Opens every checkpoint ever published and proves each to be a beginning of the last. */
async function requireOneHistory(): Promise<bigint> {
  const log = (await findPublishedLog())!;
  const rows = await db.logPublished.findMany({ orderBy: { size: "asc" } });
  const tiles = openTiles(
    log.checkpoint,
    async ({ level, index, width }) => (await findTile(level, index, width))!,
  );
  for (const row of rows) {
    const { checkpoint } = (await openCheckpoint(
      row.checkpoint,
      { logs: [log.key] },
      verifyByNode,
    )) as OpenedCheckpoint;
    expect(checkpoint.size).toBe(row.size);
    const proof =
      checkpoint.size === 0n
        ? []
        : await proveConsistency(checkpoint.size, log.checkpoint.size, tiles.readHashes);
    expect(verifyConsistency(checkpoint, log.checkpoint, proof)).toBe(true);
  }
  const leaves = await db.logLeaf.findMany({ orderBy: { index: "asc" } });
  expect(leaves.map(({ index }) => index)).toEqual(leaves.map((_, at) => BigInt(at)));
  const rebuilt = buildMemoryLog(leaves.slice(0, Number(log.checkpoint.size)).map(({ body }) => body));
  expect(equalBytes(rebuilt.root, log.checkpoint.root)).toBe(true);
  for (const tile of tilesOfTree(log.checkpoint.size))
    expect(equalBytes((await findTile(tile.level, tile.index, tile.width))!, rebuilt.readTile(tile))).toBe(
      true,
    );
  return log.checkpoint.size;
}

test("a new log begins with a signed empty checkpoint, and its key is readable by its owner alone", async () => {
  expect(await findPublishedLog()).toBeNull();
  const sequencer = await open();
  expect(await sequencer.publish()).toBe(0n);
  expect(await sequencer.publish()).toBeNull();
  const log = (await findPublishedLog())!;
  expect(log.checkpoint).toMatchObject({ origin: "market.example/log/1", size: 0n });
  expect(readVkey(log.vkey)).toEqual(log.key);
  expect(readFileSync(options.checkpointFile, "utf8")).toBe(log.note);
  expect(statSync(options.keyFile).mode & 0o777).toBe(0o600);
});

test("an envelope is logged once a published checkpoint covers it, and not before", async () => {
  const sequencer = await open();
  const sha256 = await recordedEnvelope();
  expect(await findLogEntry(sha256)).toEqual({ state: "not_submitted" });
  const { leafHash } = await inTransaction((tx) => submitEnvelope(tx, sha256));
  expect(await findLogEntry(sha256)).toEqual({ state: "waiting", leafHash });
  await sequencer.integrate();
  expect(await findLogEntry(sha256)).toMatchObject({ state: "integrated", leafHash });
  expect(await findTlogProof(leafHash)).toBeNull();
  expect(await findBundle(leafHash)).toBeNull();
  await drain(sequencer);
  expect(await findLogEntry(sha256)).toMatchObject({ state: "published", leafHash });

  const log = (await findPublishedLog())!;
  const policy = { logs: [{ key: log.key }], witnesses: [], groups: [], quorum: null };
  const hash = Uint8Array.from(Buffer.from(leafHash, "hex"));
  const proof = await verifyTlogProof((await findTlogProof(leafHash))!, hash, policy, verifyByNode);
  expect(proof.state).toBe("verified");
  const bundle = await verifyBundle((await findBundle(leafHash))!, {
    trustedKeys: [envelopes.spki],
    policy,
    verify: verifyByNode,
  });
  expect(bundle).toMatchObject({ state: "verified", signedBy: keyIdOf(envelopes.spki) });
});

test("the same envelope, handed in twice or by many at once, is one leaf", async () => {
  const sequencer = await open();
  const sha256 = await recordedEnvelope();
  const submit = () => inTransaction((tx) => submitEnvelope(tx, sha256));
  const answers = await Promise.all(Array.from({ length: 8 }, submit));
  await drain(sequencer);
  answers.push(await submit());
  await drain(sequencer);
  expect(new Set(answers.map(({ leafHash }) => leafHash)).size).toBe(1);
  expect(await db.logLeaf.count({ where: { envelopeSha256: sha256 } })).toBe(1);
  expect(await db.logPending.count()).toBe(0);
});

test("the same signature in another spelling is the same leaf", async () => {
  const sequencer = await open();
  const sha256 = await paddedEnvelope();
  const { body, keyId } = await db.envelope.findUniqueOrThrow({ where: { sha256 } });
  const unpadded = body.replace(/=*","payloadType"/, '","payloadType"');
  const other = hexDigest(unpadded);
  expect(other).not.toBe(sha256);
  await db.envelope.create({
    data: { sha256: other, body: unpadded, predicateType: "test", keyId, subjects: [] },
  });
  for (const spelling of [sha256, other]) await inTransaction((tx) => submitEnvelope(tx, spelling));
  await drain(sequencer);
  const states = [await findLogEntry(sha256), await findLogEntry(other)];
  expect(states[0]).toMatchObject({ state: "published" });
  expect(states[1]).toEqual(states[0]);
});

test("a leaf that waits again although it is logged is passed over", async () => {
  const sequencer = await open();
  const [leafHash] = await submitted(1);
  await drain(sequencer);
  const leaf = await db.logLeaf.findFirstOrThrow({ orderBy: { index: "desc" } });
  expect(toHex(leaf.leafHash)).toBe(leafHash);
  const { body, envelopeSha256 } = leaf;
  // What a submission does that began before the leaf was entered.
  await db.logPending.create({ data: { leafHash: leaf.leafHash, body, envelopeSha256 } });
  await drain(sequencer);
  expect(await db.logPending.count()).toBe(0);
  expect(await db.logLeaf.count({ where: { leafHash: leaf.leafHash } })).toBe(1);
});

test("a submission that is rolled back leaves nothing, and one still open is not lost", async () => {
  const sequencer = await open();
  const [early, late] = [await recordedEnvelope(), await recordedEnvelope()];
  await expect(
    db.$transaction(async (tx) => {
      await submitEnvelope(tx, await recordedEnvelope());
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  await db.$transaction(async (tx) => {
    await submitEnvelope(tx, early);
    // This one takes a later number and is visible first.
    await inTransaction((other) => submitEnvelope(other, late));
    await drain(sequencer);
  });
  await drain(sequencer);
  expect(await findLogEntry(early)).toMatchObject({ state: "published" });
  expect(await findLogEntry(late)).toMatchObject({ state: "published" });
});

test("nothing beyond the published size is served", async () => {
  const sequencer = await open();
  await submitted(3);
  await sequencer.integrate();
  const log = (await findPublishedLog())!;
  const size = Number(log.checkpoint.size);
  expect(await findTile(0, 0n, size)).not.toBeNull();
  expect(await findTile(0, 0n, size + 1)).toBeNull();
  expect(await findEntryBundle(0n, size + 1)).toBeNull();
  expect(await findEntryBundle(1n, 1)).toBeNull();
  expect(await findTile(1, 0n, 1)).toBeNull();
  await sequencer.publish();
  expect(await findTile(0, 0n, size + 3)).not.toBeNull();
  expect(await findEntryBundle(0n, size + 3)).not.toBeNull();
});

test("leaves that cross a tile in one batch stay one history", async () => {
  const sequencer = await open();
  await submitted(300);
  await drain(sequencer);
  await submitted(5);
  await drain(sequencer);
  expect(await requireOneHistory()).toBeGreaterThan(305n);
}, 120_000);

test("a full queue turns strangers away and is worked off in batches", async () => {
  await requireRoomInLog();
  await db.$executeRaw`
    INSERT INTO "LogPending" ("leafHash", body, "envelopeSha256")
    SELECT sha256('\\x00'::bytea || body), body, 'none'
    FROM (SELECT convert_to('entry ' || number, 'UTF8') AS body FROM generate_series(1, 4096) AS number) AS entry`;
  await expect(requireRoomInLog()).rejects.toMatchObject({ code: "log_busy" });
  const sequencer = await open();
  expect(await sequencer.integrate()).toBe(1_024);
  await requireRoomInLog();
  await drain(sequencer);
  expect(await requireOneHistory()).toBeGreaterThan(4_096n);
}, 120_000);

test("nobody but the sequencer's role writes the log, not even the owner of its tables", async () => {
  const writes = [
    `INSERT INTO "LogTile" VALUES (3, 0, decode(repeat('00', 32), 'hex'))`,
    `UPDATE "LogTile" SET data = data`,
    `UPDATE "LogHead" SET size = size + 1`,
    `INSERT INTO "LogPublished" (size, checkpoint) VALUES (999999, 'x')`,
    `INSERT INTO "LogLeaf" (index, "leafHash", body, "envelopeSha256") VALUES (999999, sha256('\\x0061'), 'a', 'x')`,
    `DELETE FROM "LogPending"`,
    `DELETE FROM "LogLeaf"`,
    `DELETE FROM "LogPublished"`,
    `DELETE FROM "LogHead"`,
    `TRUNCATE "LogTile"`,
  ];
  for (const sql of writes) await expect(db.$executeRawUnsafe(sql), sql).rejects.toThrow();
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  await client.query("SET ROLE offcut_sequencer");
  const refused = [
    `UPDATE "LogLeaf" SET body = 'x'`,
    `DELETE FROM "LogPublished"`,
    `UPDATE "LogHead" SET size = size - 1`,
    `UPDATE "LogHead" SET vkey = 'x'`,
    `UPDATE "LogHead" SET checkpoint = 'x'`,
    `UPDATE "LogTile" SET data = decode(repeat('00', 32), 'hex')`,
    `INSERT INTO "LogPending" ("leafHash", body, "envelopeSha256") VALUES (sha256('\\x0061'), 'a', 'x')`,
    `SELECT * FROM "Account"`,
    `SELECT * FROM "Envelope"`,
  ];
  for (const sql of refused) await expect(client.query(sql), sql).rejects.toThrow();
  await client.end();
});

test("of two sequencers at once one runs, and the other takes over when it ends", async () => {
  const first = await open();
  expect(await openSequencer(options)).toBeNull();
  await submitted(2);
  await drain(first);
  await first.close();
  const second = await open();
  expect(await openSequencer(options)).toBeNull();
  await submitted(2);
  await drain(second);
  await requireOneHistory();
});

test("asked to integrate and publish many times at once, a sequencer does one after another", async () => {
  const sequencer = await open();
  const size = (await findPublishedLog())!.checkpoint.size;
  for (let round = 0; round < 5; round++) {
    await submitted(2);
    await Promise.all(
      Array.from({ length: 6 }, (_, at) => (at % 2 ? sequencer.publish() : sequencer.integrate())),
    );
  }
  await drain(sequencer);
  expect(await requireOneHistory()).toBe(size + 10n);
});

test("a sequencer that lost its connection writes nothing more", async () => {
  const first = await open();
  await submitted(1);
  await db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${0x0ffc_0710}::oid
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await expect(first.integrate()).rejects.toThrow();
  await expect(first.publish()).rejects.toThrow();
  const second = await open();
  await drain(second);
  await requireOneHistory();
});

test("another origin, a lost key or a strange key is refused", async () => {
  await expect(open({ origin: "other.example/log/1" })).rejects.toMatchObject({ code: "another_log" });
  await expect(open({ keyFile: path.join(folder, "none.pem") })).rejects.toMatchObject({
    code: "key_missing",
  });
  const strange = path.join(folder, "strange.pem");
  const { makeLogKey } = await import("./process/log-key");
  makeLogKey(strange, options.origin);
  await expect(open({ keyFile: strange })).rejects.toMatchObject({ code: "another_key" });
});

test("without its second place, or with a strange one, the log does not go on", async () => {
  await expect(open({ checkpointFile: path.join(folder, "nowhere") })).rejects.toMatchObject({
    code: "checkpoint_differs",
  });
  const strange = path.join(folder, "strange-checkpoint");
  writeFileSync(strange, readFileSync(options.checkpointFile, "utf8").replace("market", "bazaar"));
  await expect(open({ checkpointFile: strange })).rejects.toMatchObject({ code: "checkpoint_differs" });
});

/** Runs SQL as the owner of the tables with every trigger of this session off: what a restored backup amounts to. */
async function behindItsBack(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  await client.query("SET session_replication_role = replica");
  for (const sql of statements) await client.query(sql);
  await client.end();
}

const LOG_TABLES = ["LogHead", "LogTile", "LogLeaf", "LogPublished", "LogPending"];
const backUp = (age: string) =>
  behindItsBack(...LOG_TABLES.map((name) => `CREATE TABLE "${age}${name}" AS TABLE "${name}"`));
const emptyLog = () => behindItsBack(...LOG_TABLES.map((name) => `DELETE FROM "${name}"`));
const restore = async (age: string) => {
  await emptyLog();
  await behindItsBack(...LOG_TABLES.map((name) => `INSERT INTO "${name}" SELECT * FROM "${age}${name}"`));
};

test("a database set back to an old backup is refused, and so is one that knows nothing of the log", async () => {
  await backUp("Old");
  const sequencer = await open();
  await submitted(4);
  await drain(sequencer);
  await sequencer.close();
  await backUp("New");
  await restore("Old");
  await expect(open()).rejects.toMatchObject({ code: "database_is_older" });
  await emptyLog();
  await expect(open()).rejects.toMatchObject({ code: "database_is_older" });
  await restore("New");
  await drain(await open());
  await requireOneHistory();
});

test("a sequencer that stands by keeps every checkpoint itself, and refuses a database that was set back", async () => {
  const standby = { ...options, checkpointFile: path.join(folder, "standby", "last-checkpoint") };
  const active = await open();
  expect(await openSequencer(standby)).toBeNull();
  const first = readFileSync(standby.checkpointFile, "utf8");
  expect(first).toBe(readFileSync(options.checkpointFile, "utf8"));
  await backUp("Before");
  await submitted(2);
  await drain(active);
  expect(await openSequencer(standby)).toBeNull();
  expect(readFileSync(standby.checkpointFile, "utf8")).not.toBe(first);
  await expect(openSequencer({ ...standby, keyFile: "nowhere" })).resolves.toBeNull();
  await active.close();
  await backUp("After");
  await restore("Before");
  await expect(openSequencer(standby)).rejects.toMatchObject({ code: "database_is_older" });
  await restore("After");
  await drain(await open(standby));
  await requireOneHistory();
});

test("a changed root, tile, entry or checkpoint is found before anything is built on it", async () => {
  const keep = (name: string) => behindItsBack(`CREATE TABLE "Kept${name}" AS TABLE "${name}"`);
  const putBack = (name: string) =>
    behindItsBack(`DELETE FROM "${name}"`, `INSERT INTO "${name}" SELECT * FROM "Kept${name}"`);
  const flip = (column: string) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`;
  const damages = [
    ["LogHead", `UPDATE "LogHead" SET root = ${flip("root")}`, "tree_differs"],
    ["LogHead", `UPDATE "LogHead" SET size = size + 1`, "tree_differs"],
    [
      "LogHead",
      `UPDATE "LogHead" SET checkpoint = replace(checkpoint, 'market', 'bazaar')`,
      "checkpoint_differs",
    ],
    ["LogTile", `UPDATE "LogTile" SET data = ${flip("data")} WHERE level = 1`, "tree_differs"],
    ["LogTile", `DELETE FROM "LogTile" WHERE index = (SELECT max(index) FROM "LogTile")`, "tree_differs"],
    ["LogPublished", `UPDATE "LogPublished" SET size = size + 100000`, "checkpoint_differs"],
  ] as const;
  for (const name of new Set(damages.map(([name]) => name))) await keep(name);
  for (const [name, sql, code] of damages) {
    await behindItsBack(sql);
    await expect(open(), sql).rejects.toMatchObject({ code });
    await putBack(name);
  }
  await drain(await open());
});

test("a second place with another history is refused", async () => {
  const away = `${options.checkpointFile}.away`;
  renameSync(options.checkpointFile, away);
  const { findLogKey } = await import("./process/log-key");
  const { signCheckpoint } = await import("./checkpoint");
  const { key, sign } = findLogKey(options.keyFile, options.origin)!;
  const { checkpoint } = (await findPublishedLog())!;
  const root = Uint8Array.from(checkpoint.root, (byte) => byte ^ 1);
  writeFileSync(options.checkpointFile, await signCheckpoint({ ...checkpoint, root }, key, sign));
  await expect(open()).rejects.toMatchObject({ code: "histories_differ" });
  renameSync(away, options.checkpointFile);
});

test("killed at any step under load, the log loses nothing it took and never forks", async () => {
  const steps: (SequencerStep | null)[] = ["taken", "prepared", "signing", "signed", "kept", "public"];
  const accepted: string[] = [];
  for (let loop = 0; loop < 10; loop++) {
    const step = steps[loop] ?? null;
    const run = crashRun(options, step ? { killAt: step, killAfter: 2 } : {});
    await run.saysActive();
    let isOver = false;
    const load = (async () => {
      while (!isOver) accepted.push(...(await submitted(3)));
    })();
    if (!step) {
      await pause(20 + loop * 37);
      run.child.kill("SIGKILL");
    }
    const { signal, said } = await run.ended;
    isOver = true;
    await load;
    expect(signal, said).toBe("SIGKILL");
    if (await findPublishedLog()) await requireOneHistory();
  }
  await drain(await open());
  const size = await requireOneHistory();
  const leaves = await db.logLeaf.findMany({ select: { leafHash: true, index: true } });
  const logged = new Set(leaves.filter(({ index }) => index < size).map(({ leafHash }) => toHex(leafHash)));
  expect(accepted.length).toBeGreaterThan(30);
  expect(accepted.filter((hash) => !logged.has(hash))).toEqual([]);
}, 240_000);
