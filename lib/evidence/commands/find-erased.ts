import "server-only";
import type { Tx, db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { toHex } from "@/lib/shared/encoding";
import { readLeafBody } from "@/lib/log/leaf-body";
import type { Leaf } from "@/lib/log/leaf-body";

/** The places of those whose statement by the same key was erased. */
export async function findErased(
  tx: Tx | typeof db,
  submissions: readonly { keyId: string; leaf: Leaf }[],
): Promise<Set<number>> {
  const digests = submissions.map(({ leaf }) => toHex(readLeafBody(leaf.body)?.digest ?? new Uint8Array()));
  const rows = await tx.$queryRaw<{ place: bigint }[]>`
    SELECT wanted.place
    FROM unnest(${submissions.map(({ keyId }) => keyId)}::text[], ${digests}::text[])
      WITH ORDINALITY AS wanted(key, digest, place)
    JOIN "ErasedEnvelope" AS erased ON erased."paeSha256" = wanted.digest
    JOIN "Envelope" AS envelope ON envelope.sha256 = erased.sha256 AND envelope."keyId" = wanted.key`;
  return new Set(rows.map(({ place }) => Number(place) - 1));
}

export function erasedError(): DomainError {
  return new DomainError("erased", "This statement was erased by law and is not taken again.");
}
