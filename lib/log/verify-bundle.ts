import { type DsseEnvelope, checkSignatures, keyIdOf } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import type { VerifyEd25519 } from "./ed25519";
import { formatLeafBody, leafRecordOf } from "./leaf-body";
import { type Hash, equalBytes, leafHash } from "./merkle-tree";
import { logIdOf, readBundle } from "./sigstore-bundle";
import type { Cosignature } from "./cosignature";
import type { Checkpoint } from "./checkpoint";
import type { TlogPolicy } from "./tlog-policy";
import { type ProofRefusal, checkProof } from "./tlog-proof";

/** Why a bundle proves nothing. Each means one thing only. */
export type BundleRefusal =
  | ProofRefusal
  /** no key of those given made the signature */
  | "untrusted_key"
  /** the entry that is proven records another envelope */
  | "other_entry";

export type BundleCheck =
  | {
      state: "verified";
      envelope: DsseEnvelope;
      /** The bytes whose signature holds; parse these and no others. */
      payload: Uint8Array;
      /** key id of the signer */
      signedBy: string;
      leafHash: Hash;
      index: bigint;
      checkpoint: Checkpoint;
      cosignatures: Cosignature[];
    }
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
  const { envelope, body, index, hashes, checkpoint } = bundle;

  const { signedBy, hasForgery } = await checkSignatures(envelope, payload, trust.trustedKeys);
  const signer = trust.trustedKeys.find((spki) => keyIdOf(spki) === signedBy[0]);
  if (hasForgery) return failed("forged");
  if (!signer || bundle.hint !== keyIdOf(signer)) return failed("untrusted_key");
  if (!equalBytes(body, formatLeafBody(leafRecordOf(envelope, signer)))) return failed("other_entry");

  const leaf = leafHash(body);
  const proof = await checkProof({ index, hashes, checkpoint }, leaf, trust.policy, trust.verify);
  if (proof.state === "failed") return proof;
  const { size, root } = proof.checkpoint;
  const isSameTree = size === bundle.tree.size && equalBytes(root, bundle.tree.root);
  if (!isSameTree || !equalBytes(bundle.logId, logIdOf(proof.logKey))) return failed("malformed");
  return {
    state: "verified",
    envelope,
    payload,
    signedBy: keyIdOf(signer),
    leafHash: leaf,
    index,
    checkpoint: proof.checkpoint,
    cosignatures: proof.cosignatures,
  };
}

function failed(reason: BundleRefusal): BundleCheck {
  return { state: "failed", reason };
}
