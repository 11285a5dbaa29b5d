import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { GET as getCheckpoint } from "@/app/log/1/checkpoint/route";
import { GET as getPolicy } from "@/app/log/1/policy/route";
import { db } from "@/lib/platform/db";
import { readAddCheckpoint } from "./add-checkpoint";
import { cosign } from "./cosignature";
import { type EnvelopeMaker, drain, makeEnvelopes, placesIn } from "@/lib/evidence/log.fixture";
import { verifyByNode } from "./node-ed25519";
import { findPublishedLog, findTlogProof } from "./queries";
import { findLogEntry } from "@/lib/evidence/queries/log-entry";
import { findBundle } from "@/lib/evidence/queries/bundle";
import { type Witness, openWitness } from "./process/run-witness";
import { keyFrom } from "./seeded-key.fixture";
import { type Sequencer, type SequencerOptions, openSequencer } from "./process/sequencer";
import { formatSignatureLine, formatVkey, readNote } from "./signed-note";
import { readPolicy } from "./tlog-policy";
import { verifyTlogProof } from "./tlog-proof";
import { verifyBundle } from "./verify-bundle.fixture";
import { serveWitness } from "./process/witness-server";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-publish-"));
const places = placesIn(folder, "localhost:3000/log/1");
let envelopes: EnvelopeMaker;
const servers: Server[] = [];
const sequencers: Sequencer[] = [];
let quorums: (bigint | null)[] = [];
let said: string[] = [];

async function open(policyText?: string, more: Partial<SequencerOptions> = {}): Promise<Sequencer> {
  const sequencer = await openSequencer({
    databaseUrl: process.env.DATABASE_URL ?? "",
    ...places,
    ...(policyText !== undefined && { policy: readPolicy(policyText) }),
    witnessTimeoutMilliseconds: 400,
    onQuorum: (waiting) => quorums.push(waiting),
    onWitness: (witness, state) => said.push(`${witness}: ${state}`),
    ...more,
  });
  if (!sequencer) throw new Error("Another sequencer is active.");
  sequencers.push(sequencer);
  return sequencer;
}

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A real witness of this log, over HTTP. */
async function observer(
  name: string,
): Promise<{ witness: Witness; url: string; line: string; server: Server }> {
  const { key } = (await findPublishedLog())!;
  const witness = await openWitness({
    folder: path.join(folder, name),
    name: `${name}.example`,
    logs: [key],
    now: () => BigInt(Math.floor(Date.now() / 1000)),
  });
  const server = serveWitness(witness, (error) => {
    throw error;
  });
  const url = await listen(server);
  return { witness, url, server, line: `witness ${name} ${formatVkey(witness.key)} ${url}\n` };
}

type Behaviour = (request: { note: string; oldSize: bigint }, response: ServerResponse) => unknown;

/** A witness that does what it likes. */
async function hostile(name: string, seed: number, behave: Behaviour) {
  const { key, sign } = keyFrom(seed, `${name}.example`, 4);
  let asked = 0;
  const server = createServer((request: IncomingMessage, response) => {
    asked += 1;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const read = readAddCheckpoint(Buffer.concat(chunks).toString())!;
      void behave({ note: read.checkpoint, oldSize: read.oldSize }, response);
    });
  });
  const url = await listen(server);
  return { line: `witness ${name} ${formatVkey(key)} ${url}\n`, key, sign, times: () => asked };
}

