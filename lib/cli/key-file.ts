import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { enrolmentText } from "@/lib/accounts/key";
import { keyIdOf } from "@/lib/statements/dsse";
import { Refusal } from "./ending";

/** A P-256 key of the person's own, from a file that only they can read. */
export type OwnKey = {
  keyId: string;
  spki: Uint8Array<ArrayBuffer>;
  /** The public half as PEM; OpenSSF Model Signing names a key by the SHA-256 of this text. */
  publicPem: string;
  pemHint: string;
  /** For WebCrypto, not extractable. */
  privateKey: CryptoKey;
  /** ECDSA-SHA256 over a text; base64 of ASN.1 DER. */
  signText: (text: string) => string;
};

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const OWNER_ONLY = 0o600;

/** Makes a key file, readable by its owner alone. Never overwrites: a file that is there is an error `EEXIST`. */
export function makeKeyFile(file: string): void {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  writeFileSync(file, pem, { mode: OWNER_ONLY, flag: "wx" });
}

/** Opens a key file. Throws `key_unusable` when it holds no P-256 private key. */
export async function openKeyFile(file: string): Promise<OwnKey> {
  const secret = readPrivate(readFileSync(file, "utf8"));
  if (secret?.asymmetricKeyDetails?.namedCurve !== "prime256v1")
    throw new Refusal("usage", "key_unusable", `${file} holds no P-256 private key in PEM.`);
  const publicKey = createPublicKey(secret);
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const publicPem = publicKey.export({ format: "pem", type: "spki" }) as string;
  const pkcs8 = new Uint8Array(secret.export({ format: "der", type: "pkcs8" }));
  return {
    keyId: keyIdOf(spki),
    spki,
    publicPem,
    pemHint: createHash("sha256").update(publicPem).digest("hex"),
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, P256, false, ["sign"]),
    signText: (text) =>
      sign("sha256", Buffer.from(text), { key: secret, dsaEncoding: "der" }).toString("base64"),
  };
}

function readPrivate(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/** What the account page takes to enrol the key: its public half, its own signature over the enrolment, a name. */
export function enrolmentRequest(key: OwnKey, accountId: string, label: string): string {
  const proof = key.signText(enrolmentText(accountId, key.keyId));
  return JSON.stringify({ spki: Buffer.from(key.spki).toString("base64"), proof, label });
}
