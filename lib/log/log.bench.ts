import "server-only";
import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { readPool } from "@/lib/platform/read-pool";
import { recordFromOutside } from "@/lib/evidence/commands/record-from-outside";
import { openSigner } from "@/lib/evidence/signer.fixture";
import { usageStatement } from "@/lib/statements/statements.fixture";
import { findTlogProof } from "./queries";
import { type Sequencer, openSequencer } from "./process/sequencer";

/**
 * What the log manages on this machine, each figure beside the machine's own limit measured in the same run. It runs
 * against the migrated database of DATABASE_URL, which must hold no log yet, and in DATA_DIR: throw-away ones both.
 */

const WRITERS = Number(process.argv[3] ?? 64);
const SIGNERS = 8;
const SECONDS = Number(process.argv[2] ?? 10);

/** How often `work` runs in a second, over half a second. */
async function perSecond(work: () => unknown, seconds = 0.5): Promise<number> {
  const begin = performance.now();
  let times = 0;
  while (performance.now() - begin < seconds * 1000) {
    await work();
    times += 1;
  }
  return (times * 1000) / (performance.now() - begin);
}

async function machineLimits(folder: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const message = Buffer.alloc(300, 7);
  const signature = sign("sha256", message, privateKey);
  const node = Buffer.alloc(65, 7);
  const file = openSync(path.join(folder, "fsync"), "w");
  const block = Buffer.alloc(8192, 7);
  const limits = {
    fsync: await perSecond(() => {
      writeSync(file, block);
      fdatasyncSync(file);
    }),
    verify: await perSecond(() => verify("sha256", message, publicKey, signature)),
    hash: await perSecond(() => {
      for (let at = 0; at < 1_000; at++) createHash("sha256").update(node).digest();
    }).then((thousands) => thousands * 1_000),
  };
  closeSync(file);
  return limits;
}

type Sample = { leafHash: string; submittedAt: number };

/** Verified, recorded and handed in durably, by the command behind the door for strangers. */
async function submitOne(body: string): Promise<Sample> {
  const { leafHash } = await recordFromOutside(body);
  return { leafHash, submittedAt: performance.now() };
}

/** The sequencer as it runs in an installation: in a process of its own. Returns how to end it. */
async function startSequencer(): Promise<() => Promise<void>> {
  const script = ["--conditions=react-server", "--import", "tsx", "lib/processes/sequencer.ts"];
  const child = spawn(process.execPath, script, { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  while ((await db.logPublished.count()) === 0) await pause(50);
  return async () => {
    child.kill("SIGTERM");
    await ended;
  };
}

/** When each published size was first seen by a reader who looks every 20 ms. */
function watchCheckpoints() {
  const seen: { size: bigint; at: number }[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const { rows } = await readPool().query<{ size: string }>(
        `SELECT max(size) AS size FROM "LogPublished"`,
      );
      const size = BigInt(rows[0]?.size ?? 0);
      if (seen.at(-1)?.size !== size) seen.push({ size, at: performance.now() });
      await pause(20);
    }
  })();
  return async () => {
    while ((await db.logPending.count()) > 0) await pause(50);
    const leaves = BigInt(await db.logLeaf.count());
    while ((seen.at(-1)?.size ?? 0n) < leaves) await pause(50);
    isOver = true;
    await watching;
    return seen;
  };
}

async function underLoad() {
  const bodies = await signedBodies(Math.ceil(SECONDS * 2_500));
  const samples: Sample[] = [];
  const settled = watchCheckpoints();
  const begin = performance.now();
  async function write(): Promise<void> {
    while (performance.now() - begin < SECONDS * 1000) {
      const body = bodies.pop();
      if (body === undefined) return;
      samples.push(await submitOne(body));
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write));
  const seconds = (performance.now() - begin) / 1000;
  const seen = await settled();
  const leaves = await db.logLeaf.findMany({ select: { leafHash: true, index: true } });
  const indexOf = new Map(
    leaves.map(({ leafHash, index }) => [Buffer.from(leafHash).toString("hex"), index]),
  );
  const latencies = samples.map(({ leafHash, submittedAt }) => {
    const index = indexOf.get(leafHash) ?? -1n;
    return (seen.find(({ size }) => size > index)?.at ?? Number.NaN) - submittedAt;
  });
  return { rate: samples.length / seconds, latencies: latencies.sort((one, other) => one - other) };
}

