import "server-only";
import { db, inTransaction, type Tx } from "@/lib/platform/db";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { readEnvelope, toHex } from "../dsse";
import { formatLeafBody, leafRecordOf } from "./leaf-body";
import { leafHash } from "./merkle-tree";

/** Beyond this many waiting leaves a door for strangers answers "later". */
export const MAX_PENDING = 4_096;

/**
 * Hands a recorded envelope to the log, in the caller's transaction. The same envelope always has the same leaf and
 * is entered once, however often it is handed in. It counts as logged only when a published checkpoint covers it:
 * ask `findLogEntry`. Returns the leaf's hash in hex.
 *
 * Throws `not_found` for an envelope that was not recorded, `key_unknown` when its key is not listed.
 */
export async function submitEnvelope(tx: Tx, envelopeSha256: string): Promise<{ leafHash: string }> {
  const row = await tx.envelope.findUnique({
    where: { sha256: envelopeSha256 },
    select: { body: true, keyId: true },
  });
  if (!row) throw notFoundError("envelope");
  const key = await tx.signingKey.findUnique({ where: { id: row.keyId }, select: { spki: true } });
  refuseUnless(key, "key_unknown", "The key that signed this is not listed here.");
  const envelope = readEnvelope(row.body);
  if (!envelope) throw new DomainError("envelope_refused", "This is not a DSSE envelope.");
  const body = formatLeafBody(leafRecordOf(envelope, key.spki));
  const hash = Uint8Array.from(leafHash(body));
  const isLogged = await tx.logLeaf.findUnique({ where: { leafHash: hash }, select: { index: true } });
  if (!isLogged) {
    await tx.logPending.createMany({
      data: [{ leafHash: hash, body, envelopeSha256 }],
      skipDuplicates: true,
    });
  }
  return { leafHash: toHex(hash) };
}

/** Throws `log_busy` while more leaves wait than the sequencer should owe; for submissions from outside only. */
export async function requireRoomInLog(): Promise<void> {
  const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
    SELECT count(*) AS waiting FROM (SELECT 1 FROM "LogPending" LIMIT ${MAX_PENDING}) AS queue`;
  refuseUnless(
    Number(row?.waiting ?? 0) < MAX_PENDING,
    "log_busy",
    "The log has much to enter. Try again in a moment.",
  );
}

/**
 * Hands in the oldest recorded envelopes that are neither logged nor waiting, up to `limit`; how many. Envelopes
 * made before the log came are entered this way, and running it again finds nothing.
 */
export async function submitUnloggedEnvelopes(limit = 500): Promise<number> {
  const rows = await db.$queryRaw<{ sha256: string }[]>`
    SELECT sha256 FROM "Envelope" AS envelope
    WHERE NOT EXISTS (SELECT 1 FROM "LogLeaf" WHERE "envelopeSha256" = envelope.sha256)
      AND NOT EXISTS (SELECT 1 FROM "LogPending" WHERE "envelopeSha256" = envelope.sha256)
    ORDER BY "createdAt", sha256 LIMIT ${limit}`;
  for (const { sha256 } of rows) await inTransaction((tx) => submitEnvelope(tx, sha256));
  return rows.length;
}
