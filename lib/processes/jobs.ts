import "server-only";
import { BEAT_SECONDS, beat } from "@/lib/launch/heartbeat.mjs";
import { forgetStaleAccounts } from "@/lib/accounts/jobs";
import { foldSearchChanges, renewDescriptions } from "@/lib/catalogue/jobs";
import { sweepStorage, workOnRun } from "@/lib/selling/jobs";
import { runDealClocks } from "@/lib/deals/jobs";
import { countDay, logWaitingKeys } from "@/lib/evidence/jobs";
import { log } from "@/lib/platform/log";
import { deliverQueuedMails } from "@/lib/platform/outbox";
import { forgetReceipts } from "@/lib/platform/receipts";
import { keepClock, keepWorker, openQueue, type Clock } from "@/lib/platform/queue";
import { isReady } from "@/lib/platform/ready";

/**
 * What the jobs process does besides delivering mail, and how often. Every entry is safe to be killed at any moment:
 * it decides under row locks and writes in one transaction. A domain's clock is one line.
 */
const CLOCKS: readonly Clock[] = [
  { name: "deals", everySeconds: 15, run: runDealClocks },
  { name: "search", everySeconds: 5, run: foldSearchChanges },
  { name: "storage", everySeconds: 3600, run: sweepStorage },
  { name: "descriptions", everySeconds: 30, run: renewDescriptions },
  { name: "keys", everySeconds: 1, run: logWaitingKeys },
  { name: "count", everySeconds: 60, run: countDay },
  { name: "accounts", everySeconds: 3600, run: forgetStaleAccounts },
  { name: "receipts", everySeconds: 3600, run: forgetReceipts },
];

/** Each is a process of one thread beside this one. */
const RUNS_AT_ONCE = 2;

/** Less than the launcher waits before it insists; a turn that needs longer is begun again elsewhere. */
const GRACE_MS = 3000;

/** Works until it is told to stop, lets what runs finish, and ends. */
async function main(): Promise<void> {
  const stopping = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
    // A parent that goes away without a signal closes this channel.
    process.once("disconnect", resolve);
  });
  const queue = await openQueue();
  const runs = keepWorker(queue, { name: "evaluation-runs", atOnce: RUNS_AT_ONCE, run: workOnRun });
  await Promise.all([deliverQueuedMails(queue), runs, ...CLOCKS.map((clock) => keepClock(queue, clock))]);
  setInterval(() => void isReady().then((isWell) => isWell && beat("jobs")), BEAT_SECONDS * 1000);
  log.info({ clocks: CLOCKS.map((clock) => clock.name) }, "jobs started");
  await stopping;
  await queue.stop({ timeout: GRACE_MS });
  log.info("jobs stopped");
  process.exit();
}

await main().catch((error: unknown) => {
  process.stderr.write(
    `The jobs process cannot work on this database: ${String(error)}\nWas it migrated? npm run db:status tells.\n`,
  );
  process.exit(1);
});
