import { decodeBase64 } from "@/lib/shared/encoding";
import { type DsseEnvelope, checkSignatures, keyIdOf } from "@/lib/statements/dsse";
import type { VerifyEd25519 } from "./ed25519";
import { readBundle } from "./sigstore-bundle";
import { type TlogPolicy, meetsQuorum } from "./tlog-policy";
import { type BundleRefusal, type VerifiedPlace, verifyBundledEntry } from "./verify-bundle";

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

function failed(reason: BundleRefusal): BundleCheck {
  return { state: "failed", reason };
}
