import { type AddCheckpoint, readAddCheckpoint } from "./add-checkpoint";
import { type Checkpoint, isPossible, readTreeClaim } from "./checkpoint";
import type { VerifyEd25519 } from "./ed25519";
import { type Hash, emptyRoot, equalBytes, verifyConsistency } from "./merkle-tree";
import { type NoteKey, SIGNATURE_TYPE, formatNote, readNote, signersOf } from "./signed-note";

/** The rules of a witness (C2SP tlog-witness): which checkpoints it may sign, and what it answers to all others. */

/** A checkpoint that a followed log has really signed, and the way there from an older one. */
export type SignedSubmission = Pick<AddCheckpoint, "oldSize" | "proof"> & {
  checkpoint: Checkpoint;
  /** The text that log and witnesses sign. */
  text: string;
  /** The checkpoint under the log's own signatures alone, whatever else came with it. */
  note: string;
};

export type WitnessRefusal = { status: 400 | 403 | 404 | 422; message: string };
export type WitnessConflict = { status: 409; /** what this witness has */ size: bigint };

/** What follows from a submission, given the tree that was signed last. */
export type WitnessVerdict =
  /** Sign it, once it is kept. */
  ({ status: 200 } | WitnessRefusal | WitnessConflict) & {
    /** The log signed two trees of one size: whatever is answered, both notes together prove it. */
    isFork: boolean;
  };

/** Reads a submission and checks who signed it. Refused when it is malformed, or not signed by a followed log. */
export async function openSubmission(
  body: string,
  logs: readonly NoteKey[],
  verify: VerifyEd25519,
): Promise<SignedSubmission | WitnessRefusal> {
  const request = readAddCheckpoint(body);
  const signed = request && readNote(request.checkpoint);
  const checkpoint = signed && readTreeClaim(signed.text);
  if (!request || !signed || !checkpoint) return refusal(400, "This is not an add-checkpoint request.");
  const keys = logs.filter(({ name, type }) => name === checkpoint.origin && type === SIGNATURE_TYPE.ed25519);
  if (keys.length === 0) return refusal(404, "This witness does not follow a log of that origin.");
  const signers = await signersOf(signed, keys, verify);
  if (!signers) return refusal(403, "A signature of the log does not hold.");
  if (signers.length === 0) return refusal(403, "The log has not signed this checkpoint.");
  if (request.oldSize > checkpoint.size) return refusal(400, "The old size is larger than the checkpoint's.");
  const { oldSize, proof } = request;
  const note = formatNote({ text: signed.text, signatures: signers.map(({ line }) => line) });
  return { oldSize, proof, checkpoint, text: signed.text, note };
}

/**
 * Decides on a submission: only a tree that extends the one signed last may be signed. `latest` is null for a log of
 * which nothing was signed yet. The caller must keep the new checkpoint before it answers, with nothing in between.
 */
export function judgeSubmission(
  latest: { size: bigint; root: Hash } | null,
  { oldSize, proof, checkpoint }: SignedSubmission,
): WitnessVerdict {
  const known = latest ?? { size: 0n, root: emptyRoot() };
  const isFork = checkpoint.size === known.size && !equalBytes(checkpoint.root, known.root);
  if (oldSize !== known.size) return { status: 409, size: known.size, isFork };
  if (!isPossible(checkpoint)) return { ...refusal(422, "The empty tree has another root."), isFork };
  if (isFork) return { ...refusal(422, "The log signed another tree of this size before."), isFork };
  return verifyConsistency(known, checkpoint, proof)
    ? { status: 200, isFork }
    : { ...refusal(422, "The proof does not lead from the tree signed last to this one."), isFork };
}

function refusal(status: WitnessRefusal["status"], message: string): WitnessRefusal {
  return { status, message };
}
