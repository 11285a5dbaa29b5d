import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openPerson } from "@/lib/accounts/person.fixture";
import { placesIn } from "@/lib/evidence/log.fixture";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { verifyLogged } from "@/lib/evidence/queries/verify-logged";
import { type Sequencer, openSequencer } from "@/lib/log/process/sequencer";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { countAttempts } from "@/lib/statements/run-attempts";
import { sentenceText } from "@/lib/statements/sentence";
import {
  type Bird,
  birdsFrom,
  draftOfBirds,
  fileOfBirds,
  listPenguins,
  penguinContract,
} from "../penguins.fixture";
import type { RunResult } from "../run-result";
import { askForRun } from "./ask-for-run";
import { cancelRun } from "./end-run";
import { publishRun } from "./publish-run";
import { workOnRun } from "./work-on-run";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-runs-"));
const workers: ChildProcess[] = [];
let sequencer: Sequencer;
let isOver = false;
let logging: Promise<void>;

beforeAll(async () => {
  await openInstallation();
  const places = placesIn(folder, "localhost:3000/log/1");
  sequencer = (await openSequencer({ databaseUrl: process.env.DATABASE_URL ?? "", ...places }))!;
  logging = (async () => {
    while (!isOver) {
      await sequencer.integrate();
      await sequencer.publish();
      await pause(100);
    }
  })();
});

afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
});

afterAll(async () => {
  isOver = true;
  await logging;
  await sequencer.close();
  rmSync(folder, { recursive: true, force: true });
});

const refusal = (code: string) => expect.objectContaining({ code });
const read = { outputColumns: [], thresholds: [], found: "not_said" as const };

async function ask(actor: Actor, slug: string, lines: readonly string[], more: { licence?: string } = {}) {
  const body = Buffer.from(lines.join("\n"));
  return askForRun(actor, Readable.from([body]), {
    ...{ slug, fileName: "birds.csv", dataSetName: "Birds of a buyer", declaredBytes: body.length, ...read },
    ...{ rowsFrom: more.licence ? ("public_set" as const) : ("own" as const), licence: more.licence ?? "" },
  });
}

/** As a buyer holds them: labels and inputs, and no answers. */
const linesOf = (birds: readonly Bird[]) => [
  "label,short,flipper_length,body_mass",
  ...birds.map(({ label, flipper, mass }, at) => [label, at % 4 < 2, flipper, mass].join(",")),
];

const runOf = (id: string) => db.evaluationRun.findUniqueOrThrow({ where: { id }, include: { notes: true } });
const resultOf = async (id: string) => (await runOf(id)).result as unknown as RunResult;

test("a buyer's rows are run here, logged before the first of them, and published as measured here by who asked", async () => {
  const { listingId, slug, modelDigest } = await listPenguins((await openPerson("Seller")).actor);
  const buyer = (await openPerson("Buyer")).actor;
  const { runId } = await ask(buyer, slug, linesOf(await birdsFrom(0, 120, 114)));
  await workOnRun(runId);
  const run = await runOf(runId);
  expect(run).toMatchObject({
    phase: "done",
    rowsTotal: 120,
    rowsDone: 120,
    failure: null,
    evaluationId: null,
  });
  const logged = await verifyLogged(run.attemptSha256 ?? "");
  expect(logged).toMatchObject({
    state: "verified",
    statement: { predicate: { attempt: { event: "begun", dataSet: { n: 120 } } } },
  });
  const [first] = await db.runAnswers.findMany({ where: { runId }, orderBy: { firstRow: "asc" } });
  expect(run.startedAt!.getTime()).toBeLessThanOrEqual(first!.at.getTime());
  expect((await resultOf(runId)).summary.overall).toMatchObject({ n: 120, k: 114 });
  // Until then nobody else sees more than that it was begun.
  expect(await listListingEvaluations(listingId)).toEqual([]);

  const { redirectTo } = await publishRun(buyer, { runId });
  expect(await publishRun(buyer, { runId })).toEqual({ redirectTo });
  const [shown] = await listListingEvaluations(listingId);
  expect(shown).toMatchObject({ grade: "platform_measured" });
  const words = [shown!.headline, ...shown!.facts].map(sentenceText).join(" ");
  expect(words).toContain("on rows of a buyer, and stated before its first row was run");
  expect(words).toMatch(/Run with onnxruntime-node .* libc .*, 512 rows at a time/);
  await expect
    .poll(async () => countAttempts((await listStatementsAbout(modelDigest))?.statements ?? []), {
      timeout: 10_000,
    })
    .toMatchObject({ begun: 1, published: 1 });
});

