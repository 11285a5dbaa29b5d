import { readFileSync } from "node:fs";
import { readCheckpoint } from "@/lib/log/checkpoint";
import { readNote } from "@/lib/log/signed-note";
import { isForeignBundle } from "@/lib/log/sigstore-bundle";
import { parseRecord } from "@/lib/shared/encoding";
import { detectKind } from "./detect";
import { Refusal, usage } from "./ending";
import { decodeText, fetchText } from "./fetching";
import { compareOffline, demandOneHistory } from "./history";
import { heldTrust } from "./held-trust";
import { type Judged, judgeBundle, judgeEnvelope } from "./judge-envelope";
import { judgeCheckpoint, proofRow } from "./judge-log";
import { isUnloggedModelSignature, judgeSignedFiles } from "./judge-signed-files";
import type { OpenedLog, TrustContext } from "./open-log";
import { type Row, cannotCheck, notChecked } from "./row";
import type { Trust } from "./trust";
import type { Verification } from "./verification";

export type FileOptions = {
  /** A saved tlog-proof for an envelope. */
  proof?: string;
  /** An open log to ask for a proof, where none was saved. */
  log?: OpenedLog;
  /** Hex leaf hash, for a proof alone. */
  leaf?: string;
};

/** Verifies one file by its text: an envelope, a bundle, a proof or a checkpoint. */
export async function verifyText(
  title: string,
  text: string,
  context: TrustContext,
  options: FileOptions = {},
): Promise<Verification> {
  const kind = detectKind(text);
  const trust = heldTrust(text, kind, context, options);
  switch (kind) {
    case "envelope":
      return withHistory(title, await judgeWithLog(text, trust, options, context), context, options);
    case "bundle":
      return withHistory(title, await judgeAnyBundle(text, trust, options), context, options);
    case "proof":
      return verifyProofAlone(title, text, trust, context, options);
    case "checkpoint":
      return verifyCheckpoint(title, text, trust, context, options);
    case "manifest":
      throw usage(`${title} is a manifest: hold a folder against it by "verify DIR --manifest FILE".`);
    case "unknown":
      throw new Refusal("unsupported", "unknown_format", `${title} is nothing that can be verified here.`);
  }
}

function judgeAnyBundle(text: string, trust: Trust, { log }: FileOptions): Promise<Judged> {
  if (isUnloggedModelSignature(text)) return judgeSignedFiles(text, trust);
  if (isForeignBundle(parseRecord(text) ?? {})) {
    const said =
      "It is a Sigstore bundle by a certificate, of a file, or in an older log, which is not checked here. That is no forgery.";
    return Promise.resolve({
      rows: [cannotCheck("signature", "unsupported_signature", said, "unsupported")],
    });
  }
  return judgeBundle(text, trust, log && factsOf(log));
}

/** What an open log says of who speaks in a leaf; null where it says nothing of it. */
function factsOf({ prefix }: OpenedLog): (leafHash: string) => Promise<string | null> {
  return (leafHash) => fetchText(`${prefix}/speaker/${leafHash}`);
}

async function judgeWithLog(
  text: string,
  trust: Trust,
  { proof, log }: FileOptions,
  context: TrustContext,
): Promise<Judged> {
  if (proof !== undefined)
    return judgeEnvelope(text, trust, { saved: proof, ...(log && { facts: factsOf(log) }) });
  const judged = await (log ? judgeServed(text, trust, log, context) : judgeEnvelope(text, trust));
  if (log && judged.leafHash) return judged;
  const row = notChecked("log", "no proof was given: say --proof FILE, or --log URL to ask the log");
  return { ...judged, rows: [...judged.rows, row] };
}

/** Judges an envelope by the proof that an open log gives of it. */
export async function judgeServed(
  text: string,
  trust: Trust,
  log: OpenedLog,
  context: TrustContext,
): Promise<Judged> {
  const served = (leafHash: string) => fetchText(`${log.prefix}/proof/${leafHash}`);
  const judged = await judgeEnvelope(text, { ...trust, policy: log.policy }, { served, facts: factsOf(log) });
  // It may come under a newer checkpoint than the one that was opened, which belongs to the same history.
  if (judged.checkpoint === undefined || judged.checkpoint === log.note) return judged;
  const row = await demandHistoryOf(judged.checkpoint, log, context);
  return row.state === "verified" ? judged : { ...judged, rows: [...judged.rows, row] };
}

async function withHistory(
  title: string,
  judged: Judged,
  context: TrustContext,
  { log }: FileOptions,
): Promise<Verification> {
  const { checkpoint } = judged;
  const row = checkpoint === undefined ? null : await historyRow(checkpoint, context, log);
  return { title, judged, rows: row ? [...judged.rows, row] : judged.rows };
}

/** Holds a checkpoint against what was seen of its log: by the open log's tiles, or as far as that goes without. */
async function historyRow(
  note: string,
  context: TrustContext,
  log: OpenedLog | undefined,
): Promise<Row | null> {
  const origin = readCheckpoint(readNote(note)?.text ?? "")?.origin;
  return log && note !== log.note && origin === log.checkpoint.origin
    ? demandHistoryOf(note, log, context)
    : compareOffline(context.memory, note, new Date());
}

function demandHistoryOf(note: string, log: OpenedLog, { memory }: TrustContext): Promise<Row> {
  return demandOneHistory(memory, { vkey: log.vkey, checkpoint: note }, log.fetchTile, new Date());
}

async function verifyProofAlone(
  title: string,
  text: string,
  trust: Trust,
  context: TrustContext,
  { leaf, log }: FileOptions,
): Promise<Verification> {
  if (leaf === undefined)
    throw usage(
      'A proof proves an envelope: "verify ENVELOPE --proof FILE", or --leaf HASH for an entry by its hash.',
    );
  if (!/^[0-9a-f]{64}$/.test(leaf)) throw usage("--leaf is 64 lowercase hex digits.");
  const { rows, checkpoint } = await proofRow(text, Uint8Array.from(Buffer.from(leaf, "hex")), trust);
  const row = checkpoint === undefined ? null : await historyRow(checkpoint, context, log);
  return { title, rows: row ? [...rows, row] : rows };
}

async function verifyCheckpoint(
  title: string,
  note: string,
  trust: Trust,
  context: TrustContext,
  { log }: FileOptions,
): Promise<Verification> {
  const judged = await judgeCheckpoint(note, trust.policy);
  const { checkpoint } = judged;
  const row = checkpoint ? await historyRow(note, context, log) : null;
  const open = notChecked("history", "a checkpoint alone does not show that it extends what was seen before");
  const more: Row[] = checkpoint ? [row ?? open] : [];
  return { title, rows: [...judged.rows, ...more] };
}

/** The text of a file. Throws `not_text`. */
export function readTextFile(file: string): string {
  return decodeText(readFileSync(file), file);
}
