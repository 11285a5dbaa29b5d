import "server-only";
import { db, type Tx } from "./db";
import { log } from "./log";
import { deliverMail, type Mail } from "./mail";

const MAX_ATTEMPTS = 12;
const MAX_DELAY_SECONDS = 3600;

/** Asks for one mail in the caller's transaction; the same key is sent once, however often it is asked for. */
export async function enqueueMail(tx: Tx, idempotencyKey: string, mail: Mail): Promise<void> {
  await tx.outboxMessage.createMany({
    data: [{ kind: "mail", idempotencyKey, payload: mail }],
    skipDuplicates: true,
  });
}

/**
 * Delivers what is due and returns how many were tried. Any number of workers may run: each row is taken by one
 * (SKIP LOCKED). A failed delivery is tried again with a growing delay, `MAX_ATTEMPTS` times.
 */
export async function deliverOutbox(limit = 20): Promise<number> {
  let tried = 0;
  while (tried < limit && (await deliverNext())) tried++;
  return tried;
}

async function deliverNext(): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<
      { id: string; idempotencyKey: string; payload: Mail; attempts: number }[]
    >`
      SELECT id, "idempotencyKey", payload, attempts FROM "OutboxMessage"
      WHERE "deliveredAt" IS NULL AND "availableAt" <= now() AND attempts < ${MAX_ATTEMPTS}
      ORDER BY "availableAt" LIMIT 1 FOR UPDATE SKIP LOCKED`;
    const row = rows[0];
    if (!row) return false;
    try {
      await deliverMail(tx, row.idempotencyKey, row.payload);
      await tx.outboxMessage.update({ where: { id: row.id }, data: { deliveredAt: new Date() } });
    } catch (error) {
      log.warn(
        { outboxMessage: row.id, attempt: row.attempts + 1, error: String(error) },
        "mail not delivered",
      );
      const delaySeconds = Math.min(MAX_DELAY_SECONDS, 5 * 2 ** row.attempts);
      await tx.outboxMessage.update({
        where: { id: row.id },
        data: {
          attempts: { increment: 1 },
          lastError: String(error).slice(0, 500),
          availableAt: new Date(Date.now() + delaySeconds * 1000),
        },
      });
    }
    return true;
  });
}
