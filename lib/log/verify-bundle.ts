import { keyIdOf } from "@/lib/statements/dsse";
import type { VerifyEd25519 } from "./ed25519";
import { formatLeafBody, leafRecordOf } from "./leaf-body";
import { type Hash, equalBytes, leafHash } from "./merkle-tree";
import { type ReadBundle, logIdOf } from "./sigstore-bundle";
import type { OpenedCheckpoint } from "./checkpoint";
import { type TlogPolicy } from "./tlog-policy";
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
