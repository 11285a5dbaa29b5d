import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { type DsseEnvelope, checkSignatures, keyIdOf, signEnvelope } from "./dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { derToRaw, p1363ToDer } from "./ecdsa-signature";
import { canonicalJson } from "@/lib/shared/jcs";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { evaluationStatement } from "./evaluation-statement";
import { revocationKind } from "./kinds/revocation";
import { usageKind } from "./kinds/usage";
import { type Statement, makeStatement, statementBytes } from "./statement";

/** A key pair for tests, and what signs with it. */
export type TestKey = {
  keyId: string;
  spki: Uint8Array<ArrayBuffer>;
  /** The private half, as a key file holds it. */
  pem: string;
  publicPem: string;
  sign: (statement: Statement) => Promise<string>;
};

export async function makeTestKey(): Promise<TestKey> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  const pkcs8 = new Uint8Array(createPrivateKey(pem).export({ format: "der", type: "pkcs8" }));
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, curve, false, ["sign"]);
  return {
    keyId: keyIdOf(spki),
    spki,
    pem,
    publicPem: publicKey.export({ format: "pem", type: "spki" }) as string,
    sign: async (statement) => canonicalJson(await signEnvelope(statementBytes(statement), key, spki)),
  };
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same envelope with the twin of its signature, (r, −s), which anybody can compute and which holds as well. */
export function twinOf(envelopeText: string): string {
  const envelope = JSON.parse(envelopeText) as DsseEnvelope;
  const [signature] = envelope.signatures;
  const raw = derToRaw(decodeBase64(signature?.sig ?? "") ?? new Uint8Array()) ?? new Uint8Array(64);
  const s = BigInt(`0x${Buffer.from(raw.subarray(32)).toString("hex")}`);
  const twin = Buffer.from((ORDER - s).toString(16).padStart(64, "0"), "hex");
  const sig = encodeBase64(p1363ToDer(Uint8Array.from([...raw.subarray(0, 32), ...twin])));
  return canonicalJson({ ...envelope, signatures: [{ keyid: signature?.keyid ?? "", sig }] });
}

const instant = "2026-11-01T00:00:00.000Z";

/** A statement that its account may hand in: calls, counted. */
export function usageStatement(account: string, modelDigest: string, calls = 12): Statement {
  return makeStatement(usageKind.predicateType, [{ sha256: modelDigest }], {
    observer: { role: "seller", account },
    listing: "listing-1",
    from: instant,
    to: "2026-11-02T00:00:00.000Z",
    calls,
    answered: calls,
    records: null,
  });
}

/** An evaluation that shows no niche, so it speaks against the model. */
export function adverseStatement(
  account: string,
  modelDigest: string,
  role: "seller" | "third_party" = "third_party",
): Statement {
  return evaluationStatement({
    modelDigest,
    evaluator: { role, account },
    grade: role === "seller" ? "seller_signed" : "third_party",
    dataSet: {
      name: "Rows nobody saw",
      rowsSha256: "b".repeat(64),
      use: "attestation",
      observedFrom: null,
      observedTo: null,
    },
    summary: summariseEvaluation([], [], 0.9),
    runtime: null,
    startedAt: null,
    finishedAt: new Date(instant),
  });
}

/** Its signer takes an earlier envelope back. */
export function revocationOf(account: string, modelDigest: string, withdraws: string): Statement {
  return makeStatement(revocationKind.predicateType, [{ sha256: modelDigest }], {
    signer: { role: "account", account },
    withdraws,
    reason: "Counted twice.",
    at: instant,
  });
}

/** True when at least `threshold` distinct trusted keys signed the envelope's payload. */
export async function isSignedBy(
  envelope: DsseEnvelope,
  trustedKeys: readonly Uint8Array[],
  threshold = 1,
): Promise<boolean> {
  const payload = decodeBase64(envelope.payload);
  if (!payload || !Number.isInteger(threshold) || threshold < 1) return false;
  return (await checkSignatures(envelope, payload, trustedKeys)).signedBy.length >= threshold;
}
