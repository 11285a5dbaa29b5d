import { decodeBase64 } from "@/lib/shared/encoding";
import { MODEL_SIGNING_PREDICATE, importModelSigning } from "@/lib/formats/model-signing";
import { readSensibly } from "@/lib/statements/sense";
import { readStatement } from "@/lib/statements/statement";
import { digestOfBytes, envelopeMessages, hexDigest } from "@/lib/statements/verify-envelope";
import type { Judged } from "./judge-envelope";
import { cannotCheck, failedRow, verified } from "./row";
import { type Trust, pemOf, trustedKey } from "./trust";

type RawBundle = {
  dsseEnvelope?: { payload?: unknown };
  verificationMaterial?: { tlogEntries?: unknown; publicKey?: unknown; certificate?: unknown } | null;
};

/** Whether a bundle is a model's signature that stands in no log, as OpenSSF Model Signing writes it with a key. */
export function isUnloggedModelSignature(text: string): boolean {
  const { verificationMaterial } = JSON.parse(text) as RawBundle;
  const entries: unknown = verificationMaterial?.tlogEntries;
  const hasNoEntry = entries === undefined || (Array.isArray(entries) && entries.length === 0);
  return hasNoEntry && payloadStatement(text)?.predicateType === MODEL_SIGNING_PREDICATE;
}

/** Whether a bundle was signed with a certificate, which is not judged here. */
export function isByCertificate(text: string): boolean {
  const { verificationMaterial } = JSON.parse(text) as RawBundle;
  // Somebody else wrote the file: what should be an object may be a word or a number.
  if (typeof verificationMaterial !== "object" || verificationMaterial === null) return false;
  return "certificate" in verificationMaterial || "x509CertificateChain" in verificationMaterial;
}

/** Judges such a signature by the public keys that the person gave. Pure, and never throws. */
export async function judgeSignedFiles(text: string, trust: Trust): Promise<Judged> {
  const { draft, traps } = await importModelSigning("bundle", text, { publicKeys: trust.pems });
  const { signature } = draft;
  const why = traps.map(({ message }) => message).join(" ") || "It cannot be read.";
  switch (signature?.state) {
    case "verified":
      break;
    case "forged":
      return { rows: [failedRow("signature", "forged", why)] };
    case "unsupported":
      return { rows: [cannotCheck("signature", "unsupported_signature", why, "unsupported")] };
    case "not_checked": {
      const said = `You gave no key that it names (${signature.keyHint ?? "it names none"}); --trust FILE names one.`;
      return { rows: [cannotCheck("signature", "untrusted_key", said, "untrusted_key")] };
    }
    default:
      return { rows: [failedRow("signature", "malformed", why)] };
  }
  const payload = payloadBytes(text);
  const read = payload && readSensibly(payload);
  if (!payload || !read) return { rows: [failedRow("statement", "statement_malformed", why)] };
  const { statement, fault } = read;
  if (fault !== null) return { rows: [failedRow("statement", fault, envelopeMessages[fault])] };
  // The format names a key by its PEM text.
  const named = trust.keys.find(({ spki }) => hexDigest(pemOf(spki)) === signature.keyHint);
  return {
    rows: [verified("signature", `holds under the key ${signature.keyHint}, which you gave`)],
    payloadSha256: digestOfBytes(payload),
    statement,
    signer: named ?? { ...trustedKey(new Uint8Array(), "given"), keyId: signature.keyHint ?? "" },
  };
}

function payloadBytes(text: string): Uint8Array | null {
  const { dsseEnvelope } = JSON.parse(text) as RawBundle;
  const payload = dsseEnvelope?.payload;
  return typeof payload === "string" ? decodeBase64(payload) : null;
}

function payloadStatement(text: string): ReturnType<typeof readStatement> {
  const payload = payloadBytes(text);
  return payload && readStatement(payload);
}
