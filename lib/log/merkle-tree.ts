import { sha256 } from "@noble/hashes/sha2.js";

/** The Merkle tree of RFC 6962 §2.1, over SHA-256. Sizes and indices are bigint; hashes have 32 bytes. */
export type Hash = Uint8Array;

/** A perfect subtree: the leaves from `index << level` up to, and without, `(index + 1) << level`. */
export type TreeNode = { level: number; index: bigint };

/** Gives the hashes of the nodes asked for, in their order; every one of them is complete in the tree read. */
export type HashReader = (nodes: readonly TreeNode[]) => Promise<Hash[]>;

export const HASH_BYTES = 32;
/** Sizes beyond this are refused wherever they are read; it is the bound of the C2SP formats. */
export const MAX_TREE_SIZE = 2n ** 63n - 1n;

const LEAF = 0;
const NODE = 1;

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Hash {
  return sha256(new Uint8Array());
}

/** SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Hash {
  const bytes = new Uint8Array(1 + entry.length);
  bytes[0] = LEAF;
  bytes.set(entry, 1);
  return sha256(bytes);
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  bytes[0] = NODE;
  bytes.set(left, 1);
  bytes.set(right, 1 + HASH_BYTES);
  return sha256(bytes);
}

/** Whether two hashes are the same bytes; both are public, so time may tell. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** The fewest perfect subtrees that cover the leaves [begin, end), from left to right; `begin` is where one starts. */
export function nodesOfRange(begin: bigint, end: bigint): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = begin; at < end;) {
    let level = 0;
    while ((at >> BigInt(level)) % 2n === 0n && at + (2n << BigInt(level)) <= end) level += 1;
    nodes.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return nodes;
}

/** The hash of consecutive perfect subtrees whose sizes fall from left to right, as the right edge of a tree has them. */
export function foldNodes(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1);
  if (!last) return emptyRoot();
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** Root of the first `size` leaves, from a reader of complete nodes. */
export async function treeRoot(size: bigint, read: HashReader): Promise<Hash> {
  return foldNodes(await read(nodesOfRange(0n, size)));
}

/**
 * The audit path of a leaf (RFC 6962 §2.1.1), from the leaf's sibling up. Throws a RangeError unless the leaf lies
 * in the tree.
 */
export async function proveInclusion(index: bigint, size: bigint, read: HashReader): Promise<Hash[]> {
  if (index < 0n || index >= size) throw new RangeError(`There is no leaf ${index} in a tree of ${size}.`);
  const isLeaf = (begin: bigint, end: bigint) => end - begin === 1n;
  return hashesOf(descend(size, isLeaf, (middle) => index < middle).beside, read);
}

/**
 * The consistency proof between two sizes of one tree (RFC 6962 §2.1.2); empty between equal sizes. Throws a
 * RangeError unless 0 < oldSize ≤ newSize: from an empty tree there is nothing to prove.
 */
export async function proveConsistency(oldSize: bigint, newSize: bigint, read: HashReader): Promise<Hash[]> {
  if (oldSize <= 0n || oldSize > newSize)
    throw new RangeError(`There is no proof from ${oldSize} to ${newSize} leaves.`);
  const isOld = (_begin: bigint, end: bigint) => end <= oldSize;
  const { beside, last } = descend(newSize, isOld, (middle) => oldSize <= middle);
  // The verifier knows the older tree's root, so it is left out where that is all that is left.
  return hashesOf(last[0] === 0n ? beside : [last, ...beside], read);
}

/** Whether the audit path leads from the leaf to this root, at the length that its place needs (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  { index, hash }: { index: bigint; hash: Hash },
  { size, root }: { size: bigint; root: Hash },
  proof: readonly Hash[],
): boolean {
  if (index < 0n || index >= size || !areHashes([hash, ...proof])) return false;
  let found = hash;
  const isWhole = climb(index, size - 1n, proof, (sibling, isLeft) => {
    found = isLeft ? nodeHash(sibling, found) : nodeHash(found, sibling);
  });
  return isWhole && equalBytes(found, root);
}

/**
 * Whether the newer tree only appends to the older one (RFC 9162 §2.1.4.2). Every tree extends the empty one, and
 * that needs no proof: a proof that is not empty is then refused.
 */
export function verifyConsistency(
  older: { size: bigint; root: Hash },
  newer: { size: bigint; root: Hash },
  proof: readonly Hash[],
): boolean {
  if (older.size < 0n || older.size > newer.size || !areHashes([older.root, newer.root, ...proof]))
    return false;
  if (older.size === 0n) {
    const isRightEmpty = newer.size > 0n || equalBytes(newer.root, emptyRoot());
    return proof.length === 0 && isRightEmpty && equalBytes(older.root, emptyRoot());
  }
  if (older.size === newer.size) return proof.length === 0 && equalBytes(older.root, newer.root);
  const isPowerOfTwo = (older.size & (older.size - 1n)) === 0n;
  const [seed, ...path] = isPowerOfTwo ? [older.root, ...proof] : proof;
  if (!seed || path.length === 0) return false;
  let [place, last] = [older.size - 1n, newer.size - 1n];
  while (place % 2n === 1n) [place, last] = [place >> 1n, last >> 1n];
  let [oldRoot, newRoot] = [seed, seed];
  const isWhole = climb(place, last, path, (sibling, isLeft) => {
    if (isLeft) oldRoot = nodeHash(sibling, oldRoot);
    newRoot = isLeft ? nodeHash(sibling, newRoot) : nodeHash(newRoot, sibling);
  });
  return isWhole && equalBytes(oldRoot, older.root) && equalBytes(newRoot, newer.root);
}

/** Joins each sibling on the way up, which stands left or right; false where the way has another length. */
function climb(
  place: bigint,
  last: bigint,
  path: readonly Hash[],
  join: (sibling: Hash, isLeft: boolean) => void,
): boolean {
  for (const sibling of path) {
    if (last === 0n) return false;
    const isLeft = place % 2n === 1n || place === last;
    join(sibling, isLeft);
    while (isLeft && place % 2n === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n;
}

type Range = readonly [begin: bigint, end: bigint];

/** Goes down from the root until it is over: the range it ends at, and those beside the way, the lowest first. */
function descend(
  size: bigint,
  isOver: (begin: bigint, end: bigint) => boolean,
  goesLeft: (middle: bigint) => boolean,
): { last: Range; beside: Range[] } {
  const beside: Range[] = [];
  let [begin, end] = [0n, size];
  while (!isOver(begin, end)) {
    const middle = begin + splitOf(end - begin);
    const isLeft = goesLeft(middle);
    beside.unshift(isLeft ? [middle, end] : [begin, middle]);
    [begin, end] = isLeft ? [begin, middle] : [middle, end];
  }
  return { last: [begin, end], beside };
}

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: bigint): bigint {
  return 1n << BigInt((count - 1n).toString(2).length - 1);
}

/** One hash for each range, with all their nodes read at once. */
async function hashesOf(ranges: readonly Range[], read: HashReader): Promise<Hash[]> {
  const nodes = ranges.map(([begin, end]) => nodesOfRange(begin, end));
  const hashes = await read(nodes.flat());
  let taken = 0;
  return nodes.map(({ length }) => foldNodes(hashes.slice(taken, (taken += length))));
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every(({ length }) => length === HASH_BYTES);
}
