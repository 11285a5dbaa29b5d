import { sha256 } from "@noble/hashes/sha2.js";
import { preAuthEncoding } from "@/lib/statements/dsse";
import { encodeBase64, toHex } from "@/lib/shared/encoding";
import { MODEL_SIGNING_PREDICATE } from "./model-signing";

const CURVES = { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" } as const;

export type Resource = { name: string; digest: string; algorithm: string };
export const resourcesOf = (...names: string[]): Resource[] =>
  names.map((name) => ({ name, digest: toHex(sha256(new TextEncoder().encode(name))), algorithm: "sha256" }));

export function rootOf(resources: readonly Resource[]): string {
  return toHex(sha256(Uint8Array.from(Buffer.from(resources.map(({ digest }) => digest).join(""), "hex"))));
}

/** A bundle signed with a new key, as the format's reference program signs. */
export async function signedBundle(options: {
  curve?: keyof typeof CURVES;
  resources?: Resource[];
  serialization?: Record<string, unknown>;
  predicateType?: string;
  root?: string;
}) {
  const { curve = "P-384", resources = resourcesOf("config.json", "model.onnx") } = options;
  const { predicateType = MODEL_SIGNING_PREDICATE, root = rootOf(resources) } = options;
  const serialization = {
    method: "files",
    hash_type: "sha256",
    allow_symlinks: false,
    ...options.serialization,
  };
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "desk-router", digest: { sha256: root } }],
    predicateType,
    predicate: { resources, serialization },
  };
  const payload = new TextEncoder().encode(JSON.stringify(statement));
  const payloadType = "application/vnd.in-toto+json";
  const algorithm = { name: "ECDSA", namedCurve: curve, hash: CURVES[curve] };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const raw = await crypto.subtle.sign(algorithm, pair.privateKey, preAuthEncoding(payloadType, payload));
  const spki = encodeBase64(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}(?=.)/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      publicKey: { hint: toHex(sha256(new TextEncoder().encode(pem))) },
      tlogEntries: [] as unknown[],
    } as Record<string, unknown>,
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType,
      signatures: [{ sig: encodeBase64(derOf(new Uint8Array(raw))), keyid: "" }],
    },
  };
  return { bundle, pem };
}

function derOf(raw: Uint8Array): Uint8Array {
  const integer = (scalar: Uint8Array): number[] => {
    let start = 0;
    while (start < scalar.length - 1 && scalar[start] === 0) start += 1;
    const digits = [...scalar.subarray(start)];
    if ((digits[0] ?? 0) >= 0x80) digits.unshift(0);
    return [0x02, digits.length, ...digits];
  };
  const body = [...integer(raw.subarray(0, raw.length / 2)), ...integer(raw.subarray(raw.length / 2))];
  return Uint8Array.from([0x30, ...(body.length >= 0x80 ? [0x81, body.length] : [body.length]), ...body]);
}
