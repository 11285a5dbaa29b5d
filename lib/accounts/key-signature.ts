import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { refuseUnless } from "@/lib/shared/domain-error";

export type PublicKey = {
  /** Lower-case hex SHA-256 of the SPKI DER. */
  keyId: string;
  spki: Uint8Array<ArrayBuffer>;
};

function readP256(spki: Buffer): KeyObject | null {
  try {
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    const isP256 = key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
    // Only the canonical encoding has the one key id that everybody computes.
    return isP256 && key.export({ format: "der", type: "spki" }).equals(spki) ? key : null;
  } catch {
    return null;
  }
}

/** Reads a base64 SPKI of an ECDSA P-256 key; refuses every other curve, algorithm or encoding with `key_unreadable`. */
export function publicKeyOf(spkiBase64: string): PublicKey {
  const spki = Buffer.from(spkiBase64, "base64");
  refuseUnless(readP256(spki), "key_unreadable", "This is not an ECDSA P-256 public key.");
  return { keyId: createHash("sha256").update(spki).digest("hex"), spki: new Uint8Array(spki) };
}

/** True when `signatureBase64` (ASN.1 DER) is this key's ECDSA-SHA256 signature over the UTF-8 bytes of `text`. */
export function hasSigned(spki: Uint8Array, text: string, signatureBase64: string): boolean {
  const key = readP256(Buffer.from(spki));
  if (!key) return false;
  try {
    return verify(
      "sha256",
      Buffer.from(text),
      { key, dsaEncoding: "der" },
      Buffer.from(signatureBase64, "base64"),
    );
  } catch {
    return false;
  }
}
