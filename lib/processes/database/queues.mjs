import { PgBoss } from "pg-boss";

/** Queues that several processes send to, a dead letter queue before the one that names it. */
const QUEUES = [
  // Kept for an operator, who looks at it in their own time.
  { name: "mail-undelivered", retentionSeconds: 10 * 365 * 86_400 },
  { name: "mail" },
  { name: "evaluation-runs" },
];

/** Their names: what waits in these is asked for by somebody, and belongs into a backup. */
export const SHARED_QUEUES = QUEUES.map(({ name }) => name);

/**
 * Makes the tables of the queue library, brings them to its version, and makes the shared queues, unless all of it
 * is there. Several processes may call it together.
 */
export async function prepareQueues(url) {
  const boss = new PgBoss({
    connectionString: url,
    max: 1,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  // What fails is thrown by the call that failed; without a listener it would end the process as well.
  boss.on("error", () => {});
  try {
    await boss.start();
    for (const queue of QUEUES) await boss.createQueue(queue.name, queue);
  } finally {
    await boss.stop();
  }
}
