import "server-only";
import { spkiOf } from "@/lib/accounts/queries/signing-keys";
import type { Tx, db } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { toHex } from "@/lib/shared/encoding";
import { submitLeaves } from "@/lib/log/commands";
import { type Leaf, makeLeaf } from "@/lib/log/leaf-body";
import { Prisma } from "@/prisma/generated/client";

/**
 * Hands a recorded envelope to the log, in the caller's transaction. The same envelope always has the same leaf and
 * is entered once, however often it is handed in. It counts as logged only when a published checkpoint covers it:
 * ask `findLogEntry`. Returns the leaf's hash in hex.
 *
 * Throws `not_found` for an envelope that was not recorded, `key_unknown` when its key is not listed.
 */
export async function submitEnvelope(tx: Tx, envelopeSha256: string): Promise<{ leafHash: string }> {
  const leaf = await leafOfEnvelope(tx, envelopeSha256);
  if (!leaf) throw notFoundError("envelope");
  await submitLeaves(tx, [{ ...leaf, envelopeSha256 }]);
  return { leafHash: toHex(leaf.hash) };
}

/** The leaf of a recorded envelope, in the log or not; null when it was not recorded. Throws `key_unknown`. */
export async function leafOfEnvelope(tx: Tx | typeof db, envelopeSha256: string): Promise<Leaf | null> {
  return (await leavesOfEnvelopes(tx, [envelopeSha256])).get(envelopeSha256) ?? null;
}

/** The leaves of many recorded envelopes, by their addresses. Throws `key_unknown`. */
export async function leavesOfEnvelopes(
  tx: Tx | typeof db,
  envelopeSha256s: readonly string[],
): Promise<Map<string, Leaf>> {
  const rows = await tx.$queryRaw<{ sha256: string; body: string; spki: Uint8Array | null }[]>`
    SELECT envelope.sha256, envelope.body, ${spkiOf(Prisma.sql`envelope."keyId"`)} AS spki
    FROM "Envelope" AS envelope
    WHERE envelope.sha256 = ANY(${[...envelopeSha256s]}::text[])`;
  return new Map(rows.map(({ sha256, body, spki }) => [sha256, leafOf(body, spki)]));
}

function leafOf(envelopeText: string, spki: Uint8Array | null): Leaf {
  refuseUnless(spki, "key_unknown", "The key that signed this is not listed here.");
  return makeLeaf(envelopeText, spki);
}
