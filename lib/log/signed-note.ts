import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64, encodeBase64, toHex } from "@/lib/shared/encoding";
import { ED25519_SIGNATURE_BYTES, type VerifyEd25519 } from "./ed25519";

/** Signed notes of C2SP: a text, a blank line, and one line for each signature. */
export type NoteSignature = { name: string; /** 8 hex digits */ keyId: string; bytes: Uint8Array };
export type SignedNote = { /** ends in a line feed */ text: string; signatures: NoteSignature[] };

/** A verifier key: who it is, and what kind of signature it makes. */
export type NoteKey = { name: string; keyId: string; type: number; publicKey: Uint8Array };

/** Signature types of the specification that are told apart here. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignatureV1: 0x04, mlDsa44: 0x06 } as const;

export const MAX_NOTE_BYTES = 1_000_000;
export const MAX_NOTE_SIGNATURES = 100;

const KEY_BYTES: Record<number, number> = { 0x01: 32, 0x04: 32, 0x06: 1312 };
const SIGNATURE_LINE = /^\u2014 (\S+) (\S+)$/u;

/** What a signature line says was signed, and the bare signature over it; null when it has another form. */
export type ReadSignature = (
  text: string,
  bytes: Uint8Array,
) => { message: Uint8Array; signature: Uint8Array } | null;

/** Reads a note, split at its last blank line. Null unless it is one; nothing is verified. */
export function readNote(note: string): SignedNote | null {
  if (note.length > MAX_NOTE_BYTES || !isPlainText(note) || !note.endsWith("\n")) return null;
  const split = note.lastIndexOf("\n\n");
  if (split < 1) return null;
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_NOTE_SIGNATURES) return null;
  const signatures = lines.map(readSignatureLine);
  const read = signatures.filter((signature) => signature !== null);
  return read.length === lines.length ? { text: note.slice(0, split + 1), signatures: read } : null;
}

/** Writes a note. Throws a RangeError for a text that cannot be signed as one. */
export function formatNote({ text, signatures }: SignedNote): string {
  if (!text.endsWith("\n") || text === "\n" || !isPlainText(text))
    throw new RangeError("The text of a note has whole lines and no control characters.");
  return `${text}\n${signatures.map(formatSignatureLine).join("")}`;
}

/** `— name base64(key id ‖ signature)`, with its line feed. */
export function formatSignatureLine({ name, keyId, bytes }: NoteSignature): string {
  const id = Array.from({ length: 4 }, (_, at) => parseInt(keyId.slice(2 * at, 2 * at + 2), 16));
  return `\u2014 ${name} ${encodeBase64(Uint8Array.from([...id, ...bytes]))}\n`;
}

/** One signature line without its line feed; null when it is not one. */
export function readSignatureLine(line: string): NoteSignature | null {
  const [, name = "", base64 = ""] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = decodeStandardBase64(base64);
  if (!isKeyName(name) || !bytes || bytes.length < 5) return null;
  return { name, keyId: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
}

/** SHA-256(name ‖ LF ‖ type ‖ key): its first four bytes are the key id, all of it names a log elsewhere. */
export function fullKeyId(name: string, type: number, publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${name}\n`);
  return Uint8Array.from(sha256(Uint8Array.from([...head, type, ...publicKey])));
}

/** A verifier key with the id that follows from its parts. Throws a RangeError for a name that cannot stand in a note. */
export function noteKey(name: string, type: number, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`"${name}" cannot name a key.`);
  return { name, type, publicKey, keyId: toHex(fullKeyId(name, type, publicKey).subarray(0, 4)) };
}

/** `name+keyid+base64(type ‖ key)`. */
export function formatVkey({ name, keyId, type, publicKey }: NoteKey): string {
  return `${name}+${keyId}+${encodeBase64(Uint8Array.from([type, ...publicKey]))}`;
}

/**
 * Reads a vkey, split at its first two plus signs. Null unless its id follows from its parts and, for a type known
 * here, the key has the right length.
 */
export function readVkey(vkey: string): NoteKey | null {
  const [, name = "", keyId = "", base64 = ""] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(vkey) ?? [];
  const bytes = decodeStandardBase64(base64);
  const type = bytes?.[0];
  if (!isKeyName(name) || !bytes || type === undefined) return null;
  const publicKey = bytes.slice(1);
  if (publicKey.length === 0 || (KEY_BYTES[type] ?? publicKey.length) !== publicKey.length) return null;
  const key = noteKey(name, type, publicKey);
  return key.keyId === keyId ? key : null;
}

/**
 * The keys that signed the note, of those given, with their signature lines. Lines of other keys are ignored; null
 * as soon as a line names a given key (name and id) and does not hold. A key counts once.
 */
export async function signersOf(
  note: SignedNote,
  keys: readonly NoteKey[],
  verify: VerifyEd25519,
  readSignature: ReadSignature = readEd25519,
): Promise<{ key: NoteKey; line: NoteSignature }[] | null> {
  const signers = new Map<string, { key: NoteKey; line: NoteSignature }>();
  for (const line of note.signatures) {
    const known = keys.filter(({ name, keyId }) => name === line.name && keyId === line.keyId);
    if (known.length === 0) continue;
    const signed = readSignature(note.text, line.bytes);
    let holder: NoteKey | undefined;
    for (const key of signed ? known : [])
      if (signed && (await verify(key.publicKey, signed.message, signed.signature))) holder ??= key;
    if (!holder) return null;
    const vkey = formatVkey(holder);
    if (!signers.has(vkey)) signers.set(vkey, { key: holder, line });
  }
  return [...signers.values()];
}

/** Type 0x01 signs the text itself. */
export function readEd25519(text: string, bytes: Uint8Array): ReturnType<ReadSignature> {
  if (bytes.length !== ED25519_SIGNATURE_BYTES) return null;
  return { message: new TextEncoder().encode(text), signature: bytes };
}

/** Standard base64 in its one padded spelling; null for anything else. */
export function decodeStandardBase64(base64: string): Uint8Array<ArrayBuffer> | null {
  const bytes = base64 === "" ? null : decodeBase64(base64);
  return bytes && encodeBase64(bytes) === base64 ? bytes : null;
}

function isKeyName(name: string): boolean {
  return name !== "" && !/[\s+]/u.test(name) && isPlainText(name);
}

function isPlainText(text: string): boolean {
  return !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}
