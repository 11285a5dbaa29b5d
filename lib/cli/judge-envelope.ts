import { type DsseEnvelope, readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, toHex } from "@/lib/shared/encoding";
import { leafHashOfEnvelope, readLeafBody } from "@/lib/log/leaf-body";
import type { Hash } from "@/lib/log/merkle-tree";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { readBundle } from "@/lib/log/sigstore-bundle";
import { type BundleRefusal, verifyBundle } from "@/lib/log/verify-bundle";
import { type Statement, readStatement } from "@/lib/statements/statement";
import {
  type CannotCheckReason,
  type FailedReason,
  digestOfBytes,
  verifyEnvelope,
} from "@/lib/statements/verify-envelope";
import { logRows, proofRow } from "./judge-log";
import { type Row, cannotCheck, failedRow, verified } from "./row";
import type { Trust, TrustedKey } from "./trust";

/** What came out of looking at one signed statement. Payload, signer and statement are there only when they hold. */
export type Judged = {
  rows: Row[];
  payloadSha256?: string;
  signer?: TrustedKey;
  statement?: Statement;
  envelope?: DsseEnvelope;
  leafHash?: Hash;
  /** The signed checkpoint that covers it, verbatim. */
  checkpoint?: string;
};

/** Judges a DSSE envelope from its text and the keys that the person trusts. Pure, and never throws. */
export async function judgeEnvelope(
  text: string,
  trust: Trust,
  expected: { envelopeSha256?: string } = {},
): Promise<Judged> {
  const trustedKeys = trust.keys.map(({ spki }) => spki);
  const envelope = readEnvelope(text);
  if (trustedKeys.length === 0 && !envelope)
    return { rows: [envelopeRow("envelope_malformed", "This is not a DSSE envelope.")] };
  const check = await verifyEnvelope(text, { trustedKeys, ...expected });
  if (check.state !== "verified")
    return { rows: [envelopeRow(check.reason, check.message, signerHint(envelope))] };
  const signer = trust.keys.find(({ keyId }) => keyId === check.signedBy[0]);
  if (!signer || !envelope) return { rows: [envelopeRow("untrusted_key", "")] };
  const { statement, payloadSha256 } = check;
  const judged = { payloadSha256, signer, statement, envelope, rows: [signatureRow(signer)] };
  return envelope.signatures.length === 1
    ? { ...judged, leafHash: leafHashOfEnvelope(envelope, signer.spki) }
    : judged;
}

/** Adds what a saved tlog-proof shows of an envelope that was judged. */
export async function addProof(judged: Judged, proof: string, trust: Trust): Promise<Judged> {
  if (!judged.leafHash) {
    const text = "The signature does not hold or is not trusted, so no entry was looked for.";
    return { ...judged, rows: [...judged.rows, cannotCheck("log", "no_leaf", text, "unsupported")] };
  }
  const { rows, checkpoint } = await proofRow(proof, judged.leafHash, trust);
  return { ...judged, rows: [...judged.rows, ...rows], ...(checkpoint && { checkpoint }) };
}

const bundleTexts: Record<BundleRefusal, string> = {
  malformed: "This is no bundle of one signature and one entry, or its parts contradict each other.",
  forged: "A signature names a key that you trust and does not hold.",
  untrusted_key: "You trust no key that made the signature.",
  other_entry: "The entry that is proven records another envelope.",
  untrusted_log: "You trust no log that signed the checkpoint.",
  not_included: "The entry is not in the tree that the log signed.",
  quorum_missing: "Fewer witnesses saw this tree than your policy asks for.",
};

/** Judges a Sigstore bundle of one signature and one entry of a log, from its text alone. Pure, and never throws. */
export async function judgeBundle(text: string, trust: Trust): Promise<Judged> {
  if (trust.policy === null && readBundle(text)) return judgeUnlogged(text, trust);
  const policy = trust.policy ?? { logs: [], witnesses: [], groups: [], quorum: null };
  const trustedKeys = trust.keys.map(({ spki }) => spki);
  const check = await verifyBundle(text, { trustedKeys, policy, verify: verifyByNode });
  if (check.state === "failed") return { rows: [bundleRow(check.reason, text)] };
  const signer = trust.keys.find(({ keyId }) => keyId === check.signedBy);
  const statement = readStatement(check.payload);
  if (!signer) return { rows: [bundleRow("untrusted_key", text)] };
  const { envelope, leafHash, payload, index, checkpoint, cosignatures } = check;
  const shown = { checkpoint, cosignatures };
  return {
    rows: [
      signatureRow(signer),
      ...(statement
        ? []
        : [failedRow("statement", "statement_malformed", "What was signed is no in-toto statement.")]),
      ...logRows(index, shown, policy),
    ],
    payloadSha256: digestOfBytes(payload),
    signer,
    envelope,
    leafHash,
    ...(statement && { statement }),
    ...optionalCheckpoint(text),
  };
}

