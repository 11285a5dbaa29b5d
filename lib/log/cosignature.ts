import { ED25519_SIGNATURE_BYTES, type SignEd25519, type VerifyEd25519 } from "./ed25519";
import {
  type NoteKey,
  type NoteSignature,
  type ReadSignature,
  SIGNATURE_TYPE,
  type SignedNote,
  signersOf,
} from "./signed-note";

/** What a witness says with a cosignature: at this time, this was the largest consistent tree it had seen. */
export type Cosignature = { key: NoteKey; /** POSIX seconds */ timestamp: bigint };

const MAX_TIMESTAMP = 2n ** 63n - 1n;
const TIMESTAMP_BYTES = 8;
/** Signature lengths by type: both are read, and only Ed25519 is verified for now. */
const SIGNATURE_BYTES: Record<number, number> = {
  [SIGNATURE_TYPE.cosignatureV1]: ED25519_SIGNATURE_BYTES,
  [SIGNATURE_TYPE.mlDsa44]: 2420,
};

/** The bytes that a v1 cosignature signs: two lines, then the checkpoint's own text. */
export function cosignedMessage(checkpointText: string, timestamp: bigint): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`cosignature/v1\ntime ${timestamp}\n${checkpointText}`);
}

/** Splits timestamp and signature; null unless both have the form that this type demands. */
export function readCosignature(
  type: number,
  bytes: Uint8Array,
): { timestamp: bigint; signature: Uint8Array } | null {
  if (bytes.length !== TIMESTAMP_BYTES + (SIGNATURE_BYTES[type] ?? -TIMESTAMP_BYTES - 1)) return null;
  const timestamp = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return timestamp > MAX_TIMESTAMP ? null : { timestamp, signature: bytes.subarray(TIMESTAMP_BYTES) };
}

/** Signs a checkpoint's text as a witness. Throws a RangeError for a key of another type. */
export async function cosign(
  checkpointText: string,
  timestamp: bigint,
  key: NoteKey,
  sign: SignEd25519,
): Promise<NoteSignature> {
  if (key.type !== SIGNATURE_TYPE.cosignatureV1 || timestamp < 1n || timestamp > MAX_TIMESTAMP)
    throw new RangeError("A v1 cosignature needs an Ed25519 witness key and a time.");
  const bytes = new Uint8Array(TIMESTAMP_BYTES + ED25519_SIGNATURE_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, timestamp);
  bytes.set(await sign(cosignedMessage(checkpointText, timestamp)), TIMESTAMP_BYTES);
  return { name: key.name, keyId: key.keyId, bytes };
}

/** A cosignature with the line it was read from. */
export type CosignatureLine = Cosignature & { line: NoteSignature };

/**
 * Cosignatures of the given witnesses on a note. Keys of a type that cannot be verified here are passed over, and so
 * are lines of unknown keys; null as soon as a line of a given Ed25519 witness does not hold.
 */
export async function cosignaturesOf(
  note: SignedNote,
  witnesses: readonly NoteKey[],
  verify: VerifyEd25519,
): Promise<CosignatureLine[] | null> {
  const keys = witnesses.filter(({ type }) => type === SIGNATURE_TYPE.cosignatureV1);
  const signers = await signersOf(note, keys, verify, readV1);
  if (!signers) return null;
  return signers.map(({ key, line }) => ({
    key,
    timestamp: readCosignature(key.type, line.bytes)?.timestamp ?? 0n,
    line,
  }));
}

function readV1(text: string, bytes: Uint8Array): ReturnType<ReadSignature> {
  const read = readCosignature(SIGNATURE_TYPE.cosignatureV1, bytes);
  return read && { message: cosignedMessage(text, read.timestamp), signature: read.signature };
}
