import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import { STATEMENT_TYPE } from "@/lib/statements/statement";
import { Cursor } from "@/lib/shared/cursor";
import { addTrap } from "./figure";
import type { ForeignImport, ForeignSignature, Trap } from "./foreign-draft";
import { type ForeignInput, readJson } from "./foreign-source";
import { importJson, type Reading } from "./import-parts";
import { WHOLE_SHA256, readSignedManifest } from "@/lib/statements/signed-manifest";
import { readSigningKey } from "./signing-key";

export const MODEL_SIGNING_PREDICATE = "https://model_signing/signature/v1.0";
/** What the format's reference program signed before version 1.0. */
export const OLD_MODEL_SIGNING_PREDICATE = "https://model_signing/Digests/v0.1";
const MAX_KEYS = 16;

export type ModelSigningOptions = {
  /** Public keys in PEM, byte for byte as the signer published them: the bundle names a key by their hash. */
  publicKeys?: readonly string[];
};

/**
 * Reads an OpenSSF Model Signing 1.0 bundle. A signature by key is checked against the keys given; certificates
 * and Sigstore identities are *unsupported*, which is not *forged*. The manifest is rebuilt with its names, and
 * `modelDigest` is its SHA-256; the bundle's own root digest leaves names out and is an annotation only.
 */
export function importModelSigning(
  _name: string,
  input: ForeignInput,
  { publicKeys = [] }: ModelSigningOptions = {},
): Promise<ForeignImport> {
  return importJson("model-signing", input, (reading) => readBundle(reading, publicKeys));
}

async function readBundle({ cursor, draft, traps }: Reading, publicKeys: readonly string[]): Promise<void> {
  draft.harness = { name: "OpenSSF Model Signing", version: null };
  cursor.at("mediaType").take();
  const material = cursor.at("verificationMaterial");
  const envelope = cursor.at("dsseEnvelope");
  const signature: ForeignSignature = {
    method: methodOf(material),
    state: "not_checked",
    keyHint: material.at("publicKey").at("hint").text(200),
    signedWith: null,
    rootDigest: null,
    modelDigest: null,
    manifestText: null,
    files: [],
    hashing: WHOLE_SHA256,
    ignored: [],
  };
  draft.signature = signature;
  const payload = decodeBase64(textIn(envelope.at("payload")));
  const payloadType = textIn(envelope.at("payloadType"));
  const signatures = envelope.at("signatures").list();
  if (!payload || payloadType !== IN_TOTO_PAYLOAD_TYPE || signatures.length !== 1) {
    return malformed(signature, traps, "It holds no signed in-toto statement with exactly one signature.");
  }
  const raw = decodeBase64(textIn(signatures[0]?.at("sig") ?? null));
  signatures[0]?.at("keyid").take();
  readStatement(payload, signature, traps);
  if (raw === null) malformed(signature, traps, "Its signature is not base64.");
  else if (signature.method === "sigstore" && material.at("tlogEntries").list().length === 0)
    malformed(signature, traps, "A Sigstore identity needs an entry in Sigstore's log, and there is none.");
  else if (signature.state === "not_checked")
    await judge(signature, raw, preAuthEncoding(payloadType, payload), publicKeys, traps);
  draft.model.sha256 = signature.modelDigest;
  draft.model.name = signature.files.length > 0 ? subjectName(payload) : null;
  for (const key of ["certificate", "x509CertificateChain", "tlogEntries", "timestampVerificationData"])
    material.at(key).note("Certificates and Sigstore's log are not checked here.");
}

function methodOf(material: Cursor): ForeignSignature["method"] {
  if (material.has("publicKey")) return "key";
  if (material.has("x509CertificateChain")) return "certificate";
  return material.has("certificate") ? "sigstore" : "none";
}

function readStatement(payload: Uint8Array, signature: ForeignSignature, traps: Trap[]): void {
  const cursor = Cursor.over(parsePayload(payload));
  const subjects = cursor.at("subject").list();
  const [subject] = subjects;
  const root = subject?.at("digest").at("sha256").value;
  const predicate = cursor.at("predicateType").value;
  if (predicate === OLD_MODEL_SIGNING_PREDICATE) {
    signature.state = "unsupported";
    const said =
      "It was signed in the form from before version 1.0, which is not checked here. That is no forgery.";
    return addTrap(traps, "signature_unsupported", said);
  }
  if (cursor.at("_type").value !== STATEMENT_TYPE || subjects.length !== 1 || typeof root !== "string") {
    return malformed(signature, traps, "It is not an in-toto statement about one subject.");
  }
  if (predicate !== MODEL_SIGNING_PREDICATE) {
    const stated = typeof predicate === "string" ? predicate.slice(0, 200) : "nothing";
    return malformed(signature, traps, `It states ${stated}, which is no signature of a model.`);
  }
  const manifest = readSignedManifest(cursor.at("predicate"));
  signature.files = manifest.files;
  if ("problem" in manifest) {
    addTrap(traps, "manifest_unsafe", manifest.problem);
    return malformed(signature, traps, "Its list of files cannot be used.");
  }
  signature.hashing = manifest.hashing;
  signature.ignored = manifest.ignored;
  signature.rootDigest = root.toLowerCase();
  if (!manifest.roots.includes(signature.rootDigest)) {
    return malformed(signature, traps, "Its root digest does not follow from its list of files.");
  }
  signature.modelDigest = manifest.modelDigest;
  signature.manifestText = manifest.text;
}

async function judge(
  signature: ForeignSignature,
  raw: Uint8Array,
  message: Uint8Array<ArrayBuffer>,
  publicKeys: readonly string[],
  traps: Trap[],
): Promise<void> {
  if (signature.method === "none") {
    return malformed(signature, traps, "It does not say with what it was signed.");
  }
  if (signature.method !== "key") {
    signature.state = "unsupported";
    const how = signature.method === "certificate" ? "a certificate" : "a Sigstore identity";
    return addTrap(
      traps,
      "signature_unsupported",
      `It was signed with ${how}, which cannot be checked here. That is not a forgery.`,
    );
  }
  const read = await Promise.all(publicKeys.slice(0, MAX_KEYS).map((pem) => readSigningKey(pem)));
  const keys = read.filter((key) => key !== null);
  const named = keys.filter(({ hints }) => signature.keyHint !== null && hints.has(signature.keyHint));
  for (const key of named.length > 0 ? named : signature.keyHint === null ? keys : []) {
    if (await key.verify(raw, message)) {
      signature.state = "verified";
      signature.signedWith = key.pem;
      return;
    }
  }
  if (named.length > 0) {
    signature.state = "forged";
    return addTrap(
      traps,
      "signature_forged",
      "It names a key that was given, and the signature does not hold.",
    );
  }
  const said =
    signature.keyHint === null && keys.length > 0
      ? "It names no key, and it was made with none of those given."
      : "The key it names was not given, so its signature was not checked.";
  addTrap(traps, "signature_not_checked", said);
}

function malformed(signature: ForeignSignature, traps: Trap[], message: string): void {
  signature.state = "malformed";
  addTrap(traps, "signature_malformed", message);
}

function parsePayload(payload: Uint8Array): unknown {
  try {
    return readJson(new TextDecoder("utf-8", { fatal: true }).decode(payload)).value;
  } catch {
    return undefined;
  }
}

function subjectName(payload: Uint8Array): string | null {
  return Cursor.over(parsePayload(payload)).at("subject").list()[0]?.at("name").text(300) ?? null;
}

function textIn(cursor: Cursor | null): string {
  const value = cursor?.take();
  return typeof value === "string" ? value : "";
}
