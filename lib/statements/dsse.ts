import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { decodeBase64, encodeBase64, parseRecord, toHex } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import { derToRaw, p1363ToDer } from "./ecdsa-signature";

/** DSSE v1.0.2 (secure-systems-lab/dsse): the signed envelope of every statement here. */
export type DsseSignature = { keyid?: string | null; sig: string };
export type DsseEnvelope = { payload: string; payloadType: string; signatures: DsseSignature[] };

export const IN_TOTO_PAYLOAD_TYPE = "application/vnd.in-toto+json";
export const MAX_ENVELOPE_CHARACTERS = 1_000_000;
export const MAX_SIGNATURES = 16;

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const ECDSA_SHA256 = { name: "ECDSA", hash: "SHA-256" } as const;

type Bytes = Uint8Array<ArrayBuffer>;

/** Pre-authentication encoding: what is signed. Lengths are decimal counts of UTF-8 bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Bytes {
  const encoder = new TextEncoder();
  const type = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${type.length} `);
  const middle = encoder.encode(` ${payload.length} `);
  return Uint8Array.from(concatBytes(head, type, middle, payload));
}

/** The DSSE `keyid` used here: lowercase hex SHA-256 of the key's SPKI DER. */
export function keyIdOf(spki: Uint8Array): string {
  return toHex(sha256(spki));
}

/** Whether a signature's hint has the form of a key id here; what has another names no key, and reaches no database. */
export function isKeyId(keyid: string | null | undefined): keyid is string {
  return /^[0-9a-f]{64}$/.test(keyid ?? "");
}

/**
 * Signs the payload with an ECDSA P-256 key (WebCrypto; it may be non-extractable) and returns an envelope with
 * one DER signature. `spki` is the matching public key. Throws when the key may not sign.
 */
export async function signEnvelope(
  payload: Uint8Array,
  privateKey: CryptoKey,
  spki: Uint8Array,
  payloadType: string = IN_TOTO_PAYLOAD_TYPE,
): Promise<DsseEnvelope> {
  const raw = await crypto.subtle.sign(ECDSA_SHA256, privateKey, preAuthEncoding(payloadType, payload));
  const sig = encodeBase64(p1363ToDer(new Uint8Array(raw)));
  return { payload: encodeBase64(payload), payloadType, signatures: [{ keyid: keyIdOf(spki), sig }] };
}

const MAX_IMPORTED = 1_000;
/** Keys by the digest of their bytes: importing one costs as much as a verification. */
const imported = new Map<string, Promise<CryptoKey | null>>();

/** Imports a P-256 public key from SPKI DER; null when the bytes are not one. */
export function importPublicKey(spki: Uint8Array): Promise<CryptoKey | null> {
  const keyId = keyIdOf(spki);
  const known = imported.get(keyId);
  if (known) return known;
  const key = importSpki(spki);
  if (imported.size >= MAX_IMPORTED) imported.clear();
  imported.set(keyId, key);
  return key;
}

async function importSpki(spki: Uint8Array): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("spki", Uint8Array.from(spki), P256, false, ["verify"]);
  } catch {
    return null;
  }
}

/** Whether this raw signature over these very bytes is by the key with this SPKI DER; false where that is none on P-256. */
export async function holdsUnder(spki: Uint8Array, raw: Bytes, message: Bytes): Promise<boolean> {
  const key = await importPublicKey(spki);
  return key !== null && crypto.subtle.verify(ECDSA_SHA256, key, raw, message);
}

export type SignatureCheck = {
  /** Key ids of the distinct trusted keys whose signature holds. */
  signedBy: string[];
  /** A signature names one of the trusted keys and does not hold under it. */
  hasForgery: boolean;
  /** Some signature has a form this program cannot read. */
  hasUnreadable: boolean;
};

/**
 * Which of the trusted keys signed the payload. `keyid` is an unauthenticated hint: a signature without one is
 * tried under every key; one that names a key is tried under that key alone. A key counts once, however many
 * signatures it made.
 */
export async function checkSignatures(
  envelope: DsseEnvelope,
  payload: Uint8Array,
  trustedKeys: readonly Uint8Array[],
): Promise<SignatureCheck> {
  const message = preAuthEncoding(envelope.payloadType, payload);
  const keys = new Map(trustedKeys.map((spki) => [keyIdOf(spki), spki]));
  const signedBy = new Set<string>();
  let hasForgery = false;
  let hasUnreadable = false;
  for (const { keyid, sig } of envelope.signatures) {
    const raw = readSignature(sig);
    if (!raw) hasUnreadable = true;
    const candidates = keyid ? (keys.has(keyid) ? [keyid] : []) : [...keys.keys()];
    if (!raw) hasForgery ||= Boolean(keyid) && candidates.length > 0;
    for (const candidate of raw ? candidates : []) {
      if (await holdsUnder(keys.get(candidate) ?? new Uint8Array(), raw as Bytes, message))
        signedBy.add(candidate);
      else if (keyid) hasForgery = true;
    }
  }
  return { signedBy: [...signedBy], hasForgery, hasUnreadable };
}

/** Reads an envelope from its JSON text; null unless it has exactly the shape DSSE gives it. Extra fields are ignored. */
export function readEnvelope(text: string): DsseEnvelope | null {
  const value = text.length > MAX_ENVELOPE_CHARACTERS ? null : parseRecord(text);
  if (!value) return null;
  const { payload, payloadType, signatures } = value;
  if (typeof payload !== "string" || typeof payloadType !== "string" || !Array.isArray(signatures))
    return null;
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) return null;
  const read: DsseSignature[] = [];
  for (const entry of signatures as unknown[]) {
    if (!isObject(entry) || typeof entry["sig"] !== "string") return null;
    const keyid = entry["keyid"] ?? "";
    if (typeof keyid !== "string") return null;
    read.push({ keyid, sig: entry["sig"] });
  }
  return { payload, payloadType, signatures: read };
}

/** DER as Sigstore and OpenSSF Model Signing store it, or the raw r‖s of DSSE's own test vector; null for anything else. */
export function readSignature(sig: string): Bytes | null {
  const bytes = decodeBase64(sig);
  if (!bytes) return null;
  return derToRaw(bytes) ?? (bytes.length === 64 ? bytes : null);
}
