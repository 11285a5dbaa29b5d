import { busy, closeSmtpServer, received } from "./smtp-server.fixture";
import { type AddressInfo, createServer } from "node:net";
import type { PgBoss } from "pg-boss";
import { afterAll, afterEach, expect, test } from "vitest";
import { db, inTransaction } from "./db";
import { SMTP_TIMEOUT_MS, deliverMail, smtpTransport } from "./mail";
import { deliverQueuedMails, enqueueMail } from "./outbox";
import { listQueuedMails } from "./outbox.fixture";
import { openQueue } from "./queue";

const SOON = { timeout: 30_000, interval: 50 };
const NOW = new Date("2026-11-30T12:00:00Z");
const mail = { to: "person@example.test", subject: "Your deal", text: "It is signed." };
let workers: PgBoss[] = [];

afterEach(async () => {
  received.length = 0;
  busy.times = 0;
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});
afterAll(closeSmtpServer);

async function startWorker(): Promise<void> {
  const worker = await openQueue();
  workers.push(worker);
  await deliverQueuedMails(worker);
}

test("a mail goes to a server under TLS and with its password, once, and says its key", async () => {
  await deliverMail("offer:1", { ...mail, subject: "Your deal — größer" }, NOW);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    from: "no-reply@market.example",
    to: ["person@example.test"],
    isEncrypted: true,
    user: "offcut",
  });
  expect(received[0]?.raw).toContain("Message-ID: <offer-1@offcut>");
  expect(received[0]?.raw).toMatch(/Subject: =\?UTF-8\?/);
  expect(received[0]?.raw).toContain("It is signed.");
});

test("no line of a subject and no address becomes a header or a second recipient", async () => {
  const subject = "Hello\r\nBcc: victim@example.test\r\n\r\nBody";
  await deliverMail("headers", { ...mail, subject }, NOW);
  for (const to of ["person@example.test, victim@example.test", "person@example.test\r\nvictim@example.test"])
    await deliverMail("recipients", { ...mail, to }, NOW).catch(() => {});
  expect(received.flatMap(({ to }) => to)).not.toContain("victim@example.test");
  expect(received[0]?.raw.split("\r\n\r\n")[0]).not.toMatch(/^bcc:/im);
});

test("a server that is busy gets the mail again, and each mail arrives once", async () => {
  busy.times = 2;
  await inTransaction(async (tx) => {
    for (const key of ["a", "b", "c"]) await enqueueMail(tx, key, { ...mail, subject: key });
  });
  await startWorker();
  const made = () =>
    db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = 'mail' AND state = 'retry'`;
  await expect.poll(async () => (await made(), received.length), SOON).toBe(3);
  const subjects = received.map(({ raw }) => /Subject: (\w)/.exec(raw)?.[1]);
  expect(subjects.sort()).toEqual(["a", "b", "c"]);
});

test("a mailbox that does not exist is kept with what the server said, and holds up no other mail", async () => {
  await inTransaction(async (tx) => {
    await enqueueMail(tx, "lost", { ...mail, to: "nobody@example.test" });
    await enqueueMail(tx, "found", mail);
  });
  await startWorker();
  await expect.poll(() => received.length, SOON).toBe(1);
  const output = async () =>
    JSON.stringify((await listQueuedMails()).find(({ data }) => data.idempotencyKey === "lost")?.output);
  await expect.poll(output, SOON).toContain("No such mailbox");
});

test("a server that accepts a connection and says nothing more is given up", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((listening) => silent.once("listening", listening));
  const { port } = silent.address() as AddressInfo;
  const begun = performance.now();
  await expect(smtpTransport(`smtp://127.0.0.1:${port}`).sendMail(mail)).rejects.toThrow(/[Gg]reeting/);
  expect(performance.now() - begun).toBeLessThan(SMTP_TIMEOUT_MS + 5_000);
  silent.close();
});
