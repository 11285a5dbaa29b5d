import { type EnvelopeCheck, verifyEnvelope } from "@/lib/statements/verify-envelope";
import { type DsseEnvelope, keyIdOf } from "@/lib/statements/dsse";
import { toHex } from "@/lib/shared/encoding";
import type { OpenedCheckpoint } from "@/lib/log/checkpoint";
import type { VerifyEd25519 } from "@/lib/log/ed25519";
import { leafHashOfEnvelope } from "@/lib/log/leaf-body";
import { type ProofRefusal, checkProof, readTlogProof } from "@/lib/log/tlog-proof";
import { type TlogPolicy, meetsQuorum } from "@/lib/log/tlog-policy";

/** What a reader may conclude from one check. There is nothing between these four. */
export type CheckState = "verified" | "not_checked" | "cannot_check" | "failed";

/** The outcome of a check, with what it rests on or why there is none; the message has no full stop. */
export type Check = { state: CheckState; message: string };

/** A place in a log that a proof shows. */
export type LoggedPlace = { index: bigint; opened: OpenedCheckpoint };

export const verified = (message: string): Check => ({ state: "verified", message });
export const notChecked = (message: string): Check => ({ state: "not_checked", message });
export const cannotCheck = (message: string): Check => ({ state: "cannot_check", message });
export const failed = (message: string): Check => ({ state: "failed", message });

/** Who a key is listed for, and how the list says so. */
export type KeyHolder = { spki: Uint8Array; name: string };

/**
 * First row: the signature matches the key listed for its signer. `expected` narrows what the statement must be.
 * Nobody listed is no forgery: it cannot be checked.
 */
export async function checkSignature(
  envelopeText: string,
  holder: KeyHolder | null,
  expected: { envelopeSha256?: string; predicateType?: string; subjectSha256?: string } = {},
): Promise<{ check: Check; found: Extract<EnvelopeCheck, { state: "verified" }> | null }> {
  const found = await verifyEnvelope(envelopeText, {
    trustedKeys: holder ? [holder.spki] : [],
    ...expected,
  });
  if (found.state === "verified")
    return { check: verified(`the signature matches the key listed for ${holder?.name}`), found };
  const message = withoutStop(found.message);
  return { check: { state: found.state, message }, found: null };
}

const refusals = {
  malformed: "what the log gave is not a proof",
  untrusted_log: "the checkpoint is not signed by this log’s key",
  forged: "a signature on the checkpoint names a known key and does not hold",
  not_included: "the entry is not in the tree that the log signed",
  quorum_missing: "too few outside observers saw this tree",
} as const satisfies Record<ProofRefusal, string>;

/**
 * Second row: the claim is entry N of a log of M. The leaf is computed from the envelope and the key, so the proof
 * can be about nothing else. Whether enough witnesses saw the tree is left to the third row.
 */
export async function checkEntry(
  { envelope, spki, proofText }: { envelope: DsseEnvelope; spki: Uint8Array; proofText: string },
  policy: TlogPolicy,
  verify: VerifyEd25519,
): Promise<{ check: Check; place: LoggedPlace | null; reason?: ProofRefusal }> {
  const proof = readTlogProof(proofText);
  if (!proof || leafHashHex(envelope, spki) === null)
    return { check: failed(refusals.malformed), place: null, reason: "malformed" };
  const leaf = leafHashOfEnvelope(envelope, spki);
  const found = await checkProof(proof, leaf, { ...policy, quorum: null }, verify);
  if (found.state === "failed")
    return { check: failed(refusals[found.reason]), place: null, reason: found.reason };
  const { state: _, index, ...opened } = found;
  return { check: verified(entryText(index, opened.checkpoint.size)), place: { index, opened } };
}

/** Entries are counted from 0, as their addresses are. */
export function entryText(index: bigint, size: bigint): string {
  return `entry ${index} of a log of ${size}`;
}

/**
 * Third row: how many of the policy's witnesses signed the same tree, all of them outside this site. None listed, or
 * too few, can be no reason to trust, and is no proof of a lie.
 */
export function checkObservers(policy: TlogPolicy, opened: OpenedCheckpoint): Check {
  const { witnesses } = policy;
  if (witnesses.length === 0)
    return cannotCheck("no outside observers yet, so only this site vouches that all are shown the same log");
  const seen = `${opened.cosignatures.length} of ${witnesses.length} outside observers saw this same log`;
  if (opened.cosignatures.length === 0) return cannotCheck(`${seen}${shortOf(policy, opened)}`);
  return meetsQuorum(policy, opened.cosignatures)
    ? verified(seen)
    : cannotCheck(`${seen}${shortOf(policy, opened)}`);
}

function shortOf(policy: TlogPolicy, opened: OpenedCheckpoint): string {
  return meetsQuorum(policy, opened.cosignatures) ? "" : ", fewer than its policy demands";
}

/** The hash of an envelope's leaf, in hex; null when it has not the one readable signature that a leaf records. */
export function leafHashHex(envelope: DsseEnvelope, spki: Uint8Array): string | null {
  try {
    return toHex(leafHashOfEnvelope(envelope, spki));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A listed key is only what its own id says. */
export function isKeyOf(keyId: string, spki: Uint8Array): boolean {
  return keyIdOf(spki) === keyId;
}

function withoutStop(message: string): string {
  return message.endsWith(".") ? message.slice(0, -1) : message;
}
