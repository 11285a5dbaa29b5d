import { encodeBase64 } from "@/lib/shared/encoding";
import { type CheckpointRefusal, type OpenedCheckpoint, openCheckpoint, readDecimal } from "./checkpoint";
import type { VerifyEd25519 } from "./ed25519";
import { HASH_BYTES, type Hash, verifyInclusion } from "./merkle-tree";
import { MAX_NOTE_BYTES, decodeStandardBase64 } from "./signed-note";
import { type TlogPolicy, keysOf, meetsQuorum } from "./tlog-policy";

/** C2SP tlog-proof: one text by which a leaf is shown to be in a log, offline and for ever. */
export type TlogProof = {
  index: bigint;
  hashes: Hash[];
  /** The signed checkpoint, verbatim. */
  checkpoint: string;
  /** Opaque and signed by nobody. */
  extra: Uint8Array | null;
};

export type ProofRefusal = CheckpointRefusal | "not_included" | "quorum_missing";

export type ProofCheck =
  ({ state: "verified"; index: bigint } & OpenedCheckpoint) | { state: "failed"; reason: ProofRefusal };

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const MAX_PATH = 63;

/** Writes the proof; its file name ends in `.tlog-proof`. */
export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [FIRST_LINE, ...(extra ? [`extra ${encodeBase64(extra)}`] : []), `index ${index}`];
  return [...lines, ...hashes.map(encodeBase64), "", checkpoint].join("\n");
}

/** Reads a proof; null unless it is one. Nothing is verified. */
export function readTlogProof(text: string): TlogProof | null {
  if (text.length > 2 * MAX_NOTE_BYTES) return null;
  const split = text.indexOf("\n\n");
  const [first, ...lines] = text.slice(0, Math.max(split, 0)).split("\n");
  if (first !== FIRST_LINE) return null;
  const extraLine = lines[0]?.startsWith("extra ") ? lines.shift() : undefined;
  const extra = extraLine === undefined ? null : decodeStandardBase64(extraLine.slice("extra ".length));
  const index = readDecimal(/^index (.*)$/.exec(lines.shift() ?? "")?.[1] ?? "");
  const hashes = lines.slice(0, MAX_PATH + 1).map(decodeStandardBase64);
  const read = hashes.filter((hash) => hash?.length === HASH_BYTES) as Hash[];
  if (index === null || (extraLine !== undefined && !extra)) return null;
  if (read.length !== lines.length || read.length > MAX_PATH) return null;
  return { index, hashes: read, checkpoint: text.slice(split + 2), extra };
}

/**
 * Checks that the leaf with this hash is in a log of the policy, under a checkpoint that enough of its witnesses saw.
 * What the leaf says is for the caller to judge.
 */
export async function verifyTlogProof(
  text: string,
  leaf: Hash,
  policy: TlogPolicy,
  verify: VerifyEd25519,
): Promise<ProofCheck> {
  const proof = readTlogProof(text);
  if (!proof) return { state: "failed", reason: "malformed" };
  const found = await checkInclusion(proof, leaf, policy, verify);
  if (found.state === "verified" && !meetsQuorum(policy, found.cosignatures))
    return { state: "failed", reason: "quorum_missing" };
  return found;
}

/** Why a leaf is in no tree that a known log signed. */
export type InclusionRefusal = Exclude<ProofRefusal, "quorum_missing">;

/** The same for a proof that was read already, without its quorum: whether enough witnesses saw the tree is left to the caller. */
export async function checkInclusion(
  { index, hashes, checkpoint }: Pick<TlogProof, "index" | "hashes" | "checkpoint">,
  leaf: Hash,
  policy: TlogPolicy,
  verify: VerifyEd25519,
): Promise<
  ({ state: "verified"; index: bigint } & OpenedCheckpoint) | { state: "failed"; reason: InclusionRefusal }
> {
  const opened = await openCheckpoint(checkpoint, keysOf(policy), verify);
  if (typeof opened === "string") return { state: "failed", reason: opened };
  if (!verifyInclusion({ index, hash: leaf }, opened.checkpoint, hashes))
    return { state: "failed", reason: "not_included" };
  return { state: "verified", index, ...opened };
}
