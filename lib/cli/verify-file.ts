import { readFileSync } from "node:fs";
import { toHex } from "@/lib/shared/encoding";
import { readCheckpoint } from "@/lib/log/checkpoint";
import { readNote } from "@/lib/log/signed-note";
import { detectKind } from "./detect";
import { Refusal, usage } from "./ending";
import { fetchText } from "./fetching";
import { compareOffline, demandOneHistory } from "./history";
import { heldTrust } from "./held-trust";
import { type Judged, addProof, judgeBundle, judgeEnvelope } from "./judge-envelope";
import { judgeCheckpoint, proofRow } from "./judge-log";
import { isByCertificate, isUnloggedModelSignature, judgeSignedFiles } from "./judge-signed-files";
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
    case "envelope": {
      const judged = await judgeEnvelope(text, trust);
      return withHistory(title, await withLog(judged, trust, options, context), context, options);
    }
    case "bundle":
      return withHistory(title, await judgeAnyBundle(text, trust), context, options);
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

function judgeAnyBundle(text: string, trust: Trust): Promise<Judged> {
  if (isUnloggedModelSignature(text)) return judgeSignedFiles(text, trust);
  if (isByCertificate(text)) {
    const said =
      "It was signed with a certificate or a Sigstore identity, which is not checked here. That is no forgery.";
    return Promise.resolve({
      rows: [cannotCheck("signature", "unsupported_signature", said, "unsupported")],
    });
  }
  return judgeBundle(text, trust);
}

async function withLog(
  judged: Judged,
  trust: Trust,
  { proof, log }: FileOptions,
  context: TrustContext,
): Promise<Judged> {
  if (proof !== undefined) return addProof(judged, proof, trust);
  if (log && judged.leafHash) return addServedProof(judged, log, context);
  const row = notChecked("log", "no proof was given: say --proof FILE, or --log URL to ask the log");
  return { ...judged, rows: [...judged.rows, row] };
}

/** Asks the log for the proof of an envelope that was judged. */
export async function addServedProof(judged: Judged, log: OpenedLog, context: TrustContext): Promise<Judged> {
  const leaf = toHex(judged.leafHash ?? new Uint8Array());
  const proof = await fetchText(`${log.prefix}/proof/${leaf}`);
  if (proof === null) {
    const row = cannotCheck("log", "not_logged", "no published checkpoint covers it yet", "unreachable");
    return { ...judged, rows: [...judged.rows, row] };
  }
  const proven = await addProof(judged, proof, { ...context.trust, policy: log.policy });
  // It may come under a newer checkpoint than the one that was opened, which belongs to the same history.
  if (proven.checkpoint === undefined || proven.checkpoint === log.note) return proven;
  const row = await demandHistoryOf(proven.checkpoint, log, context);
  return row.state === "verified" ? proven : { ...proven, rows: [...proven.rows, row] };
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

export function readTextFile(file: string): string {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("unsupported", "not_text", `${file} is not UTF-8 text.`);
  }
}
