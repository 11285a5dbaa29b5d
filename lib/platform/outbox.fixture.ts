import { fromPrisma, PgBoss, type JobWithMetadata } from "pg-boss";
import { db } from "./db";
import type { QueuedMail } from "./outbox";

/** What has been asked to be mailed, newest first, with what became of it; also from the queue of undelivered mail. */
export async function listQueuedMails(
  queue: "mail" | "mail-undelivered" = "mail",
): Promise<JobWithMetadata<QueuedMail>[]> {
  const jobs = await new PgBoss({ db: fromPrisma(db) }).findJobs<QueuedMail>(queue);
  return jobs.reverse();
}
