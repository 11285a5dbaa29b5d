import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { enrolmentText } from "./key";

/** A device with a key of its own, able to enrol, to vouch and to sign. */
export function device() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const spki = publicKey.export({ format: "der", type: "spki" });
  const keyId = createHash("sha256").update(spki).digest("hex");
  const signs = (text: string | Uint8Array) =>
    sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "der" }).toString("base64");
  return {
    keyId,
    /** ASN.1 DER, base64. */
    signs,
    fields: (accountId: string) => ({
      spki: spki.toString("base64"),
      proof: signs(enrolmentText(accountId, keyId)),
      label: "Firefox on Linux",
    }),
    vouchFor: (accountId: string, otherKeyId: string) => ({
      byKeyId: keyId,
      signature: signs(enrolmentText(accountId, otherKeyId)),
    }),
  };
}
