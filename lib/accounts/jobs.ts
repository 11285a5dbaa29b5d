import "server-only";
import { db } from "@/lib/platform/db";

const KEPT_DAYS = 90;

/**
 * Deletes mail tokens 90 days after they ran out, and attempt counts whose window has closed. Ended sessions are
 * kept: a deal may say that somebody agreed in one of them.
 */
export async function forgetStaleAccounts(): Promise<void> {
  const before = new Date(Date.now() - KEPT_DAYS * 86_400_000);
  await db.emailToken.deleteMany({ where: { expiresAt: { lt: before } } });
  await db.attemptCount.deleteMany({ where: { expire: { lt: new Date() } } });
}
