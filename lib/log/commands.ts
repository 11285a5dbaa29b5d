import "server-only";
import { type Tx, db } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import type { Leaf } from "./leaf-body";

/** Beyond this many waiting leaves a door for strangers answers "later". */
export const MAX_PENDING = 4_096;

/**
 * Hands leaves of recorded envelopes to the log, in the caller's transaction and in their order. The same leaf is
 * entered once, however often it is handed in: one that is logged already is passed over by the sequencer.
 */
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
