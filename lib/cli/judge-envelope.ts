import { toHex } from "@/lib/shared/encoding";
import { leafHashOfEnvelope, readLeafBody } from "@/lib/log/leaf-body";
import type { Hash } from "@/lib/log/merkle-tree";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { readBundle } from "@/lib/log/sigstore-bundle";
import type { DsseEnvelope } from "@/lib/statements/dsse";
import type { Statement } from "@/lib/statements/statement";
import { type Trust as JudgeTrust, type Sources, judge } from "@/lib/verification/judge";
import { readFacts } from "@/lib/verification/judge-speaker";
import type { Judgement } from "@/lib/verification/judgement";
import {
  bundleFaultRow,
  envelopeFaultRow,
  proofFaultRow,
  signatureRow,
  speakerRow,
  statementFaultRow,
} from "./judged-rows";
import { logRows, noPolicyRow, refusedRow } from "./judge-log";
import type { Row } from "./row";
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

/** A proof that was saved, or a log that is asked for one by the hash of the leaf. */
type Served = (leafHash: string) => Promise<string | null>;
type ProofSource = { saved: string; facts?: Served } | { served: Served; facts?: Served };

/**
 * Judges a DSSE envelope from its text and the keys that the person trusts, and with a proof its entry in the log too.
 * Reads nothing but the proof, and never throws of itself.
 */
export async function judgeEnvelope(text: string, trust: Trust, proof?: ProofSource): Promise<Judged> {
  const judgement = await judge(
    { envelopeText: text },
    trustOf(trust, ["signature", "statement"]),
    sourcesOf(trust, proof),
  );
  const fault = envelopeFaultRow(judgement, text);
  const judged: Judged = fault ? { rows: [fault] } : judgedBy(judgement, trust);
  // A log is asked by the leaf alone; a saved proof that no leaf can be held against is told.
  const isAsked = proof !== undefined && ("saved" in proof || judged.leafHash);
  return isAsked ? withEntry(judged, judgement) : judged;
}

/** Judges a Sigstore bundle of one signature and one entry of a log, from its text and what that log says of speakers. Never throws of itself. */
export async function judgeBundle(text: string, trust: Trust, facts?: Served): Promise<Judged> {
  const bundle = readBundle(text);
  const envelopeText = bundle?.envelopeText ?? "";
  const judgement = await judge(
    { envelopeText, bundle },
    trustOf(trust, ["signature"]),
    sourcesOf(trust, undefined, facts),
  );
  if (bundle && trust.policy === null) {
    // No log is trusted: the signature can still be judged, and the rest is said to be open.
    const fault = envelopeFaultRow(judgement, envelopeText);
    const judged: Judged = fault ? { rows: [fault] } : judgedBy(judgement, trust);
    return { ...judged, rows: [...judged.rows, noPolicyRow] };
  }
  const fault = bundleFaultRow(judgement, bundle?.hint);
  if (fault) return { rows: [fault] };
  const judged = judgedBy(judgement, trust);
  const row = statementFaultRow(judgement.statement);
  return withEntry({ ...judged, rows: row ? [...judged.rows, row] : judged.rows }, judgement);
}

function trustOf({ keys }: Trust, entryAfter: JudgeTrust["entryAfter"]): JudgeTrust {
  const signers = { keys: keys.map(({ spki }) => spki) };
  return { whose: "reader", signers, entryAfter, verifyEd25519: verifyByNode };
}

function sourcesOf(
  { policy }: Trust,
  proof?: ProofSource,
  facts: Served | undefined = proof?.facts,
): Sources {
  return {
    policy: () => Promise.resolve(policy ?? "no_policy"),
    proof: async (leafHash) => {
      if (!proof) return "not_asked";
      const text = "saved" in proof ? proof.saved : await proof.served(leafHash);
      return text === null ? "not_covered" : { text, isBrought: "saved" in proof };
    },
    facts: async (leafHash) => {
      if (!facts) return "facts_not_asked";
      const text = await facts(leafHash);
      return (text !== null && readFacts(text)) || "facts_unreachable";
    },
  };
}

/** What a signature that holds makes known. */
function judgedBy({ signature, statement }: Judgement, trust: Trust): Judged {
  if (signature.state !== "verified") return { rows: [] };
  const { envelope, payloadSha256, signedBy } = signature;
  const signer = trust.keys.find(({ keyId }) => keyId === signedBy[0]);
  if (!signer) return { rows: [] };
  return {
    rows: [signatureRow(signer)],
    payloadSha256,
    signer,
    envelope,
    ...(statement.state === "verified" && { statement: statement.statement }),
    ...(envelope.signatures.length === 1 && { leafHash: leafHashOfEnvelope(envelope, signer.spki) }),
  };
}

/** Adds the entry and its observers; too few of those are told alone, since such a tree shows nothing. */
function withEntry(judged: Judged, { entry, observers, speaker, statement }: Judgement): Judged {
  if (entry.state !== "verified") return { ...judged, rows: [...judged.rows, proofFaultRow(entry)] };
  if (observers.state === "failed")
    return { ...judged, rows: [...judged.rows, refusedRow("quorum_missing")] };
  const spoken = statement.state === "verified" ? [speakerRow(speaker)] : [];
  const rows = [...judged.rows, ...spoken, ...logRows(entry.index, entry, entry.policy)];
  return { ...judged, rows, checkpoint: entry.note };
}

/** The signer's key as the entry in a bundle records it: a claim until somebody vouches for it. */
export function keyInBundle(text: string): Uint8Array<ArrayBuffer> | null {
  const bundle = readBundle(text);
  const record = bundle && readLeafBody(bundle.body);
  return record ? Uint8Array.from(record.spki) : null;
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
