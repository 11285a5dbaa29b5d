import { sha256 } from "@noble/hashes/sha2.js";
import { type DsseEnvelope, preAuthEncoding, readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, decodeUtf8, encodeBase64, parseJson, toHex } from "@/lib/shared/encoding";
import { canonicalBytes } from "@/lib/shared/jcs";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type Hash, equalBytes, leafHash } from "./merkle-tree";

/** What a leaf of the log records of a signed envelope: digests, signature and key, and nothing of what it says. */
export type LeafRecord = {
  /** SHA-256 of the envelope's pre-authentication encoding */
  digest: Uint8Array;
  /** as the envelope holds it: DER */
  signature: Uint8Array;
  /** SPKI DER of the ECDSA P-256 key */
  spki: Uint8Array;
};

export const LEAF_KIND = { kind: "hashedrekord", version: "0.0.2" } as const;

/** The record of an envelope with exactly one signature. Throws a RangeError for any other. */
export function leafRecordOf(envelope: DsseEnvelope, spki: Uint8Array): LeafRecord {
  const payload = decodeBase64(envelope.payload);
  const signature = decodeBase64(envelope.signatures[0]?.sig ?? "");
  if (!payload || !signature?.length || envelope.signatures.length !== 1)
    throw new RangeError("A leaf records an envelope with one signature.");
  return { digest: sha256(preAuthEncoding(envelope.payloadType, payload)), signature, spki };
}

/**
 * The bytes of a leaf: a Rekor v2 `hashedrekord` 0.0.2 body in canonical JSON, so that the same record has the same
 * leaf, and programs that know Sigstore read it.
 */
export function formatLeafBody({ digest, signature, spki }: LeafRecord): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    apiVersion: LEAF_KIND.version,
    kind: LEAF_KIND.kind,
    spec: {
      hashedRekordV002: {
        data: { algorithm: "SHA2_256", digest: encodeBase64(digest) },
        signature: {
          content: encodeBase64(signature),
          verifier: {
            keyDetails: "PKIX_ECDSA_P256_SHA_256",
            publicKey: { rawBytes: encodeBase64(spki) },
          },
        },
      },
    },
  });
}

/** A leaf with its hash. */
export type Leaf = { hash: Uint8Array<ArrayBuffer>; body: Uint8Array<ArrayBuffer> };

/** The leaf of an envelope by this key, recorded or not. Throws `envelope_refused` when it is none. */
export function makeLeaf(envelopeText: string, spki: Uint8Array): Leaf {
  const envelope = readEnvelope(envelopeText);
  refuseUnless(envelope, "envelope_refused", "This is not a DSSE envelope.");
  const body = formatLeafBody(leafRecordOf(envelope, spki));
  return { hash: Uint8Array.from(leafHash(body)), body };
}

/** The hash under which an envelope stands in the log. */
export function leafHashOfEnvelope(envelope: DsseEnvelope, spki: Uint8Array): Hash {
  return leafHash(formatLeafBody(leafRecordOf(envelope, spki)));
}

/** The same in hex; null when the envelope has not the one readable signature that a leaf records. */
export function leafHashHex(envelope: DsseEnvelope, spki: Uint8Array): string | null {
  try {
    return toHex(leafHashOfEnvelope(envelope, spki));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Whether an entry of a log is the very record of this envelope, by the key that it names itself. */
export function isRecordOf(entry: Uint8Array, envelope: DsseEnvelope): boolean {
  const spki = readLeafBody(entry)?.spki;
  return spki !== undefined && leafHashHex(envelope, spki) === toHex(leafHash(entry));
}

/** Reads a leaf's bytes; null unless they are the one spelling of such a record. */
export function readLeafBody(bytes: Uint8Array): LeafRecord | null {
  const body = parseJson(decodeUtf8(bytes) ?? "");
  const record = at(at(body, "spec"), "hashedRekordV002");
  const digest = bytesAt(at(record, "data"), "digest");
  const signature = bytesAt(at(record, "signature"), "content");
  const spki = bytesAt(at(at(at(record, "signature"), "verifier"), "publicKey"), "rawBytes");
  if (digest?.length !== 32 || !signature || !spki) return null;
  const read = { digest, signature, spki };
  return equalBytes(formatLeafBody(read), bytes) ? read : null;
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function bytesAt(value: unknown, key: string): Uint8Array | null {
  const text = at(value, key);
  return typeof text === "string" ? decodeBase64(text) : null;
}