beforeAll(async () => {
  envelopes = await makeEnvelopes();
  await drain(await open());
  await sequencers.pop()!.close();
});
beforeEach(() => {
  quorums = [];
  said = [];
});
afterEach(async () => {
  await Promise.all(sequencers.splice(0).map((sequencer) => sequencer.close().catch(() => {})));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const publishedSize = async () => (await findPublishedLog())!.checkpoint.size;

async function until(isTrue: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !(await isTrue()); turn++) await pause(25);
  expect(await isTrue()).toBe(true);
}

/** One leaf more, integrated and not yet published. */
async function grow(sequencer: Sequencer): Promise<string> {
  const [submitted] = await envelopes.submit(1);
  while ((await sequencer.integrate()) > 0);
  return submitted!.leafHash;
}

test("without a policy the log has no outside observers, and says so", async () => {
  const sequencer = await open();
  await grow(sequencer);
  expect(await sequencer.publish()).toBe(1n);
  expect(await (await getPolicy()).text()).toMatch(/^log localhost:3000\/log\/1\S* \S+\nquorum none\n$/);
  expect(readNote((await findPublishedLog())!.note)!.signatures.length).toBe(1);
});

test("a checkpoint is public with the cosignatures of its quorum, in checkpoint, proof and bundle", async () => {
  const [one, two] = [await observer("one"), await observer("two")];
  const text = `${one.line}${two.line}group both all one two\nquorum both\n`;
  const sequencer = await open(text);
  const leafHash = await grow(sequencer);
  const size = (await publishedSize()) + 1n;
  expect(await sequencer.publish()).toBe(size);

  const policy = readPolicy(await (await getPolicy()).text());
  expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
    ["one", undefined],
    ["two", undefined],
  ]);
  const hash = Uint8Array.from(Buffer.from(leafHash, "hex"));
  const proof = await verifyTlogProof((await findTlogProof(leafHash))!, hash, policy, verifyByNode);
  expect(proof).toMatchObject({ state: "verified", cosignatures: { length: 2 } });
  const trust = { trustedKeys: [envelopes.spki], policy, verify: verifyByNode };
  expect(await verifyBundle((await findBundle(leafHash))!, trust)).toMatchObject({ state: "verified" });
  expect(await (await getCheckpoint()).text()).toMatch(
    /(\n— localhost\S+ \S+)(\n— (one|two)\.example \S+){2}\n$/,
  );
  expect(await sequencer.publish()).toBeNull();
  expect(one.witness.list()).toMatchObject([{ size }]);
});

test("while the quorum is missing the last checkpoint stays, entries queue, and then the same bytes are published", async () => {
  const one = await observer("one");
  const { key } = keyFrom(77, "absent.example", 4);
  const gone = createServer();
  const nowhere = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  const text = `${one.line}witness absent ${formatVkey(key)} ${nowhere}\ngroup both all one absent\nquorum both\n`;
  const before = await findPublishedLog();
  const sequencer = await open(text);
  const leafHash = await grow(sequencer);
  for (let times = 0; times < 3; times++) expect(await sequencer.publish()).toBeNull();
  const signed = (await db.logHead.findUniqueOrThrow({ where: { id: 1 } })).checkpoint;
  await grow(sequencer);
  expect(await sequencer.publish()).toBeNull();
  expect((await findPublishedLog())!.checkpoint).toEqual(before!.checkpoint);
  expect(await findTlogProof(leafHash)).toBeNull();
  expect(quorums.at(-1)).toBe(before!.checkpoint.size + 1n);
  expect(said).toContain("absent: unreachable ECONNREFUSED");
  await sequencer.close();

  // Started again under a quorum that can be met, it goes on with what was signed.
  const again = await open(`${one.line}quorum one\n`);
  expect(await again.publish()).toBe(before!.checkpoint.size + 1n);
  expect((await findPublishedLog())!.note.startsWith(signed)).toBe(true);
  expect(await again.publish()).toBe(before!.checkpoint.size + 2n);
  expect(quorums.at(-1)).toBeNull();
});

test("a quorum is never given up by a setting that went missing", async () => {
  await expect(open()).rejects.toMatchObject({ code: "policy_missing" });
  const open1 = await open("quorum none\n");
  await grow(open1);
  expect(await open1.publish()).not.toBeNull();
  await open1.close();
  await open();
  expect(await (await getPolicy()).text()).toMatch(/\nquorum none\n$/);
  expect((await db.logPolicy.findMany()).length).toBeGreaterThan(2);
});