/** Statements of use, by several accounts with a key each. */
async function signedBodies(count: number): Promise<string[]> {
  const signers = await Promise.all(Array.from({ length: SIGNERS }, (_, at) => openSigner(`Bench ${at}`)));
  const model = "a".repeat(64);
  const bodies: string[] = [];
  for (let at = 0; at < count; at++) {
    const signer = signers[at % SIGNERS]!;
    bodies.push(await signer.sign(usageStatement(signer.accountId, model, at + 1)));
  }
  return bodies;
}

/** Leaves put into the tree in a second while the queue is never empty. */
async function integrated(sequencer: Sequencer): Promise<number> {
  await db.$executeRaw`
    INSERT INTO "LogPending" ("leafHash", body, "envelopeSha256")
    SELECT sha256('\\x00'::bytea || body), body, 'none'
    FROM (SELECT convert_to(repeat('x', 480) || number, 'UTF8') AS body
          FROM generate_series(1, 20480) AS number) AS entry`;
  const begin = performance.now();
  let taken = 0;
  for (let batch = await sequencer.integrate(); batch > 0; batch = await sequencer.integrate())
    taken += batch;
  return (taken * 1000) / (performance.now() - begin);
}

async function proofs(): Promise<number> {
  const leaves = await db.logLeaf.findMany({ take: 500, select: { leafHash: true } });
  const hashes = leaves.map(({ leafHash }) => Buffer.from(leafHash).toString("hex"));
  let next = 0;
  return perSecond(() => findTlogProof(hashes[next++ % hashes.length] ?? ""), 2);
}

function line(what: string, figure: string, limit: string): void {
  process.stdout.write(`${what.padEnd(52)}${figure.padStart(16)}   ${limit}\n`);
}

/** Where the sequencer of this installation keeps what it needs. */
async function placesOfLog() {
  const { logOrigin } = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
  const { DATA_DIR } = env();
  const keyFile = path.resolve(DATA_DIR, "keys", "log", "log-1.pem");
  return { origin: logOrigin, keyFile, checkpointFile: path.resolve(DATA_DIR, "log", "last-checkpoint") };
}

async function main(): Promise<void> {
  if ((await db.logHead.count()) > 0) throw new Error("This database holds a log: name a throw-away one.");
  mkdirSync(env().DATA_DIR, { recursive: true });
  // On the disk that also holds the log's second place.
  const folder = mkdtempSync(path.join(env().DATA_DIR, "log-bench-"));
  const limits = await machineLimits(folder);
  const endSequencer = await startSequencer();
  const { rate, latencies } = await underLoad();
  await endSequencer();
  const sequencer = await openSequencer({ databaseUrl: env().DATABASE_URL, ...(await placesOfLog()) });
  if (!sequencer) throw new Error("Another sequencer is active.");
  const inTree = await integrated(sequencer);
  while ((await sequencer.publish()) !== null);
  const proofRate = await proofs();
  await sequencer.close();
  rmSync(folder, { recursive: true, force: true });

  const percentile = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN;
  const ratio = (figure: number, limit: number, of: string) =>
    `${(figure / limit).toFixed(2)} of ${Math.round(limit)} ${of}/s here`;
  const each = (figure: number) => `${Math.round(figure)}/s`;
  line(
    `submissions, verified and durable, ${WRITERS} at once`,
    each(rate),
    ratio(rate, limits.fsync, "fdatasync"),
  );
  line("", "", ratio(rate, limits.verify, "P-256 verifications"));
  for (const share of [0.5, 0.95, 0.99])
    line(
      `submission to published checkpoint, p${share * 100}`,
      `${Math.round(percentile(share))} ms`,
      `n = ${latencies.length}, no witnesses`,
    );
  line("entries integrated, full queue", each(inTree), ratio(inTree, limits.hash, "SHA-256 of 65 bytes"));
  line("proofs, one after the other", each(proofRate), ratio(proofRate, limits.hash, "SHA-256 of 65 bytes"));
  await db.$disconnect();
}

await main();
