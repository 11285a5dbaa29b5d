import { encodeBase64 } from "@/lib/shared/encoding";
import { type Cosignature, cosignaturesOf } from "./cosignature";
import type { SignEd25519, VerifyEd25519 } from "./ed25519";
import { HASH_BYTES, type Hash, MAX_TREE_SIZE, emptyRoot, equalBytes } from "./merkle-tree";
import {
  type NoteKey,
  SIGNATURE_TYPE,
  decodeStandardBase64,
  formatNote,
  readNote,
  signersOf,
} from "./signed-note";

/** What a log says of itself: its name, how many entries it has, and the root of their tree. */
export type Checkpoint = {
  origin: string;
  size: bigint;
  root: Hash;
  /** further lines */ extensions: string[];
};

/** Why a checkpoint proves nothing. */
export type CheckpointRefusal =
  /** not a checkpoint */
  | "malformed"
  /** no known log of that name signed it */
  | "untrusted_log"
  /** a line names a known log or witness and does not hold */
  | "forged";

export type OpenedCheckpoint = {
  checkpoint: Checkpoint;
  /** The signed text: what witnesses sign too. */
  text: string;
  logKey: NoteKey;
  cosignatures: Cosignature[];
};

/** The text of a checkpoint; the note's signatures stand below it. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, size.toString(), encodeBase64(root), ...extensions].map((line) => `${line}\n`).join("");
}

/** Reads the text of a checkpoint; null unless it is one. The empty tree has one root only. */
export function readCheckpoint(text: string): Checkpoint | null {
  const claim = readTreeClaim(text);
  return claim && isPossible(claim) ? claim : null;
}

/** Whether a tree of this size can have this root, as far as anybody can tell without its leaves. */
export function isPossible({ size, root }: Pick<Checkpoint, "size" | "root">): boolean {
  return size > 0n || equalBytes(root, emptyRoot());
}

/** The same form, in which an empty tree may still claim any root. */
export function readTreeClaim(text: string): Checkpoint | null {
  if (!text.endsWith("\n")) return null;
  const [origin = "", decimal = "", base64 = "", ...extensions] = text.slice(0, -1).split("\n");
  const size = readDecimal(decimal);
  const root = decodeStandardBase64(base64);
  if (origin === "" || size === null || root?.length !== HASH_BYTES || extensions.includes("")) return null;
  return { origin, size, root, extensions };
}

/** A number from 0 to 2^63 − 1 in its one decimal spelling; null for anything else. */
export function readDecimal(text: string): bigint | null {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return value <= MAX_TREE_SIZE ? value : null;
}

/** Signs a checkpoint as the log: the same one always gives the same note. */
export async function signCheckpoint(
  checkpoint: Checkpoint,
  logKey: NoteKey,
  sign: SignEd25519,
): Promise<string> {
  const text = formatCheckpoint(checkpoint);
  if (logKey.name !== checkpoint.origin || !readCheckpoint(text))
    throw new RangeError("A log signs well-formed checkpoints of its own name only.");
  const bytes = await sign(new TextEncoder().encode(text));
  return formatNote({ text, signatures: [{ name: logKey.name, keyId: logKey.keyId, bytes }] });
}

/**
 * Opens a signed checkpoint: it must name one of the logs in its first line and carry that log's own signature.
 * Returns it with the cosignatures of the given witnesses, which may be none: quorum is for a policy to judge.
 */
export async function openCheckpoint(
  note: string,
  { logs, witnesses = [] }: { logs: readonly NoteKey[]; witnesses?: readonly NoteKey[] },
  verify: VerifyEd25519,
): Promise<OpenedCheckpoint | CheckpointRefusal> {
  const signed = readNote(note);
  const checkpoint = signed && readCheckpoint(signed.text);
  if (!signed || !checkpoint) return "malformed";
  const keys = logs.filter(({ name, type }) => name === checkpoint.origin && type === SIGNATURE_TYPE.ed25519);
  const signers = await signersOf(signed, keys, verify);
  const cosignatures = await cosignaturesOf(signed, witnesses, verify);
  if (!signers || !cosignatures) return "forged";
  const logKey = signers[0]?.key;
  return logKey ? { checkpoint, text: signed.text, logKey, cosignatures } : "untrusted_log";
}
