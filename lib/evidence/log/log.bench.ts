import "server-only";
import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { recordFromOutside } from "../commands/record-from-outside";
import { openSigner } from "../signer.fixture";
import { usageStatement } from "../statements.fixture";
import { placesIn } from "./log-under-test";
import { findTlogProof } from "./queries";
import { type Sequencer, openSequencer } from "./sequencer";

/**
 * What the log manages on this machine, each figure beside the machine's own limit measured in the same run. It runs
 * against the migrated database of DATABASE_URL, which must hold no log yet: a throw-away one.
 */

const WRITERS = Number(process.argv[3] ?? 64);
const SIGNERS = 8;
const SECONDS = Number(process.argv[2] ?? 10);
const INTEGRATE_MILLISECONDS = 250;
const PUBLISH_MILLISECONDS = 500;

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

async function underLoad(sequencer: Sequencer) {
  const bodies = await signedBodies(Math.ceil(SECONDS * 2_500));
  const waiting: Sample[] = [];
  const latencies: number[] = [];
  let submitted = 0;
  let isOver = false;

  async function write(): Promise<void> {
    for (;;) {
      const body = isOver ? undefined : bodies.pop();
      if (body === undefined) return;
      waiting.push(await submitOne(body));
      submitted += 1;
    }
  }
  async function run(): Promise<void> {
    let publishAt = 0;
    for (let isIdle = false; !isOver || !isIdle;) {
      const turn = performance.now();
      const taken = await sequencer.integrate();
      isIdle = taken === 0 && waiting.length === 0;
      if (performance.now() >= publishAt) {
        publishAt = performance.now() + PUBLISH_MILLISECONDS;
        if ((await sequencer.publish()) !== null) await settle();
      }
      const rest = INTEGRATE_MILLISECONDS - (performance.now() - turn);
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }
  async function settle(): Promise<void> {
    const at = performance.now();
    const [row] = await db.$queryRaw<{ hashes: string[] }[]>`
      SELECT coalesce(array_agg(encode("leafHash", 'hex')), '{}') AS hashes FROM "LogLeaf"
      WHERE index < (SELECT max(size) FROM "LogPublished") AND "integratedAt" > now() - interval '30 s'`;
    const published = new Set(row?.hashes ?? []);
    for (const sample of waiting.splice(0)) {
      if (published.has(sample.leafHash)) latencies.push(at - sample.submittedAt);
      else waiting.push(sample);
    }
  }

  const begin = performance.now();
  const runner = run();
  const timer = setTimeout(() => (isOver = true), SECONDS * 1000);
  await Promise.all(Array.from({ length: WRITERS }, write));
  clearTimeout(timer);
  isOver = true;
  const seconds = (performance.now() - begin) / 1000;
  await runner;
  return { rate: submitted / seconds, latencies: latencies.sort((one, other) => one - other) };
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

async function main(): Promise<void> {
  if ((await db.logHead.count()) > 0) throw new Error("This database holds a log: name a throw-away one.");
  mkdirSync(env().DATA_DIR, { recursive: true });
  // On the disk that also holds the log's second place.
  const folder = mkdtempSync(path.join(env().DATA_DIR, "log-bench-"));
  const limits = await machineLimits(folder);
  const sequencer = await openSequencer({
    databaseUrl: env().DATABASE_URL,
    ...placesIn(folder, "bench.example/log/1"),
  });
  if (!sequencer) throw new Error("Another sequencer is active.");
  await sequencer.publish();
  const { rate, latencies } = await underLoad(sequencer);
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
      `n = ${latencies.length}, tree every ${INTEGRATE_MILLISECONDS} ms, checkpoint every ${PUBLISH_MILLISECONDS} ms`,
    );
  line("entries integrated, full queue", each(inTree), ratio(inTree, limits.hash, "SHA-256 of 65 bytes"));
  line("proofs, one after the other", each(proofRate), ratio(proofRate, limits.hash, "SHA-256 of 65 bytes"));
  await db.$disconnect();
}

await main();
