import "server-only";
import { MAX_WITNESS_BYTES, formatAddCheckpoint } from "../add-checkpoint";
import { readDecimal } from "../checkpoint";
import { cosignaturesOf } from "../cosignature";
import type { Hash } from "../merkle-tree";
import { verifyByNode } from "../node-ed25519";
import type { AskedWitness } from "../publishing-policy";
import { decodeUtf8 } from "@/lib/shared/encoding";
import { readBounded } from "@/lib/shared/read-bounded";
import { type NoteKey, formatSignatureLine, readNote } from "../signed-note";

/** Why a witness did not cosign. Each means one thing only. */
export type WitnessFailure =
  | "unreachable"
  | "timed_out"
  /** it answered with another status, or with something that is no answer */
  | "refused"
  | "too_long"
  /** a line under its key does not hold */
  | "bad_signature"
  | "no_cosignature"
  /** it names another size each time */
  | "keeps_conflicting"
  /** it has signed a larger tree of this log than this log has */
  | "is_ahead"
  /** it dates its signature into the future */
  | "wrong_time";

export type WitnessReply = (
  | { state: "cosigned"; /** the signature line, with its line feed */ line: string; timestamp: bigint }
  | { state: "failed"; reason: WitnessFailure; detail: string }
) & {
  /** Size of the tree that the witness has signed last, as it says. */
  lastSize: bigint;
};

export type WitnessQuestion = {
  /** The signed checkpoint that is to be cosigned, and its size. */
  note: string;
  size: bigint;
  /** Size of the tree that this witness signed last, as far as is known. */
  lastSize: bigint;
  /** Consistency proof from an older size to this one. Its failure is the caller's, not the witness's. */
  proveFrom: (oldSize: bigint) => Promise<Hash[]>;
  /** For each of at most two requests. */
  timeoutMilliseconds: number;
  /** POSIX seconds. */
  now: bigint;
  signal: AbortSignal;
};

const MAX_AHEAD_SECONDS = 300n;

/**
 * Asks a witness for its cosignature (C2SP tlog-witness). When it knows another size than we thought, the proof is
 * made anew from there, once. Whatever the witness answers, this ends in time and with bounded memory; only lines
 * that hold under its configured key are taken.
 */
export async function askWitness(witness: AskedWitness, question: WitnessQuestion): Promise<WitnessReply> {
  const { note, size, now } = question;
  // A witness that was ahead of us is asked from our own size, so that it can say so again.
  let lastSize = question.lastSize > size ? size : question.lastSize;
  const failed = (reason: WitnessFailure, detail = ""): WitnessReply => ({
    state: "failed",
    reason,
    detail,
    lastSize,
  });
  for (let attempt = 0; attempt < 2; attempt++) {
    const proof = await question.proveFrom(lastSize);
    const body = formatAddCheckpoint({ oldSize: lastSize, proof, checkpoint: note });
    const answer = await post(witness.url, body, question);
    if ("reason" in answer) return failed(answer.reason, answer.detail);
    if (answer.status === 200) {
      const read = await readLines(note, answer.text, witness.key);
      if ("reason" in read) return failed(read.reason);
      if (read.timestamp > now + MAX_AHEAD_SECONDS) return failed("wrong_time", String(read.timestamp));
      lastSize = size;
      return { state: "cosigned", ...read, lastSize };
    }
    const theirs = answer.status === 409 ? readDecimal(answer.text.replace(/\n$/, "")) : null;
    if (theirs === null) return failed("refused", `status ${answer.status}`);
    if (theirs > size)
      return { state: "failed", reason: "is_ahead", detail: `at ${theirs}`, lastSize: theirs };
    if (theirs === lastSize) return failed("refused", "a conflict with the size that was named");
    lastSize = theirs;
  }
  return failed("keeps_conflicting");
}

type Failure = { reason: WitnessFailure; detail: string };

async function post(
  url: string,
  body: string,
  { timeoutMilliseconds, signal }: WitnessQuestion,
): Promise<{ status: number; text: string } | Failure> {
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/add-checkpoint`, {
      method: "POST",
      body,
      headers: { "content-type": "text/plain; charset=utf-8" },
      redirect: "manual",
      signal: AbortSignal.any([timeout, signal]),
    });
    const bytes = await readBounded(response.body ?? [], MAX_WITNESS_BYTES);
    const text = bytes && decodeUtf8(bytes);
    if (!bytes) return { reason: "too_long", detail: "" };
    return text === null
      ? { reason: "refused", detail: "an answer that is not UTF-8" }
      : { status: response.status, text };
  } catch (error) {
    if (timeout.aborted) return { reason: "timed_out", detail: `after ${timeoutMilliseconds} ms` };
    const cause = (error as Error).cause as { code?: string; message?: string } | undefined;
    return { reason: "unreachable", detail: cause?.code ?? cause?.message ?? String(error) };
  }
}

async function readLines(
  note: string,
  lines: string,
  key: NoteKey,
): Promise<{ line: string; timestamp: bigint } | { reason: WitnessFailure }> {
  const signed = readNote(note + lines);
  if (!signed) return { reason: "refused" };
  const cosignatures = await cosignaturesOf(signed, [key], verifyByNode);
  if (!cosignatures) return { reason: "bad_signature" };
  const [cosignature] = cosignatures;
  if (!cosignature) return { reason: "no_cosignature" };
  return { line: formatSignatureLine(cosignature.line), timestamp: cosignature.timestamp };
}
