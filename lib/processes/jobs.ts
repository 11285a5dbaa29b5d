import "server-only";
import { forgetStaleAccounts } from "@/lib/accounts/jobs";
import { foldSearchChanges } from "@/lib/catalogue/jobs";
import { sweepStorage } from "@/lib/selling/jobs";
import { runDealClocks } from "@/lib/deals/jobs";
import { recordEarlierRulings } from "@/lib/disputes/commands/record-ruling";
import { countDay } from "@/lib/evidence/commands/count-day";
import { logWaitingKeys } from "@/lib/evidence/commands/log-waiting-keys";
import { runEvidenceClocks } from "@/lib/evidence/jobs";
import { submitUnloggedEnvelopes } from "@/lib/evidence/commands/submit-envelope";
import { db } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { deliverOutbox } from "@/lib/platform/outbox";

type Clock = { name: string; everySeconds: number; run: () => Promise<unknown> };

/**
 * What the jobs process does, and how often. Every entry is safe to run in several processes at once and to be
 * killed at any moment: it decides under row locks and writes in one transaction. A domain's clock is one line.
 */
const CLOCKS: readonly Clock[] = [
  { name: "outbox", everySeconds: 1, run: () => deliverOutbox() },
  { name: "deals", everySeconds: 15, run: runDealClocks },
  { name: "search", everySeconds: 5, run: foldSearchChanges },
  { name: "storage", everySeconds: 3600, run: sweepStorage },
  { name: "keys", everySeconds: 1, run: logWaitingKeys },
  { name: "evidence", everySeconds: 60, run: runEvidenceClocks },
  { name: "count", everySeconds: 60, run: countDay },
  { name: "rulings", everySeconds: 60, run: recordEarlierRulings },
  // New envelopes hand themselves in; this is for what was kept before the log came.
  { name: "log", everySeconds: 3600, run: submitUnloggedEnvelopes },
  { name: "accounts", everySeconds: 3600, run: forgetStaleAccounts },
];

const stopping = new AbortController();

/** Waits, or returns at once when the process is asked to stop. */
function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1000);
    function done() {
      clearTimeout(timer);
      stopping.signal.removeEventListener("abort", done);
      resolve();
    }
    stopping.signal.addEventListener("abort", done);
    if (stopping.signal.aborted) done();
  });
}

/** Runs one clock for ever; a failure is logged and tried again at the next turn. */
async function keepRunning({ name, everySeconds, run }: Clock): Promise<void> {
  while (!stopping.signal.aborted) {
    await run().catch((error: unknown) => log.error({ clock: name, error: String(error) }, "clock failed"));
    await pause(everySeconds);
  }
}

/** Lets the running turn of every clock finish, then closes the database and ends. */
async function main(): Promise<void> {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
  // A parent that goes away without a signal closes this channel.
  process.once("disconnect", () => stopping.abort());
  log.info({ clocks: CLOCKS.map((clock) => clock.name) }, "jobs started");
  await Promise.all(CLOCKS.map(keepRunning));
  await db.$disconnect();
  log.info("jobs stopped");
}

await main();
