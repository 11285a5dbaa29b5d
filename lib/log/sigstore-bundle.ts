import { type DsseEnvelope, keyIdOf, readEnvelope } from "@/lib/statements/dsse";
import { encodeBase64, parseRecord } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import { readDecimal } from "./checkpoint";
import { ed25519Spki } from "./ed25519";
import { LEAF_KIND, formatLeafBody, leafRecordOf } from "./leaf-body";
import { HASH_BYTES, type Hash } from "./merkle-tree";
import { type NoteKey, decodeStandardBase64, fullKeyId } from "./signed-note";

/** A signed envelope with all that shows it in the log: a Sigstore bundle v0.3 with one signature and one entry. */
export type LoggedEnvelope = {
  envelope: DsseEnvelope;
  /** SPKI DER of the signer's key */
  spki: Uint8Array;
  index: bigint;
  tree: { size: bigint; root: Hash };
  hashes: Hash[];
  /** the signed checkpoint, verbatim */
  checkpoint: string;
};

/** What a bundle says, read and compared with itself; no signature is verified yet. */
export type ReadBundle = Omit<LoggedEnvelope, "spki"> & {
  /** the envelope's own JSON */
  envelopeText: string;
  /** key id of the signer's key: a hint */
  hint: string;
  logId: Uint8Array;
  body: Uint8Array;
};

export const BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const TRUSTED_ROOT_MEDIA_TYPE = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";
const MAX_BUNDLE_CHARACTERS = 3_000_000;
const MAX_PATH = 63;

/** The bundle as JSON text. Throws a RangeError unless the envelope has exactly one signature. */
export function formatBundle(logged: LoggedEnvelope, logKey: NoteKey): string {
  const { envelope, spki, index, tree, hashes, checkpoint } = logged;
  const body = formatLeafBody(leafRecordOf(envelope, spki));
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      publicKey: { hint: keyIdOf(spki) },
      tlogEntries: [
        {
          logIndex: index.toString(),
          logId: { keyId: encodeBase64(logIdOf(logKey)) },
          kindVersion: LEAF_KIND,
          // The log vouches for order, not for time; witnesses do that.
          integratedTime: "0",
          inclusionProof: {
            logIndex: index.toString(),
            rootHash: encodeBase64(tree.root),
            treeSize: tree.size.toString(),
            hashes: hashes.map(encodeBase64),
            checkpoint: { envelope: checkpoint },
          },
          canonicalizedBody: encodeBase64(body),
        },
      ],
    },
    dsseEnvelope: envelope,
  });
}

/**
 * Reads a bundle of the form written here, with or without its zeros and empty lists, which other writers of protobuf's
 * JSON leave out; null for any other, and where its parts contradict each other.
 */
export function readBundle(text: string): ReadBundle | null {
  const bundle = text.length <= MAX_BUNDLE_CHARACTERS ? parseRecord(text) : null;
  const material = recordAt(bundle, "verificationMaterial");
  const entries = material?.["tlogEntries"];
  const [entry = null] = Array.isArray(entries) && entries.length === 1 ? entries.filter(isObject) : [];
  const proof = recordAt(entry, "inclusionProof");
  const hint = textAt(recordAt(material, "publicKey"), "hint");
  if (!entry || !proof || hint === null || textAt(bundle, "mediaType") !== BUNDLE_MEDIA_TYPE) return null;
  const { kind, version } = recordAt(entry, "kindVersion") ?? {};
  if (kind !== LEAF_KIND.kind || version !== LEAF_KIND.version) return null;
  const { integratedTime = "0" } = entry;
  if (integratedTime !== "0" || "inclusionPromise" in entry) return null;

  const envelopeText = JSON.stringify(bundle?.["dsseEnvelope"] ?? null);
  const envelope = readEnvelope(envelopeText);
  const place = readProof(entry, proof);
  const logId = base64At(recordAt(entry, "logId"), "keyId");
  const body = base64At(entry, "canonicalizedBody");
  if (envelope?.signatures.length !== 1 || !place || !logId || !body) return null;
  return { envelope, envelopeText, hint, logId, body, ...place };
}

