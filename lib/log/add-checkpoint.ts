import { encodeBase64 } from "@/lib/shared/encoding";
import { readDecimal } from "./checkpoint";
import { HASH_BYTES, type Hash } from "./merkle-tree";
import { decodeStandardBase64 } from "./signed-note";

/** What a log asks a witness (C2SP tlog-witness): to see that its tree only grew, and to sign that it saw it. */
export type AddCheckpoint = {
  /** Size of the tree that the witness signed last, as far as the log knows. */
  oldSize: bigint;
  /** Consistency proof from there. */
  proof: Hash[];
  /** The signed note, verbatim. */
  checkpoint: string;
};

/** A request or an answer beyond this is not read to its end. */
export const MAX_WITNESS_BYTES = 65_536;
/** The kind of an answer that names the size a witness has. */
export const SIZE_MEDIA_TYPE = "text/x.tlog.size";

const MAX_PROOF = 63;

/** The body of a request. */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  return [`old ${oldSize}`, ...proof.map(encodeBase64), "", checkpoint].join("\n");
}

/** Reads the body of a request; null unless it is one. The checkpoint is not looked into. */
export function readAddCheckpoint(body: string): AddCheckpoint | null {
  const split = body.indexOf("\n\n");
  const [first = "", ...lines] = body.slice(0, Math.max(split, 0)).split("\n");
  const oldSize = first.startsWith("old ") ? readDecimal(first.slice("old ".length)) : null;
  if (oldSize === null || lines.length > MAX_PROOF) return null;
  const proof = lines.map(decodeStandardBase64).filter((hash) => hash?.length === HASH_BYTES) as Hash[];
  return proof.length === lines.length ? { oldSize, proof, checkpoint: body.slice(split + 2) } : null;
}
