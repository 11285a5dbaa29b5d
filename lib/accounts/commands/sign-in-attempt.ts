import "server-only";
import { randomBytes } from "node:crypto";
import { db, type Tx } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { STEP_LIFE_SECONDS } from "../second-factor";
import { tokenHash } from "./email-token";

/** Begins a sign-in that needs another step, for five minutes; returns the secret that its browser keeps. */
export async function openAttempt(
  tx: Pick<Tx, "signInAttempt">,
  attempt: { accountId: string | null; next: string },
): Promise<{ attemptId: string; secret: string }> {
  const secret = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + STEP_LIFE_SECONDS * 1000);
  const { id } = await tx.signInAttempt.create({
    data: { ...attempt, secretHash: tokenHash(secret), expiresAt },
  });
  return { attemptId: id, secret };
}

/** The sign-in that a browser has begun, or null when it has begun none, or too long ago. */
export async function findAttempt(secret: string | null) {
  if (!secret) return null;
  return db.signInAttempt.findFirst({
    where: { secretHash: tokenHash(secret), expiresAt: { gt: new Date() } },
  });
}

export function attemptOver(): DomainError {
  return new DomainError(
    "attempt_over",
    "This sign-in has been finished or has run out. Begin again on the sign-in page.",
  );
}

/** Finishes a sign-in, or throws `attempt_over`: of several at the same moment, one does. */
export async function endAttempt(tx: Tx, attemptId: string): Promise<void> {
  const { count } = await tx.signInAttempt.deleteMany({
    where: { id: attemptId, expiresAt: { gt: new Date() } },
  });
  if (count !== 1) throw attemptOver();
}
