import { decodeBase64 } from "@/lib/shared/encoding";
import {
  MODEL_SIGNING_PREDICATE,
  OLD_MODEL_SIGNING_PREDICATE,
  importModelSigning,
} from "@/lib/formats/model-signing";
import { pemOf } from "@/lib/formats/signing-key";
import { readSensibly } from "@/lib/statements/sense";
import { readStatement } from "@/lib/statements/statement";
import { digestOfBytes, envelopeMessages } from "@/lib/statements/verify-envelope";
import type { Judged } from "./judge-envelope";
import { cannotCheck, failedRow, verified } from "./row";
import { type Trust, trustedKey } from "./trust";

type RawBundle = {
  dsseEnvelope?: { payload?: unknown };
  verificationMaterial?: { tlogEntries?: unknown } | null;
};

/** Whether a bundle is a model's signature that stands in no log, as OpenSSF Model Signing writes it with a key. */
export function isUnloggedModelSignature(text: string): boolean {
  const { verificationMaterial } = JSON.parse(text) as RawBundle;
  const entries: unknown = verificationMaterial?.tlogEntries;
  const hasNoEntry = entries === undefined || (Array.isArray(entries) && entries.length === 0);
  const predicate = payloadStatement(text)?.predicateType ?? "";
  return hasNoEntry && [MODEL_SIGNING_PREDICATE, OLD_MODEL_SIGNING_PREDICATE].includes(predicate);
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
      const said =
        signature.keyHint === null
          ? "It names no key, and no key that you gave made it; --trust FILE gives one."
          : `You gave no key that it names (${signature.keyHint}); --trust FILE names one.`;
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
  const named = trust.keys.find(({ spki }) => pemOf(spki) === signature.signedWith);
  const key = signature.keyHint ?? named?.keyId ?? "";
  return {
    rows: [verified("signature", `holds under the key ${key}, which you gave`)],
    payloadSha256: digestOfBytes(payload),
    statement,
    signer: named ?? { ...trustedKey(new Uint8Array(), "given"), keyId: key },
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
