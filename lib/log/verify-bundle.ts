import { type DsseEnvelope, checkSignatures, keyIdOf } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import type { VerifyEd25519 } from "./ed25519";
import { formatLeafBody, leafRecordOf } from "./leaf-body";
import { type Hash, equalBytes, leafHash } from "./merkle-tree";
import { type ReadBundle, logIdOf, readBundle } from "./sigstore-bundle";
import type { OpenedCheckpoint } from "./checkpoint";
import { type TlogPolicy, meetsQuorum } from "./tlog-policy";
import { type ProofRefusal, checkInclusion } from "./tlog-proof";

/** Why a bundle proves nothing. Each means one thing only. */
export type BundleRefusal =
  | ProofRefusal
  /** no key of those given made the signature */
  | "untrusted_key"
  /** the entry that is proven records another envelope */
  | "other_entry";

/** A place in a log that was shown, under the checkpoint that shows it. */
export type VerifiedPlace = { leafHash: Hash; index: bigint } & OpenedCheckpoint;

export type BundleCheck =
  | ({
      state: "verified";
      envelope: DsseEnvelope;
      /** The bytes whose signature holds; parse these and no others. */
      payload: Uint8Array;
      /** key id of the signer */
      signedBy: string;
    } & VerifiedPlace)
  | { state: "failed"; reason: BundleRefusal };

export type BundleTrust = {
  /** SPKI DER of the P-256 keys listed for the claimed signer. */
  trustedKeys: readonly Uint8Array[];
  policy: TlogPolicy;
  verify: VerifyEd25519;
};

/**
 * Checks a bundle from its text alone: one trusted key signed the payload, and a checkpoint that the policy accepts
 * covers an entry that records exactly this signature by this key. Needs WebCrypto for P-256; never throws.
 */
export async function verifyBundle(text: string, trust: BundleTrust): Promise<BundleCheck> {
  const bundle = readBundle(text);
  const payload = bundle && decodeBase64(bundle.envelope.payload);
  if (!bundle || !payload) return failed("malformed");
  const { envelope } = bundle;

  const { signedBy, hasForgery } = await checkSignatures(envelope, payload, trust.trustedKeys);
  const signer = trust.trustedKeys.find((spki) => keyIdOf(spki) === signedBy[0]);
  if (hasForgery) return failed("forged");
  if (!signer) return failed("untrusted_key");
  const place = await verifyBundledEntry(bundle, signer, trust.policy, trust.verify);
  if (place.state === "failed") return place;
  if (!meetsQuorum(trust.policy, place.cosignatures)) return failed("quorum_missing");
  return { ...place, envelope, payload, signedBy: keyIdOf(signer) };
}

/** Why the entry in a bundle is not that of its envelope under a key, in a tree that a known log signed. */
export type EntryFault = Exclude<BundleRefusal, "quorum_missing">;

/**
 * Checks all of a bundle but its signature and its quorum: its parts agree with each other and with the key that
 * signed, and a checkpoint of a known log covers an entry that records exactly this signature by this key.
 */
export async function verifyBundledEntry(
  { envelope, hint, body, index, hashes, checkpoint, tree, logId }: ReadBundle,
  signer: Uint8Array,
  policy: TlogPolicy,
  verify: VerifyEd25519,
): Promise<({ state: "verified" } & VerifiedPlace) | { state: "failed"; reason: EntryFault }> {
  if (hint !== keyIdOf(signer)) return failed("untrusted_key");
  if (!equalBytes(body, formatLeafBody(leafRecordOf(envelope, signer)))) return failed("other_entry");
  const leaf = leafHash(body);
  const proof = await checkInclusion({ index, hashes, checkpoint }, leaf, policy, verify);
  if (proof.state === "failed") return proof;
  const { size, root } = proof.checkpoint;
  const isSameTree = size === tree.size && equalBytes(root, tree.root);
  if (!isSameTree || !equalBytes(logId, logIdOf(proof.logKey))) return failed("malformed");
  return { ...proof, leafHash: leaf };
}

function failed<Reason>(reason: Reason): { state: "failed"; reason: Reason } {
  return { state: "failed", reason };
}
