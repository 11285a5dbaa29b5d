import "server-only";
import { db } from "@/lib/platform/db";
import { UNCONFIRMED_LIFE_SECONDS } from "./second-factor";

const KEPT_DAYS = 90;

/**
 * Deletes mail tokens 90 days after they ran out, attempt counts whose window has closed, and at once what a sign-in
 * or a change of factors left half done. Ended sessions are
 * kept: a deal may say that somebody agreed in one of them.
 */
export async function forgetStaleAccounts(): Promise<void> {
  const before = new Date(Date.now() - KEPT_DAYS * 86_400_000);
  await db.emailToken.deleteMany({ where: { expiresAt: { lt: before } } });
  const now = new Date();
  await db.attemptCount.deleteMany({ where: { expire: { lt: now } } });
  await db.passkeyChallenge.deleteMany({ where: { expiresAt: { lt: now } } });
  await db.signInAttempt.deleteMany({ where: { expiresAt: { lt: now } } });
  const waitedSince = new Date(now.getTime() - UNCONFIRMED_LIFE_SECONDS * 1000);
  await db.secondFactor.deleteMany({ where: { confirmedAt: null, createdAt: { lt: waitedSince } } });
}
