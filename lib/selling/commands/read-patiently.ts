import "server-only";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Actor } from "@/lib/accounts/actor";
import { type StoredFileView, storeFile } from "@/lib/catalogue/commands/store-file";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import type { Progress } from "@/lib/platform/reading";
import { asPlatform, noteContent } from "@/lib/platform/request";
import { DomainError } from "@/lib/shared/domain-error";

/** What came of a reading, and where it is shown. */
export type ReadingOutcome = { message: string; location: string };

/** A reading that goes on after the answer. */
export type StillReading<T> = { readingId: string; settled: Promise<T> };

/** A browser that shows a page meanwhile waits for less than a proxy on the way does; one without scripts is told soon. */
const PATIENCE_MS = { page: 10_000, script: 45_000 };
export type Patience = keyof typeof PATIENCE_MS;
/** How long a file waits for another of its account, and how often it asks. */
const TURN_WAIT_MS = 15_000;
const ASK_EVERY_MS = 250;
const PROGRESS_MS = 1_000;
/** Longer than a turn is waited for and a reading may take: whoever read it is gone. */
const ABANDONED_SECONDS = 200;

const BROKE_OFF = "The reading broke off and nothing of it was kept. Send the file again.";

/**
 * Does `work`, which reads a file and writes what is in it, and answers with what came of it; where that takes longer
 * than ten seconds, or 45 where a script waits, with a reading that goes on and that its account can look at. One is in work for an account over
 * all processes, and one may wait for it for 15 s: throws `reading_busy` for a third. `undo` is called once when nothing came of it.
 */
export async function readPatiently<T extends ReadingOutcome>(
  actor: Actor,
  fileName: string,
  work: (onProgress: Progress) => Promise<T>,
  { undo = async () => {}, patience = "page" }: { undo?: () => Promise<void>; patience?: Patience } = {},
): Promise<T | StillReading<T>> {
  const readingId = await begin(actor, fileName).catch(async (error: unknown) => {
    await undo();
    throw error;
  });
  const handing = { isOver: false, isSettled: false };
  const settled = work(progressOf(readingId, handing)).then(
    async (outcome) => {
      handing.isSettled = true;
      await end(readingId, handing.isOver && { state: "ready", ...outcome });
      return outcome;
    },
    async (error: unknown) => {
      handing.isSettled = true;
      await undo();
      await end(readingId, handing.isOver && { state: "refused", message: wordsOf(error) });
      throw error;
    },
  );
  const first = await Promise.race([settled, pause(PATIENCE_MS[patience], null, { ref: false })]);
  if (first) return first;
  // It ended at the last moment: its row says nothing any more, so its answer does.
  if (handing.isSettled) return settled;
  handing.isOver = true;
  settled.catch((error: unknown) => {
    if (!(error instanceof DomainError)) log.error({ readingId, error: String(error) }, "reading failed");
  });
  return { readingId, settled };
}

/**
 * Stores a file that is only there to be read. The receipt of the request comes with what the reading brings, so that a
 * file which brought nothing, and was taken away again, may be sent again under the same key.
 */
export async function storeToRead(
  actor: Actor,
  source: Readable,
  options: { name: string; maxBytes: number; declaredBytes?: number | null },
): Promise<StoredFileView> {
  const file = await asPlatform(() => storeFile(actor, source, options));
  noteContent(file.sha256);
  return file;
}

export function isStillReading<T extends object>(done: T | StillReading<T>): done is StillReading<T> {
  return "readingId" in done;
}

/** Accounts of which a file waits in this process for the one that is read. */
const waiting = new Set<string>();

/**
 * The account's turn: one file waits for the one in work, a further one is told at once. Not what the request in hand is
 * about, whose receipt is written with what the reading brings.
 */
async function begin(actor: Actor, fileName: string): Promise<string> {
  const { accountId } = actor;
  const until = performance.now() + TURN_WAIT_MS;
  let isWaiting = false;
  try {
    for (;;) {
      const turn = await asPlatform(() => insertReading(actor, fileName));
      if ("id" in turn) return turn.id;
      if (performance.now() > until || (!isWaiting && waiting.has(accountId)))
        throw busy(turn.inWork, fileName);
      isWaiting = true;
      waiting.add(accountId);
      await pause(ASK_EVERY_MS);
    }
  } finally {
    if (isWaiting) waiting.delete(accountId);
  }
}

function busy(inWork: string, fileName: string): DomainError {
  return new DomainError(
    "reading_busy",
    `${inWork} is still being read. Wait until that is done, then send ${fileName}.`,
  );
}

async function insertReading(actor: Actor, fileName: string): Promise<{ id: string } | { inWork: string }> {
  return inTransaction(async (tx) => {
    const now = await currentTime(tx);
    const own = { accountId: actor.accountId, state: "reading" } as const;
    await tx.fileReading.updateMany({
      where: { ...own, startedAt: { lt: new Date(now.getTime() - ABANDONED_SECONDS * 1000) } },
      data: { state: "refused", message: BROKE_OFF, endedAt: now },
    });
    // Of two at the same moment the index takes one.
    const [begun] = await tx.fileReading.createManyAndReturn({
      data: [{ accountId: actor.accountId, fileName, startedAt: now }],
      skipDuplicates: true,
      select: { id: true },
    });
    if (begun) return begun;
    const other = await tx.fileReading.findFirst({ where: own });
    return { inWork: other?.fileName ?? "Another file of yours" };
  });
}

/** One that was answered in time leaves nothing. */
async function end(
  id: string,
  outcome: false | { state: "ready" | "refused"; message: string; location?: string },
): Promise<void> {
  if (!outcome) await db.fileReading.deleteMany({ where: { id } });
  else {
    const { state, message, location } = outcome;
    await db.fileReading.updateMany({
      where: { id, state: "reading" },
      data: { state, message, location, endedAt: await currentTime() },
    });
  }
}

function progressOf(id: string, handing: { isOver: boolean }): Progress {
  let told = 0;
  return (count, word) => {
    if (!handing.isOver || performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    const progress = `${count.toLocaleString("en")} ${word}`;
    // A sign of life, and nothing is lost with one.
    db.fileReading.updateMany({ where: { id, state: "reading" }, data: { progress } }).catch(() => undefined);
  };
}

function wordsOf(error: unknown): string {
  return error instanceof DomainError ? error.message : BROKE_OFF;
}
