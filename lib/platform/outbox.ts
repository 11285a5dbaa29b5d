import "server-only";
import { createHash } from "node:crypto";
import { fromPrisma, PgBoss, type JobResult, type JobWithMetadata } from "pg-boss";
import type { Tx } from "./db";
import { log } from "./log";
import { deliverMail, type Mail } from "./mail";
import { HEARTBEAT_SECONDS } from "./queue";
import { noteMail } from "./request";

const MAX_ATTEMPTS = 12;

const OPTIONS = {
  retryLimit: MAX_ATTEMPTS - 1,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 3600,
  deadLetter: "mail-undelivered",
  heartbeatSeconds: HEARTBEAT_SECONDS,
  retentionSeconds: 365 * 86_400,
  // Kept for good: the row is what remembers that its key was sent.
  deleteAfterSeconds: 0,
};

/** What the queue `mail` holds. A key outlives the job, which an operator may send again under another id. */
export type QueuedMail = { idempotencyKey: string; mail: Mail };

/**
 * Asks for one mail in the caller's transaction; the same key is sent once, however often it is asked for. It goes out
 * after `afterSeconds`, and counts for the account whose request is in hand.
 */
export async function enqueueMail(
  tx: Tx,
  idempotencyKey: string,
  mail: Mail,
  afterSeconds = 0,
): Promise<void> {
  // A job's id is unique in its queue; any 128 bits in hexadecimal are one.
  const id = createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 32);
  const queued: QueuedMail = { idempotencyKey, mail };
  const when = afterSeconds > 0 ? { startAfter: afterSeconds } : {};
  await new PgBoss({ db: fromPrisma(tx) }).send("mail", queued, { ...OPTIONS, ...when, id });
  noteMail();
}

/**
 * Delivers mails in this process from now on, several at a time; any number of processes may, and each mail is taken
 * by one. A failed delivery is tried again with a growing delay, `MAX_ATTEMPTS` times in all, then kept as undelivered.
 */
export async function deliverQueuedMails(queue: PgBoss): Promise<void> {
  const options = {
    localConcurrency: 2,
    batchSize: 10,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5,
    includeMetadata: true,
    perJobResults: true,
  } as const;
  await queue.work<QueuedMail, JobResult[], typeof options>("mail", options, (jobs) =>
    Promise.all(jobs.map(deliver)),
  );
}

async function deliver({ id, data, retryCount, createdOn }: JobWithMetadata<QueuedMail>): Promise<JobResult> {
  try {
    await deliverMail(data.idempotencyKey, data.mail, createdOn);
    return { id, status: "completed" };
  } catch (error) {
    const facts = { mail: id, attempt: retryCount + 1, error: String(error).slice(0, 500) };
    if (facts.attempt < MAX_ATTEMPTS) log.warn(facts, "mail not delivered");
    else log.error(facts, "mail given up");
    return { id, status: "failed", output: { error: facts.error } };
  }
}
