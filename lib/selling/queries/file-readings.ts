import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";

export type FileReadingView = {
  fileName: string;
  state: "reading" | "ready" | "refused";
  /** What was read so far, such as "120,000 rows"; empty before the first. */
  progress: string;
  message: string;
  location: string | null;
  seconds: number;
};

/** A reading of the actor's own; null for everybody else, and a day after it ended. */
export async function findFileReading(actor: Actor, readingId: string): Promise<FileReadingView | null> {
  const row = await db.fileReading.findFirst({ where: { id: readingId, accountId: actor.accountId } });
  if (!row) return null;
  const { fileName, state, progress, message, location, startedAt, endedAt } = row;
  const until = endedAt ?? (await currentTime());
  const seconds = Math.max(0, Math.round((until.getTime() - startedAt.getTime()) / 1000));
  return { fileName, state: stateOf(state), progress, message, location, seconds };
}

function stateOf(state: string): FileReadingView["state"] {
  return state === "reading" || state === "ready" ? state : "refused";
}
