import type { ManifestFile } from "@/lib/catalogue/model-manifest";
import { parseRecord } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import { type DsseEnvelope, isKeyId, readEnvelope } from "@/lib/statements/dsse";
import { readCanonicalManifest } from "./file-comparison";
import { readCheckpoint } from "@/lib/log/checkpoint";
import { readNote } from "@/lib/log/signed-note";
import { type ReadBundle, isForeignBundle, readBundle } from "@/lib/log/sigstore-bundle";
import { type TlogProof, readTlogProof } from "@/lib/log/tlog-proof";
import { hexDigest } from "@/lib/statements/verify-envelope";

/** Files longer than this are model files, whatever they hold. */
export const MAX_DOCUMENT_BYTES = 3_000_000;

/** What a dropped text is, by its form alone; nothing is verified. */
export type EvidenceDocument =
  | {
      kind: "envelope";
      text: string;
      envelope: DsseEnvelope;
      /** key id from around it */ hint: string | null;
    }
  | { kind: "bundle"; text: string; bundle: ReadBundle }
  | { kind: "proof"; text: string; proof: TlogProof }
  | { kind: "checkpoint"; text: string }
  | { kind: "manifest"; text: string; files: ManifestFile[]; modelDigest: string }
  /** It has the form of evidence and cannot be read as such. */
  | { kind: "broken"; of: "envelope" | "bundle" | "proof" | "checkpoint" }
  /** A bundle that other programs judge, and nothing here. */
  | { kind: "foreign" }
  | { kind: "other" };

/** Tells by its form what a text is. What no evidence looks like is "other": a model's own file. */
export function readDocument(text: string): EvidenceDocument {
  if (text.startsWith("c2sp.org/tlog-proof")) {
    const proof = readTlogProof(text);
    return proof ? { kind: "proof", text, proof } : { kind: "broken", of: "proof" };
  }
  if (/\n\n\u2014 /u.test(text)) {
    const note = readNote(text);
    return note && readCheckpoint(note.text)
      ? { kind: "checkpoint", text }
      : { kind: "broken", of: "checkpoint" };
  }
  if (!/^\s*\{/.test(text)) return { kind: "other" };
  return readJsonDocument(text);
}

function readJsonDocument(text: string): EvidenceDocument {
  const value = parseRecord(text);
  if (value === null) return { kind: "other" };
  if ("dsseEnvelope" in value || "verificationMaterial" in value) return readBundleDocument(text, value);
  if ("payload" in value || "payloadType" in value || "signatures" in value) {
    const envelope = readEnvelope(text);
    return envelope ? { kind: "envelope", text, envelope, hint: null } : { kind: "broken", of: "envelope" };
  }
  const files = readCanonicalManifest(text);
  if (!files || files.length === 0) return { kind: "other" };
  return { kind: "manifest", text, files, modelDigest: hexDigest(text) };
}

/** One of ours with its place in the log, or another program's bundle, of which the envelope is read. */
function readBundleDocument(text: string, value: Record<string, unknown>): EvidenceDocument {
  const bundle = readBundle(text);
  if (bundle) return { kind: "bundle", text, bundle };
  const material = value["verificationMaterial"];
  // A certificate's entry is in a log of others, which is not read here: its envelope says what was signed.
  const isByCertificate =
    isObject(material) && ("certificate" in material || "x509CertificateChain" in material);
  const isLogged =
    isObject(material) &&
    !isByCertificate &&
    Array.isArray(material["tlogEntries"]) &&
    material["tlogEntries"].length > 0;
  const envelopeText = JSON.stringify(value["dsseEnvelope"] ?? null);
  const envelope = readEnvelope(envelopeText);
  // A bundle says what it is verified by, if only with a key's hint.
  if (!envelope || isLogged || !isObject(material))
    return isForeignBundle(value) ? { kind: "foreign" } : { kind: "broken", of: "bundle" };
  const key = isObject(material) ? material["publicKey"] : undefined;
  const stated = isObject(key) && typeof key["hint"] === "string" ? key["hint"] : null;
  // OpenSSF Model Signing hints at a key by its PEM text, which is no key id here.
  const hint = envelope.signatures.some(({ keyid }) => isKeyId(keyid)) ? null : stated;
  return { kind: "envelope", text: envelopeText, envelope, hint };
}