test("rows that the seller had before are left out, and the run says how many", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { slug } = await listPenguins(seller);
  await draftOfBirds(seller, fileOfBirds(await birdsFrom(0, 40)), "before");
  const buyer = (await openPerson("Buyer")).actor;
  const { runId } = await ask(
    buyer,
    slug,
    linesOf([...(await birdsFrom(0, 40)), ...(await birdsFrom(900, 30))]),
  );
  await workOnRun(runId);
  expect(await runOf(runId)).toMatchObject({
    phase: "done",
    rowsTotal: 30,
    leftOut: Array.from({ length: 40 }, (_, at) => at),
  });
  expect((await resultOf(runId)).summary.overall.n).toBe(30);
  const again = await ask(buyer, slug, linesOf(await birdsFrom(0, 40)));
  await workOnRun(again.runId);
  const failed = await runOf(again.runId);
  expect([failed.phase, failed.failure]).toEqual([
    "failed",
    expect.stringContaining("had all 40 of these rows"),
  ]);
  expect(failed.attemptSha256).toBeNull();
});

test("nobody who sells or shares asks for a run, a stranger's run does not exist, and files that run nowhere are refused", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { slug } = await listPenguins(seller);
  const lines = linesOf(await birdsFrom(0, 10));
  await expect(ask(seller, slug, lines)).rejects.toEqual(refusal("not_independent"));
  const { actor: buyer } = await openPerson("Buyer");
  const { runId } = await ask(buyer, slug, lines, { licence: "CC0-1.0" });
  const stranger = (await openPerson("Stranger")).actor;
  for (const act of [cancelRun, publishRun])
    await expect(act(stranger, { runId })).rejects.toEqual(refusal("not_found"));
  await expect(publishRun(buyer, { runId })).rejects.toEqual(refusal("run_not_done"));
  expect(await runOf(runId)).toMatchObject({ rowsFrom: "public_set", rowsLicence: "CC0-1.0" });
});

test("a run that waits ends at once when it is cancelled, and one whose rows cannot be meant ends with the reason", async () => {
  const { slug } = await listPenguins((await openPerson("Seller")).actor);
  const { actor: buyer } = await openPerson("Buyer");
  const { runId } = await ask(buyer, slug, linesOf(await birdsFrom(0, 10)));
  await cancelRun(buyer, { runId });
  await workOnRun(runId);
  expect(await runOf(runId)).toMatchObject({ phase: "cancelled", rowsDone: 0, attemptSha256: null });
  const wrong = await ask(buyer, slug, ["label,flipper_length,body_mass", "Puffin,180,4000"]);
  await workOnRun(wrong.runId);
  expect((await runOf(wrong.runId)).failure).toContain("1 name that this model does not answer");
  const blind = await ask(buyer, slug, ["label,short", "Gentoo,true"]);
  await workOnRun(blind.runId);
  expect((await runOf(blind.runId)).failure).toContain("no column flipper_length, body_mass");
});

test("an account has three runs going on at most", async () => {
  const { slug } = await listPenguins((await openPerson("Seller")).actor);
  const { actor: buyer } = await openPerson("Buyer");
  const lines = linesOf(await birdsFrom(0, 4));
  const asked = await Promise.allSettled(Array.from({ length: 4 }, () => ask(buyer, slug, lines)));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  expect(asked.find(({ status }) => status === "rejected")).toMatchObject({
    reason: refusal("limit_reached"),
  });
});

