import { expect, test } from "vitest";
import { decodeBase64 } from "@/lib/shared/encoding";
import { readVectors } from "@/lib/shared/vectors.fixture";
import { HASH_BYTES, leafHash, verifyConsistency, verifyInclusion } from "./merkle-tree";

/** Sizes as decimals, hashes in base64, among them some that are no hashes. */
type Vectors = {
  inclusion: {
    name: string;
    leafIdx: string;
    treeSize: string;
    leafHash: string;
    root: string;
    proof: string[] | null;
    wantErr: boolean;
  }[];
  consistency: {
    name: string;
    size1: string;
    size2: string;
    root1: string;
    root2: string;
    proof: string[] | null;
    wantErr: boolean;
  }[];
};

const { inclusion, consistency } = readVectors<Vectors>("log", "merkle");
const hashOf = (base64: string) => decodeBase64(base64) ?? new Uint8Array();
const proofOf = (proof: string[] | null) => (proof ?? []).map(hashOf);

test("every inclusion proof of transparency-dev/merkle gets the verdict of its file", () => {
  expect(inclusion).toHaveLength(98);
  const wrong = inclusion.filter(({ leafIdx, treeSize, leafHash: leaf, root, proof, wantErr }) => {
    const tree = { size: BigInt(treeSize), root: hashOf(root) };
    return verifyInclusion({ index: BigInt(leafIdx), hash: hashOf(leaf) }, tree, proofOf(proof)) === wantErr;
  });
  expect(wrong).toEqual([]);
});

/** Consistency proofs on which this program and the file differ, once the roots were read so. */
function differing(readRoot: (base64: string) => Uint8Array): string[] {
  const wrong = consistency.filter(({ size1, size2, root1, root2, proof, wantErr }) => {
    const older = { size: BigInt(size1), root: readRoot(root1) };
    const newer = { size: BigInt(size2), root: readRoot(root2) };
    return verifyConsistency(older, newer, proofOf(proof)) === wantErr;
  });
  return wrong.map(({ name }) => name);
}

test("every consistency proof of it does too, but the one whose equal roots are twelve bytes and no hash", () => {
  expect(consistency).toHaveLength(98);
  expect(differing(hashOf)).toEqual(["additional/sizes-are-equal-one-and-proof-is-empty"]);
});

test("with hashes in the place of what is none, they differ on the empty tree alone: here every tree extends it", () => {
  const aHash = (base64: string) => {
    const root = hashOf(base64);
    return root.length === HASH_BYTES ? root : leafHash(root);
  };
  expect(differing(aHash)).toEqual(["additional/size1-is-zero-and-size2-is-not-zero"]);
});
