import "server-only";
import { db, type Tx } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
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
  const leaf = await leafOfEnvelope(tx, envelopeSha256);
  if (!leaf) throw notFoundError("envelope");
  const { hash, body } = leaf;
  // One that is logged already is passed over by the sequencer, so nothing is asked first.
  await tx.$executeRaw`
    INSERT INTO "LogPending" ("leafHash", body, "envelopeSha256")
    VALUES (${hash}, ${body}, ${envelopeSha256}) ON CONFLICT DO NOTHING`;
  return { leafHash: toHex(hash) };
}

/** A leaf with its hash. */
export type Leaf = { hash: Uint8Array<ArrayBuffer>; body: Uint8Array<ArrayBuffer> };

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
    SELECT envelope.sha256, envelope.body, key.spki FROM "Envelope" AS envelope
    LEFT JOIN "SigningKey" AS key ON key.id = envelope."keyId"
    WHERE envelope.sha256 = ANY(${[...envelopeSha256s]}::text[])`;
  return new Map(rows.map(({ sha256, body, spki }) => [sha256, leafOf(body, spki)]));
}

function leafOf(envelopeText: string, spki: Uint8Array | null): Leaf {
  refuseUnless(spki, "key_unknown", "The key that signed this is not listed here.");
  return makeLeaf(envelopeText, spki);
}

/** The leaf of an envelope by this key, recorded or not. Throws `envelope_refused` when it is none. */
export function makeLeaf(envelopeText: string, spki: Uint8Array): Leaf {
  const envelope = readEnvelope(envelopeText);
  refuseUnless(envelope, "envelope_refused", "This is not a DSSE envelope.");
  const body = formatLeafBody(leafRecordOf(envelope, spki));
  return { hash: Uint8Array.from(leafHash(body)), body };
}

/** Hands many recorded envelopes to the log in one statement, in their order. Otherwise as {@link submitEnvelope}. */
export async function submitLeaves(
  tx: Tx,
  leaves: readonly (Leaf & { envelopeSha256: string })[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "LogPending" ("leafHash", body, "envelopeSha256")
    SELECT * FROM unnest(${leaves.map(({ hash }) => hash)}::bytea[], ${leaves.map(({ body }) => body)}::bytea[],
      ${leaves.map(({ envelopeSha256 }) => envelopeSha256)}::text[]) ON CONFLICT DO NOTHING`;
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