function optionalCheckpoint(text: string): Pick<Judged, "checkpoint"> {
  const bundle = readBundle(text);
  return bundle ? { checkpoint: bundle.checkpoint } : {};
}

/** No log is trusted: the signature can still be judged, and the rest is said to be open. */
async function judgeUnlogged(text: string, trust: Trust): Promise<Judged> {
  const judged = await judgeEnvelope(readBundle(text)?.envelopeText ?? "", trust);
  const row = cannotCheck(
    "log",
    "untrusted_log",
    "You hold no key of the log. Give --policy, --vkey or --trusted-root.",
    "untrusted_key",
  );
  return { ...judged, rows: [...judged.rows, row] };
}

/** The signer's key as the entry in a bundle records it: a claim until somebody vouches for it. */
export function keyInBundle(text: string): Uint8Array<ArrayBuffer> | null {
  const bundle = readBundle(text);
  const record = bundle && readLeafBody(bundle.body);
  return record ? Uint8Array.from(record.spki) : null;
}

function bundleRow(reason: BundleRefusal, text: string): Row {
  const said = bundleTexts[reason];
  switch (reason) {
    case "untrusted_key": {
      const hint = readBundle(text)?.hint;
      return cannotCheck("signature", reason, hint ? `${said} It names ${hint}.` : said, "untrusted_key");
    }
    case "untrusted_log":
      return cannotCheck("log", reason, said, "untrusted_key");
    case "quorum_missing":
      return failedRow("observers", reason, said);
    case "not_included":
    case "other_entry":
      return failedRow("log", reason, said);
    default:
      return failedRow("signature", reason, said);
  }
}

function envelopeRow(reason: FailedReason | CannotCheckReason, message: string, hint = ""): Row {
  switch (reason) {
    case "untrusted_key":
    case "no_keys":
      return cannotCheck(
        "signature",
        "untrusted_key",
        `You trust no key that made the signature.${hint}`,
        "untrusted_key",
      );
    case "no_crypto":
    case "unsupported_key":
    case "unsupported_payload_type":
    case "too_large":
      return cannotCheck("signature", reason, message, "unsupported");
    case "statement_malformed":
    case "other_predicate":
    case "other_subject":
      return failedRow("statement", reason, message);
    default:
      return failedRow("signature", reason, message);
  }
}

function signerHint(envelope: DsseEnvelope | null): string {
  const keyId = envelope?.signatures[0]?.keyid;
  return keyId && /^[\x21-\x7e]{1,100}$/.test(keyId)
    ? ` It names ${keyId}; --trust FILE lists those you trust.`
    : "";
}

/** Who signed, and why that key is believed to be theirs. */
export function signatureRow(signer: TrustedKey): Row {
  const who = signer.name ?? "the key";
  const why =
    signer.origin === "given"
      ? "which you gave"
      : signer.origin === "remembered"
        ? `remembered since ${signer.since?.slice(0, 10)} from ${signer.from}`
        : `which ${signer.from} named just now, for the first time; nothing else vouches for it`;
  return verified("signature", `holds under ${who} ${signer.keyId}, ${why}`);
}

/** What machines read of it. */
export function judgedJson(judged: Judged): Record<string, unknown> {
  const { payloadSha256, signer, statement, leafHash } = judged;
  return {
    ...(payloadSha256 && { payloadSha256 }),
    ...(signer && {
      signer: {
        keyId: signer.keyId,
        name: signer.name,
        trust: signer.origin,
        from: signer.from,
        since: signer.since,
      },
    }),
    ...(statement && {
      predicateType: statement.predicateType,
      subjects: statement.subject.map(({ digest }) => digest.sha256),
    }),
    ...(leafHash && { leafHash: toHex(leafHash) }),
  };
}

/** The bytes that were signed; null when the payload is not base64. */
export function payloadOf(envelope: DsseEnvelope): Uint8Array | null {
  return decodeBase64(envelope.payload);
}