test.each([
  ["a witness without an address", "witness w VKEY\nquorum w\n"],
  ["a witness at no web address", "witness w VKEY ftp://127.0.0.1/\nquorum w\n"],
  [
    "only another log",
    "log other.example+05cc6a1d+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nquorum none\n",
  ],
])("a policy with %s is not published under", async (_what, text) => {
  const vkey = formatVkey(keyFrom(70, "w.example", 4).key);
  const other = formatVkey(keyFrom(71, "other.example", 1).key);
  const policy = text.replace("VKEY", vkey).replace(/other\.example\S+/, other);
  await expect(open(policy)).rejects.toMatchObject({ code: "policy_unusable" });
});

test("a witness that is not needed holds nothing up, and its cosignature is added when it comes", async () => {
  const one = await observer("one");
  const sequencer = await open(`${one.line}quorum none\n`);
  await grow(sequencer);
  const size = (await sequencer.publish())!;
  expect(size).not.toBeNull();
  await until(async () => {
    await sequencer.publish();
    return (await findPublishedLog())!.note.includes("one.example");
  });
  expect(await publishedSize()).toBe(size);
});

test("a witness that knows another size is asked again from there", async () => {
  const one = await observer("one");
  const sequencer = await open(`${one.line}quorum one\n`);
  await grow(sequencer);
  await sequencer.publish();
  await sequencer.close();
  // What this log remembers of its witness is gone, as after a lost answer.
  const again = await open(`${one.line}quorum one\n`);
  await grow(again);
  expect(await again.publish()).not.toBeNull();
  const states = await db.logWitnessState.findMany({ where: { name: { startsWith: "one.example" } } });
  expect(states).toMatchObject([{ lastSize: await publishedSize() }]);

  const behind = await observer("behind");
  await again.close();
  const third = await open(`${one.line}${behind.line}group both all one behind\nquorum both\n`);
  await grow(third);
  expect(await third.publish()).not.toBeNull();
});

test("hostile witnesses: none blocks another, integration, or memory, and no bad line is served", async () => {
  const good = await observer("good");
  const endless = await hostile("endless", 50, (_request, response) => {
    response.writeHead(200);
    const more = setInterval(() => response.write("x".repeat(30_000)), 1);
    response.on("close", () => clearInterval(more));
  });
  const silent = await hostile("silent", 51, () => {});
  const loops = await hostile("loops", 52, ({ oldSize }, response) => {
    response.writeHead(409, { "content-type": "text/x.tlog.size" });
    response.end(`${oldSize === 0n ? 1n : oldSize - 1n}\n`);
  });
  const moves = await hostile("moves", 53, (_request, response) => {
    response.writeHead(302, { location: `${good.url}/add-checkpoint` });
    response.end();
  });
  const forger = await hostile("forger", 54, (_request, response) => {
    response.end(formatSignatureLine({ ...forger.key, bytes: new Uint8Array(72).fill(1) }));
  });
  const other = await hostile("other", 55, async ({ note }, response) => {
    const stranger = keyFrom(99, "stranger.example", 4);
    const line = await cosign(readNote(note)!.text, 1_790_000_000n, stranger.key, stranger.sign);
    response.end(formatSignatureLine(line));
  });
  const prophet = await hostile("prophet", 56, async ({ note }, response) => {
    const line = await cosign(readNote(note)!.text, 9_000_000_000n, prophet.key, prophet.sign);
    response.end(formatSignatureLine(line));
  });
  const noise = await hostile("noise", 57, (_request, response) => {
    response.end(Buffer.from([0xff, 0xfe, 0x00]));
  });
  const breaks = await hostile("breaks", 58, (_request, response) => response.destroy());
  const all = [endless, silent, loops, moves, forger, other, prophet, noise, breaks];
  const text = `${good.line}${all.map(({ line }) => line).join("")}quorum good\n`;
  const sequencer = await open(text, { witnessTimeoutMilliseconds: 2_000 });

  const before = await publishedSize();
  for (let round = 0n; round < 4n; round++) {
    await grow(sequencer);
    const begun = performance.now();
    expect(await sequencer.publish()).toBe(before + round + 1n);
    expect(performance.now() - begun).toBeLessThan(1_500);
    await pause(600);
  }
  await until(async () => {
    await sequencer.publish();
    return said.some((line) => line.startsWith("silent: timed_out"));
  });
  expect(readNote((await findPublishedLog())!.note)!.signatures.map(({ name }) => name)).toEqual([
    "localhost:3000/log/1",
    "good.example",
  ]);
  const failed = said
    .filter((line) => !line.startsWith("good"))
    .map((line) => line.split(" ").slice(0, 2).join(" "));
  expect(new Set(failed)).toEqual(
    new Set([
      "endless: too_long",
      "silent: timed_out",
      "loops: keeps_conflicting",
      "moves: refused",
      "forger: bad_signature",
      "other: no_cosignature",
      "prophet: wrong_time",
      "noise: refused",
      "breaks: unreachable",
    ]),
  );
  // Each is asked at most twice a turn, however it answers.
  for (const { times } of all) expect(times()).toBeLessThanOrEqual(2 * 12);
}, 120_000);

