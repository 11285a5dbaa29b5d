import "server-only";
import { findLoggedLeaf } from "@/lib/log/queries";
import { formatTlogProof } from "@/lib/log/tlog-proof";

/** A leaf's own bytes as text, and the proof that it stands in the published tree; null for what is not there. */
export async function findEntryProof(
  leafHash: string,
): Promise<{ leafText: string; proofText: string } | null> {
  const leaf = await findLoggedLeaf(leafHash);
  if (!leaf) return null;
  const { index, hashes, log, body } = leaf;
  return {
    leafText: new TextDecoder().decode(body),
    proofText: formatTlogProof({ index, hashes, checkpoint: log.note, extra: null }),
  };
}
