import "server-only";
import { existsSync } from "node:fs";
import path from "node:path";
import { type Checkpoint, openCheckpoint } from "../checkpoint";
import { cosign } from "../cosignature";
import { type LogKey, findLogKey, makeLogKey } from "./log-key";
import { keepCheckpoint, readKeptCheckpoint } from "./kept-checkpoint";
import { verifyByNode } from "../node-ed25519";
import { type NoteKey, SIGNATURE_TYPE, formatSignatureLine, formatVkey, readVkey } from "../signed-note";
import { type WitnessConflict, type WitnessRefusal, judgeSubmission, openSubmission } from "../witness";
import { openWitnessFiles, originHash } from "./witness-files";

export type WitnessOptions = {
  /** Where key and memory of this witness lie; one process at a time. */
  folder: string;
  /** The name of its key; a folder keeps the one it began with. */
  name?: string;
  /** The name of a new witness to which none was given. */
  newName?: string;
  logs: readonly NoteKey[];
  /** POSIX seconds. */
  now: () => bigint;
  /** Told when a checkpoint has become durable, before anybody learns of it; a drill ends the process here. */
  onKept?: () => void;
};

export type WitnessResponse = { status: 200; lines: string } | WitnessRefusal | WitnessConflict;

export type Witness = {
  key: NoteKey;
  /** Checks a submission, keeps the checkpoint and cosigns it; those of one log one after another. */
  add: (body: string) => Promise<WitnessResponse>;
  /** The last checkpoint signed for the log with this origin hash, with the log's signature and ours; null if none. */
  find: (hash: string) => string | null;
  /** What is known of each log. */
  list: () => { vkey: string; size: bigint | null; evidence: number }[];
};

/**
 * Opens a witness on its folder: makes its key at the first start, and takes up each log where it was left. Throws
 * when the folder belongs to another name, or what it remembers was changed.
 */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const { folder, logs, now, onKept } = options;
  const origins = [...new Set(logs.map((log) => log.name))];
  const files = openWitnessFiles(folder, origins);
  const own = openKey(options);
  const latest = new Map<string, Checkpoint>();
  for (const origin of origins) {
    const note = files.find(origin);
    if (note !== null) latest.set(origin, await requireOurs(note, origin, logs, own.key));
  }
  const turnOf = new Map<string, Promise<unknown>>();

  /** Deciding and keeping are one step: nobody else may decide on the same log in between. */
  async function decide(submission: Exclude<Awaited<ReturnType<typeof openSubmission>>, WitnessRefusal>) {
    const { checkpoint, text, note } = submission;
    const { origin } = checkpoint;
    const verdict = judgeSubmission(latest.get(origin) ?? null, submission);
    if (verdict.isFork) files.keepEvidence(origin, files.find(origin) ?? "", note);
    if (verdict.status !== 200) return verdict;
    const line = formatSignatureLine(await cosign(text, now(), own.key, own.sign));
    files.keep(origin, note + line);
    latest.set(origin, checkpoint);
    onKept?.();
    return { status: 200, lines: line } as const;
  }

  async function add(body: string): Promise<WitnessResponse> {
    const submission = await openSubmission(body, logs, verifyByNode);
    if ("status" in submission) return submission;
    const { origin } = submission.checkpoint;
    const turn = (turnOf.get(origin) ?? Promise.resolve()).catch(() => {}).then(() => decide(submission));
    turnOf.set(origin, turn);
    return turn;
  }

  return {
    key: own.key,
    add,
    find: (hash) => {
      const origin = origins.find((known) => originHash(known) === hash);
      return origin === undefined ? null : files.find(origin);
    },
    list: () =>
      logs.map((log) => ({
        vkey: formatVkey(log),
        size: latest.get(log.name)?.size ?? null,
        evidence: files.countEvidence(log.name),
      })),
  };
}

/** The key of this folder, made at the first start; its public half beside it says under which name. */
function openKey({ folder, name, newName }: WitnessOptions): LogKey {
  const keyFile = path.join(folder, "witness.pem");
  const vkeyFile = path.join(folder, "vkey");
  const type = SIGNATURE_TYPE.cosignatureV1;
  const stored = readVkey(readKeptCheckpoint(vkeyFile)?.trim() ?? "");
  if (stored && name !== undefined && name !== stored.name)
    throw new Error(`The folder ${folder} is that of the witness ${stored.name}, not of ${name}.`);
  const asked = stored?.name ?? name ?? newName;
  if (asked === undefined) throw new Error("A new witness needs a name.");
  if (stored && !existsSync(keyFile)) throw new Error(`The key of ${stored.name} is not at ${keyFile}.`);
  const own = findLogKey(keyFile, asked, type) ?? makeLogKey(keyFile, asked, type);
  if (stored && formatVkey(stored) !== formatVkey(own.key))
    throw new Error(`${keyFile} is not the key that ${vkeyFile} names.`);
  if (!stored) keepCheckpoint(vkeyFile, `${formatVkey(own.key)}\n`);
  return own;
}

async function requireOurs(
  note: string,
  origin: string,
  logs: readonly NoteKey[],
  own: NoteKey,
): Promise<Checkpoint> {
  const keys = logs.filter((log) => log.name === origin);
  const opened = await openCheckpoint(note, { logs: keys, witnesses: [own] }, verifyByNode);
  const isOurs = typeof opened !== "string" && opened.cosignatures.length === 1;
  if (!isOurs)
    throw new Error(`What is remembered of ${origin} is not a checkpoint that it and this witness signed.`);
  return opened.checkpoint;
}
