import type { Cosignature } from "@/lib/log/cosignature";
import type { VerifyEd25519 } from "@/lib/log/ed25519";
import { leafHashHex, leafHashOfEnvelope } from "@/lib/log/leaf-body";
import type { ReadBundle } from "@/lib/log/sigstore-bundle";
import { type TlogPolicy, meetsQuorum } from "@/lib/log/tlog-policy";
import { checkInclusion, readTlogProof } from "@/lib/log/tlog-proof";
import { verifyBundledEntry } from "@/lib/log/verify-bundle";
import { decodeBase64 } from "@/lib/shared/encoding";
import { judgeSpeaker, witnessedTime } from "./judge-speaker";
import { keyIdOf, readEnvelope } from "@/lib/statements/dsse";
import { liesAhead } from "@/lib/statements/sense";
import { type SignedEnvelope, verifySignature, verifyStatement } from "@/lib/statements/verify-envelope";
import {
  type EntryFinding,
  type EntryRefusal,
  type Judgement,
  type NoFacts,
  type NoPolicy,
  type NoProof,
  type ObserversFinding,
  type ObserversRefusal,
  type Seen,
  type SignatureFinding,
  type StatementFinding,
  type Unlisted,
  type Whose,
  entryWeights,
  observersWeights,
  signatureWeights,
  stateBy,
} from "./judgement";

/** What is judged, and what it is said to be. */
export type Evidence = {
  /** The exact text, whose digest counts. */
  envelopeText: string;
  /** The bundle it came in; null where what came as one cannot be read. */
  bundle?: ReadBundle | null;
  expected?: {
    envelopeSha256?: string;
    payloadSha256?: string;
    predicateType?: string;
    subjectSha256?: string;
  };
};

/** The keys that count, or why nobody says which they are, with the one that the evidence brought itself. */
export type Signers =
  { keys: readonly Uint8Array[] } | { keys?: never; why: "other_key" | Unlisted; brought: Uint8Array | null };

export type Trust = {
  whose: Whose;
  signers: Signers;
  /** Steps that must not have failed before a log is asked. */
  entryAfter: readonly ("signature" | "statement")[];
  /** Null in a runtime that does not know Ed25519, which must not read as a forgery. */
  verifyEd25519: VerifyEd25519 | null;
};

/** All that a judge reads from elsewhere, and only when a step needs it. */
export type Sources = {
  policy: () => Promise<TlogPolicy | NoPolicy>;
  /** The proof of a leaf by its hex hash; `isBrought` where it came with the evidence. */
  proof: (leafHash: string) => Promise<{ text: string; isBrought: boolean } | NoProof>;
  /** What the log says of who speaks in a leaf: bundles of entries before it. Absent where no log can be asked. */
  facts?: (leafHash: string) => Promise<readonly string[] | NoFacts>;
};

/**
 * Judges a signed statement: who signed these bytes, what they say, where a log has them, and who else saw that log.
 * Every step is judged by the bytes that the step before made sure of; nothing but the sources is read.
 */
export async function judge(evidence: Evidence, trust: Trust, sources: Sources): Promise<Judgement> {
  const signature = await judgeSignature(evidence, trust);
  const statement = judgeStatement(signature, evidence.expected);
  const entry = await judgeEntry(evidence, { signature, statement }, trust, sources);
  const timed = withTime(statement, entry);
  const speaker = await judgeSpeaker({ signature, statement: timed, entry }, trust.verifyEd25519, sources);
  const observers = judgeObserversOf(entry, trust.whose);
  return { signature, statement: timed, speaker, entry, observers };
}

/** The judgement on an envelope that was not to be had. */
export function judgeNothing(status: number | null): Judgement {
  return {
    signature: { state: "cannot_check", code: "envelope_unreachable", status },
    statement: { state: "not_checked", code: "signature_first" },
    speaker: { state: "not_checked", code: "statement_first" },
    entry: { state: "not_checked", code: "no_envelope", isBundle: false },
    observers: { state: "not_checked", code: "no_envelope", ...unseen },
  };
}

/** The envelope whose signature holds, also where nobody vouches for the key. */
export function signedIn(signature: SignatureFinding): SignedEnvelope | null {
  if (signature.state === "verified") return signature;
  return "signed" in signature ? signature.signed : null;
}

async function judgeSignature(
  { envelopeText, bundle, expected }: Evidence,
  { signers, whose }: Trust,
): Promise<SignatureFinding> {
  if (bundle === null) return { state: "failed", code: "bundle_malformed" };
  const known = signers.keys ?? (signers.brought ? [signers.brought] : []);
  if (!signers.keys && signers.why === "other_key") return { state: "failed", code: "other_key" };
  const { envelopeSha256 } = expected ?? {};
  const check = await verifySignature(envelopeText, {
    trustedKeys: known,
    ...(envelopeSha256 !== undefined && { envelopeSha256 }),
  });
  if (!signers.keys && signers.why !== "other_key" && (check.state === "verified" || !signers.brought))
    return {
      state: "cannot_check",
      code: signers.why,
      signed: check.state === "verified" ? check : null,
    };
  if (check.state === "verified") return check;
  if (check.reason === "unsupported_payload_type") {
    const { state, reason: code, signing } = check;
    return { state, code, signing };
  }
  // What is no envelope, or no bundle, needs no key to be refused.
  const isRead = bundle ? decodeBase64(bundle.envelope.payload) : readEnvelope(envelopeText);
  const code = check.reason === "no_keys" && !isRead ? "envelope_malformed" : check.reason;
  return { state: stateBy(signatureWeights, code, whose), code };
}

