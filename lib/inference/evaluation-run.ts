import { sha256 } from "@noble/hashes/sha2.js";
import { cleanText } from "@/lib/shared/clean-text";
import { toHex } from "@/lib/shared/encoding";
import type { Answered } from "./row-answer";

/** Whose rows a run is on, other than its seller's. */
export const rowsOrigins = ["buyer", "evaluator", "public_set"] as const;
export type RowsOrigin = (typeof rowsOrigins)[number];

export const runPhases = [
  "queued",
  "preparing",
  "running",
  "counting",
  "done",
  "failed",
  "cancelled",
] as const;
export type RunPhaseName = (typeof runPhases)[number];

/** What may follow what; the database holds the same. Once every row is answered nothing but the count is left. */
const following: Record<RunPhaseName, readonly RunPhaseName[]> = {
  queued: ["preparing", "failed", "cancelled"],
  preparing: ["running", "failed", "cancelled"],
  running: ["counting", "failed", "cancelled"],
  counting: ["done", "failed"],
  done: [],
  failed: [],
  cancelled: [],
};

export function mayFollow(from: RunPhaseName, to: RunPhaseName): boolean {
  return following[from].includes(to);
}

export function isEnded(phase: RunPhaseName): boolean {
  return following[phase].length === 0;
}

export function mayBeCancelled(phase: RunPhaseName): boolean {
  return mayFollow(phase, "cancelled");
}

/** So many rows are run at most. */
export const MAX_RUN_ROWS = 20_000;
/** A run that was begun so often without a further row is given up, with the last reason. */
export const MAX_BEGINNINGS = 5;
const MAX_CHUNK_ROWS = 2_000;
const CHUNK_SECONDS = 2;
const MAX_ANSWER_CHARACTERS = 20_000;

/**
 * How many rows are asked for next, so that a piece takes about two seconds: whole calls, so that a row has the same
 * neighbours however often the run was begun.
 */
export function nextChunk(rowsPerCall: number, last: { rows: number; seconds: number } | null): number {
  const wanted = last === null ? 16 : (last.rows * CHUNK_SECONDS) / Math.max(last.seconds, 0.001);
  const grown = Math.min(wanted, (last?.rows ?? MAX_CHUNK_ROWS) * 4, MAX_CHUNK_ROWS);
  return Math.max(1, Math.round(grown / rowsPerCall)) * rowsPerCall;
}

/** An answer as it is kept: empty where the row could not be run, with the reason. */
export type KeptAnswer = { prediction: string; confidence?: number; refused?: string };

/** What can be kept of an answer. One that is too long is none. */
export function keptAnswer({ prediction, confidence }: Answered, refused?: string): KeptAnswer {
  if (refused !== undefined) return { prediction: "", refused: cleanText(refused).slice(0, 300) };
  if (prediction.length > MAX_ANSWER_CHARACTERS)
    return { prediction: "", refused: `The answer is longer than ${MAX_ANSWER_CHARACTERS} characters.` };
  const text = cleanText(prediction);
  return confidence === undefined || !Number.isFinite(confidence)
    ? { prediction: text }
    : { prediction: text, confidence };
}

/** Names the inputs of a run, or its answers, by a line of JSON for each: SHA-256 after the salt, in hex. */
export function digestOfList(list: readonly unknown[], salt: string): string {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  hash.update(encoder.encode(`${salt}\n`));
  for (const one of list) hash.update(encoder.encode(`${JSON.stringify(one)}\n`));
  return toHex(hash.digest());
}

/** The digest that names the answers of a run. */
export function answersDigest(answers: readonly KeptAnswer[], salt: string): string {
  const lines = answers.map(({ prediction, confidence, refused }) => [
    prediction,
    confidence ?? null,
    refused ?? null,
  ]);
  return digestOfList(lines, salt);
}

/** How far a run is, in whole percent of its rows; rounded down, so that 100 is all of them. */
export function percentDone({ rowsDone, rowsTotal }: { rowsDone: number; rowsTotal: number | null }): number {
  return rowsTotal === null ? 0 : Math.floor((100 * rowsDone) / rowsTotal);
}
