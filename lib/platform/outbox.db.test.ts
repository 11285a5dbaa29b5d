import type { PgBoss } from "pg-boss";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db, inTransaction } from "./db";
import { deliverQueuedMails, enqueueMail } from "./outbox";
import { listQueuedMails } from "./outbox.fixture";
import { openQueue } from "./queue";

const REFUSED = "No mailbox takes this";
const SOON = { timeout: 30_000, interval: 50 };
const mail = { to: "person@example.test", subject: "Hello", text: "Text" };

const workers: PgBoss[] = [];
let idle: PgBoss;

beforeAll(async () => {
  idle = await openQueue();
  await db.$executeRawUnsafe(`ALTER TABLE "MailboxMessage" ADD CHECK (subject <> '${REFUSED}')`);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});
afterAll(() => idle.stop());

const ask = (key: string, content = mail) => inTransaction((tx) => enqueueMail(tx, key, content));
const mailbox = (key: string) => db.mailboxMessage.count({ where: { idempotencyKey: key } });
const queued = async (key: string) =>
  (await listQueuedMails()).filter(({ data }) => data.idempotencyKey === key);
const stateOf = async (key: string) => (await queued(key))[0]?.state;

/** The state of a mail, which is made due at once if it waits for another attempt. */
async function withoutWaiting(key: string): Promise<string | undefined> {
  await db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = 'mail' AND state = 'retry'`;
  return stateOf(key);
}

async function startWorker(): Promise<void> {
  const worker = await openQueue();
  workers.push(worker);
  await deliverQueuedMails(worker);
}

test("a mail is seen by workers only after its transaction is committed, and never when that is rolled back", async () => {
  const rolledBack = inTransaction(async (tx) => {
    await enqueueMail(tx, "rolled-back", mail);
    throw new Error("decided otherwise");
  });
  await expect(rolledBack).rejects.toThrow("decided otherwise");
  await inTransaction(async (tx) => {
    await enqueueMail(tx, "committed", mail);
    expect(await idle.fetch("mail")).toEqual([]);
  });
  const taken = await idle.fetch("mail", { batchSize: 10 });
  expect(taken.map(({ data }) => data)).toEqual([{ idempotencyKey: "committed", mail }]);
});

test("a mail whose worker was killed is delivered by another, once the heartbeat is missed", async () => {
  expect(await stateOf("committed")).toBe("active");
  await db.$executeRaw`UPDATE pgboss.job SET heartbeat_on = now() - interval '9 seconds' WHERE state = 'active'`;
  await idle.supervise("mail");
  expect(await stateOf("committed")).toBe("active");
  await startWorker();
  await expect.poll(() => withoutWaiting("committed"), SOON).toBe("completed");
  expect(await mailbox("committed")).toBe(1);
});

test("the same key is sent once: asked twice, asked at once, and asked again after delivery", async () => {
  await Promise.all(Array.from({ length: 20 }, () => ask("same-key")));
  await startWorker();
  await expect.poll(() => mailbox("same-key"), SOON).toBe(1);
  await ask("same-key", { ...mail, subject: "Again" });
  await ask("another-key");
  await expect.poll(() => mailbox("another-key"), SOON).toBe(1);
  expect(await queued("same-key")).toHaveLength(1);
  expect(await db.mailboxMessage.count({ where: { subject: "Again" } })).toBe(0);
});

test("two workers deliver every one of many mails once, without a pause while some wait", async () => {
  const keys = Array.from({ length: 200 }, (_, number) => `many-${number}`);
  await inTransaction(async (tx) => {
    for (const key of keys) await enqueueMail(tx, key, mail);
  });
  const startedAt = performance.now();
  await Promise.all([startWorker(), startWorker()]);
  await expect
    .poll(() => db.mailboxMessage.count({ where: { idempotencyKey: { startsWith: "many-" } } }), SOON)
    .toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  const many = async () =>
    (await listQueuedMails()).filter(({ data }) => data.idempotencyKey.startsWith("many-"));
  await expect.poll(async () => (await many()).every(({ state }) => state === "completed"), SOON).toBe(true);
  expect((await many()).every(({ retryCount }) => retryCount === 0)).toBe(true);
});

test("a delivery that fails is tried again later, twelve times, and is then kept as undelivered", async () => {
  await ask("refused", { ...mail, subject: REFUSED });
  await startWorker();
  await expect.poll(() => stateOf("refused"), SOON).toBe("retry");
  const [first] = await queued("refused");
  const waitMs = first!.startAfter.getTime() - Date.now();
  expect(waitMs).toBeGreaterThan(3000);
  expect(waitMs).toBeLessThan(10_000);
  await expect.poll(() => withoutWaiting("refused"), SOON).toBe("failed");
  const [given] = await queued("refused");
  expect(given).toMatchObject({
    retryCount: 11,
    output: { error: expect.stringContaining("check constraint") },
  });
  const undelivered = await listQueuedMails("mail-undelivered");
  expect(undelivered).toEqual([
    expect.objectContaining({
      state: "created",
      data: { idempotencyKey: "refused", mail: { ...mail, subject: REFUSED } },
    }),
  ]);
  await ask("refused");
  expect(await queued("refused")).toHaveLength(1);
  expect(await mailbox("refused")).toBe(0);
});
