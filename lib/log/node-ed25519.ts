import { type KeyObject, createPublicKey, sign, verify } from "node:crypto";
import { type SignEd25519, type VerifyEd25519, ed25519Spki, hasLowOrderPoint } from "./ed25519";

/** Ed25519 by Node's own OpenSSL, without waiting: for the sequencer and the command line. */
export const verifyByNode: VerifyEd25519 = (publicKey, message, signature) => {
  if (hasLowOrderPoint(publicKey, signature)) return false;
  try {
    const spki = Buffer.from(ed25519Spki(publicKey));
    return verify(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
  } catch {
    return false;
  }
};

/** Signs with a private key object. */
export function signerOf(privateKey: KeyObject): SignEd25519 {
  return (message) => new Uint8Array(sign(null, message, privateKey));
}

/** The raw 32 bytes of the public half. */
export function rawPublicKey(privateKey: KeyObject): Uint8Array {
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return new Uint8Array(spki.subarray(-32));
}