test("what is handed in is integrated while a quorum is waited for", async () => {
  const silent = await hostile("silent", 51, () => {});
  const sequencer = await open(`${silent.line}quorum silent\n`, { witnessTimeoutMilliseconds: 3_000 });
  await pause(1_000);
  await grow(sequencer);
  let isOver = false;
  const publishing = sequencer.publish().then(() => (isOver = true));
  const [submitted] = await envelopes.submit(1);
  await sequencer.integrate();
  expect(isOver).toBe(false);
  expect(await findLogEntry(submitted!.sha256)).toMatchObject({ state: "integrated" });
  await publishing;
  await sequencer.close();
  await drain(await open("quorum none\n"));
});

test("cosignatures are renewed while nothing new is published", async () => {
  const one = await observer("one");
  const sequencer = await open(`${one.line}quorum one\n`, { refreshMilliseconds: 1_100 });
  await grow(sequencer);
  await sequencer.publish();
  const size = await publishedSize();
  const count = () => db.logCosignature.count({ where: { size, witness: { startsWith: "one.example" } } });
  await until(async () => {
    await sequencer.publish();
    return (await count()) >= 2;
  });
  expect(await publishedSize()).toBe(size);
  const { note } = (await findPublishedLog())!;
  expect(note.match(/— one\.example/g)?.length).toBe(1);
  const [newest] = await db.logCosignature.findMany({
    where: { size },
    orderBy: { timestamp: "desc" },
    take: 1,
  });
  expect(note).toContain(newest!.line);
});

test("a witness that has signed more than the database knows stops the start", async () => {
  const ahead = await hostile("ahead", 60, (_request, response) => {
    response.writeHead(409, { "content-type": "text/x.tlog.size" });
    response.end("999999\n");
  });
  await expect(open(`${ahead.line}quorum none\n`)).rejects.toMatchObject({ code: "witness_is_ahead" });
  await open("quorum none\n");
});

test("nobody but the sequencer writes policies and cosignatures, and none is ever changed", async () => {
  for (const sql of [
    `INSERT INTO "LogPolicy" (text) VALUES ('quorum none')`,
    `UPDATE "LogPolicy" SET text = 'quorum none'`,
    `DELETE FROM "LogPolicy"`,
    `UPDATE "LogCosignature" SET line = ''`,
    `INSERT INTO "LogCosignature" VALUES (1, 'w', 1, 'x')`,
    `DELETE FROM "LogWitnessState"`,
  ])
    await expect(db.$executeRawUnsafe(sql), sql).rejects.toThrow();
});