/** Entries of Rekor v1, which have another form. */
const OLDER_KINDS = ["hashedrekord 0.0.1", "dsse 0.0.1", "intoto 0.0.1", "intoto 0.0.2"];

/**
 * Whether a bundle's JSON is one of Sigstore's that nothing here can judge: signed with a certificate, of a file instead
 * of an envelope, or with an entry of Rekor v1. That says nothing against it.
 */
export function isForeignBundle(bundle: Json): boolean {
  const material = recordAt(bundle, "verificationMaterial");
  if (!material) return false;
  const isByCertificate = "certificate" in material || "x509CertificateChain" in material;
  const { tlogEntries } = material;
  const entries: unknown[] = Array.isArray(tlogEntries) ? tlogEntries : [];
  const isOlder = entries.filter(isObject).some((entry) => {
    const kind = recordAt(entry, "kindVersion");
    return OLDER_KINDS.includes(`${textAt(kind, "kind")} ${textAt(kind, "version")}`);
  });
  return isByCertificate || "messageSignature" in bundle || isOlder;
}

/** 32 bytes that name a log in bundles: the whole hash whose first four bytes are the note's key id. */
export function logIdOf({ name, type, publicKey }: NoteKey): Uint8Array<ArrayBuffer> {
  return fullKeyId(name, type, publicKey);
}

/** `trusted_root.json`: this log alone, its key good from `validFrom` on. */
export function formatTrustedRoot(logKey: NoteKey, validFrom: Date): string {
  const keyId = encodeBase64(logIdOf(logKey));
  const publicKey = {
    rawBytes: encodeBase64(ed25519Spki(logKey.publicKey)),
    keyDetails: "PKIX_ED25519",
    validFor: { start: validFrom.toISOString() },
  };
  return JSON.stringify({
    mediaType: TRUSTED_ROOT_MEDIA_TYPE,
    tlogs: [
      {
        baseUrl: `https://${logKey.name}`,
        hashAlgorithm: "SHA2_256",
        publicKey,
        logId: { keyId },
        checkpointKeyId: { keyId },
      },
    ],
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  });
}

type Json = Record<string, unknown>;

function readProof(
  entry: Json,
  proof: Json,
): Pick<LoggedEnvelope, "index" | "tree" | "hashes" | "checkpoint"> | null {
  const { logIndex = "0", hashes: listed = [] } = proof;
  const { logIndex: outerIndex = "0" } = entry;
  const index = typeof logIndex === "string" ? readDecimal(logIndex) : null;
  const size = readDecimal(textAt(proof, "treeSize") ?? "");
  const root = base64At(proof, "rootHash");
  const checkpoint = textAt(recordAt(proof, "checkpoint"), "envelope");
  if (index === null || size === null || checkpoint === null || root?.length !== HASH_BYTES) return null;
  // The outer index is bound by nothing, so it may only repeat the proven one.
  if (outerIndex !== index.toString() || !Array.isArray(listed) || listed.length > MAX_PATH) return null;
  const hashes = listed.map((hash: unknown) =>
    typeof hash === "string" ? decodeStandardBase64(hash) : null,
  );
  const read = hashes.filter((hash) => hash?.length === HASH_BYTES) as Hash[];
  return read.length === listed.length ? { index, tree: { size, root }, hashes: read, checkpoint } : null;
}

function recordAt(record: Json | null, key: string): Json | null {
  const value = record?.[key];
  return isObject(value) ? value : null;
}

function textAt(record: Json | null, key: string): string | null {
  const value = record?.[key];
  return typeof value === "string" ? value : null;
}

function base64At(record: Json | null, key: string): Uint8Array | null {
  return decodeStandardBase64(textAt(record, key) ?? "");
}