test("the database takes no answer twice or out of turn, and lets no run go back", async () => {
  const { slug } = await listPenguins((await openPerson("Seller")).actor);
  const { runId } = await ask((await openPerson("Buyer")).actor, slug, linesOf(await birdsFrom(0, 10)));
  const answers = [{ prediction: "Gentoo" }];
  const data = { runId, firstRow: 0, answers, computeMilliseconds: 1, at: new Date() };
  await expect(db.runAnswers.create({ data })).rejects.toThrow("answers follow those that are kept");
  const change = (changed: object) => db.evaluationRun.update({ where: { id: runId }, data: changed });
  await expect(change({ phase: "running" })).rejects.toThrow("a run does not go from queued to running");
  await expect(change({ phase: "preparing", dataSetName: "Another" })).rejects.toThrow(
    "what a run is of never changes",
  );
  await workOnRun(runId);
  await expect(change({ phase: "queued", endedAt: null, result: undefined })).rejects.toThrow();
  await expect(db.runAnswers.updateMany({ where: { runId }, data: { answers: [] } })).rejects.toThrow(
    "answers never change",
  );
  await expect(db.runAnswers.create({ data })).rejects.toThrow("answers follow those that are kept");
});

/** A real process of workers. */
function startWorker(): ChildProcess {
  const args = ["--conditions=react-server", "--import", "tsx", "lib/processes/jobs.ts"];
  const worker = spawn(process.execPath, args, { env: process.env, stdio: "ignore", detached: true });
  workers.push(worker);
  return worker;
}

/** The process of the model among those that a worker has started. */
function modelUnder(worker: number): number {
  const parents = new Map<number, number>();
  const commands = new Map<number, string>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      parents.set(
        Number(name),
        Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]),
      );
      commands.set(Number(name), readFileSync(`/proc/${name}/cmdline`, "utf8"));
    } catch {
      // It ended meanwhile.
    }
  }
  const isUnder = (pid: number): boolean =>
    pid === worker || (parents.has(pid) && isUnder(parents.get(pid)!));
  const found = [...commands].find(([pid, command]) => command.includes("bundle-child.mjs") && isUnder(pid));
  if (!found) throw new Error("No model runs under this worker.");
  return found[0];
}

test(
  "a run of 20,000 rows whose worker, and then whose model, is killed with -9 goes on, and no row is lost or doubled",
  { timeout: 240_000 },
  async () => {
    // One row a call, so that it takes long enough to be killed in between.
    const { slug } = await listPenguins((await openPerson("Seller")).actor, [], await penguinContract(1));
    const { actor: buyer } = await openPerson("Buyer");
    const birds = Array.from(
      { length: 20_000 },
      (_, at) => `${["Adelie", "Gentoo"][at % 2]},${180 + at / 1_000},${3_000 + at / 8}`,
    );
    const { runId } = await ask(buyer, slug, ["label,flipper_length,body_mass", ...birds]);
    const done = async () => (await runOf(runId)).rowsDone;
    const killedAt: number[] = [];
    const killedOnce = async (most: number, kill: () => void) => {
      await expect.poll(done, { timeout: 90_000, interval: 5 }).toBeGreaterThanOrEqual(most);
      kill();
      killedAt.push(await done());
    };
    const first = startWorker();
    await killedOnce(1, () => process.kill(-first.pid!, "SIGKILL"));
    const second = startWorker();
    await killedOnce(killedAt[0]! + 1, () => process.kill(modelUnder(second.pid!), "SIGKILL"));
    expect(killedAt.every((rows) => rows > 0 && rows < 20_000)).toBe(true);
    await expect
      .poll(async () => (await runOf(runId)).phase, { timeout: 90_000, interval: 200 })
      .toBe("done");
    const pieces = await db.runAnswers.findMany({ where: { runId }, orderBy: { firstRow: "asc" } });
    let next = 0;
    for (const { firstRow, answers } of pieces) {
      expect(firstRow).toBe(next);
      next += (answers as unknown[]).length;
    }
    expect(next).toBe(20_000);
    expect((await resultOf(runId)).summary.overall.n).toBe(20_000);
    const { notes } = await runOf(runId);
    expect(notes.filter(({ text }) => text.startsWith("Taken up again")).length).toBeGreaterThanOrEqual(2);
  },
);