function judgeStatement(signature: SignatureFinding, expected: Evidence["expected"] = {}): StatementFinding {
  const signed = signedIn(signature);
  if (!signed) return { state: "not_checked", code: "signature_first" };
  const check = verifyStatement(signed.payload, expected);
  if (check.state === "failed") return { state: "failed", code: check.reason };
  const { payloadSha256 = signed.payloadSha256 } = expected;
  if (payloadSha256 !== signed.payloadSha256) return { state: "failed", code: "other_payload" };
  if (check.state === "verified") return check;
  const { state, reason: code, statement } = check;
  return { state, code, statement };
}

/** The same once the log has it: what it names as past may not lie after a time at which that tree was seen. */
function withTime(statement: StatementFinding, entry: EntryFinding): StatementFinding {
  if (statement.state !== "verified" || entry.state !== "verified") return statement;
  const isAhead = liesAhead(statement.statement, witnessedTime(entry.cosignatures)?.at ?? null);
  return isAhead ? { state: "failed", code: "date_ahead" } : statement;
}

async function judgeEntry(
  { envelopeText, bundle }: Evidence,
  earlier: Pick<Judgement, "signature" | "statement">,
  trust: Trust,
  sources: Sources,
): Promise<EntryFinding> {
  const refuse = (code: EntryRefusal, isBundle = false): EntryFinding => ({
    state: stateBy(entryWeights, code, trust.whose),
    code,
    isBundle,
  });
  const { verifyEd25519 } = trust;
  const envelope = readEnvelope(envelopeText);
  const key = leafKey(earlier.signature, trust);
  if (!envelope) return refuse("envelope_malformed");
  if (!key) return refuse("key_unknown");
  if (trust.entryAfter.some((step) => earlier[step].state === "failed")) return refuse("signature_first");
  if (!verifyEd25519) return refuse("no_ed25519");
  const leaf = leafHashHex(envelope, key);
  if (leaf === null) return refuse("no_leaf");
  const policy = await sources.policy();
  if (typeof policy === "string") return refuse(policy);
  if (bundle) {
    const { signature } = earlier;
    if ("signing" in signature && signature.signing === "forged") return refuse("forged", true);
    const found = await verifyBundledEntry(bundle, key, policy, verifyEd25519);
    if (found.state === "verified") return { ...found, note: bundle.checkpoint, policy };
    return refuse(found.reason === "untrusted_key" ? "bundle_other_key" : asBrought(found.reason), true);
  }
  const given = await sources.proof(leaf);
  if (typeof given === "string") return refuse(given);
  const proof = readTlogProof(given.text);
  if (!proof) return refuse("malformed");
  const leafHash = leafHashOfEnvelope(envelope, key);
  const found = await checkInclusion(proof, leafHash, policy, verifyEd25519);
  if (found.state === "verified") return { ...found, leafHash, note: proof.checkpoint, policy };
  return refuse(given.isBrought ? asBrought(found.reason) : found.reason);
}

/** Evidence may come from another log than the one that is known here. */
function asBrought<Reason extends string>(reason: Reason): Exclude<Reason, "untrusted_log"> | "foreign_log" {
  return reason === "untrusted_log" ? "foreign_log" : (reason as Exclude<Reason, "untrusted_log">);
}

/** The key that a leaf would record: the one that signed; a site's one key also where it did not. */
function leafKey(signature: SignatureFinding, { signers, whose }: Trust): Uint8Array | null {
  const known = signers.keys ?? (signers.brought ? [signers.brought] : []);
  const signedBy = signature.state === "verified" ? signature.signedBy[0] : undefined;
  const signer = known.find((spki) => keyIdOf(spki) === signedBy);
  return signer ?? (whose === "site" ? known[0] : undefined) ?? null;
}

const unseen: Seen = { seen: 0, listed: 0, time: null };

function judgeObserversOf(entry: EntryFinding, whose: Whose): ObserversFinding {
  if (entry.state === "verified") return judgeObservers(entry.policy, entry.cosignatures, whose);
  const isRefused = proofFaults.some((code) => code === entry.code);
  return {
    state: "not_checked",
    code: isRefused ? "entry_refused" : "no_entry",
    ...unseen,
  };
}

const proofFaults: readonly EntryRefusal[] = [
  "malformed",
  "forged",
  "not_included",
  "other_entry",
  "bundle_other_key",
  "untrusted_log",
  "foreign_log",
];

/** How many of a policy's witnesses saw a tree, and whether they are enough. A policy that asks for none is no check. */
export function judgeObservers(
  policy: TlogPolicy,
  cosignatures: readonly Cosignature[],
  whose: Whose,
): ObserversFinding {
  const seen: Seen = {
    ...{ seen: cosignatures.length, listed: policy.witnesses.length },
    time: witnessedTime(cosignatures),
  };
  const refuse = (code: ObserversRefusal): ObserversFinding => ({
    state: stateBy(observersWeights, code, whose),
    code,
    ...seen,
  });
  if (seen.listed === 0) return refuse("no_witnesses");
  if (policy.quorum === null && (whose === "reader" || seen.seen === 0)) return refuse("no_quorum");
  return meetsQuorum(policy, cosignatures) ? { state: "verified", ...seen } : refuse("quorum_missing");
}
