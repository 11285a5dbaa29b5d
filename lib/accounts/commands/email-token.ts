import "server-only";
import { createHash, randomBytes } from "node:crypto";
import type { Tx } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { type EmailTokenPurpose, TOKEN_LIFE_SECONDS, tokenIsUsable } from "../email-token-rules";

export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Makes a link secret of 256 random bits; only its hash is kept. */
export async function issueToken(
  tx: Tx,
  accountId: string,
  purpose: EmailTokenPurpose,
  now: Date,
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(now.getTime() + TOKEN_LIFE_SECONDS[purpose] * 1000);
  await tx.emailToken.create({ data: { accountId, purpose, tokenHash: tokenHash(token), expiresAt } });
  return token;
}

export function unusableToken(): DomainError {
  return new DomainError("token_unusable", "This link has been used or has run out. Ask for a new one.");
}

/** The account a usable link belongs to, or null. Uses nothing up. */
export async function findTokenAccount(
  tx: Pick<Tx, "emailToken">,
  token: string,
  purpose: EmailTokenPurpose,
  now: Date,
) {
  const row = await tx.emailToken.findUnique({
    where: { tokenHash: tokenHash(token) },
    include: { account: true },
  });
  return row && tokenIsUsable(row, purpose, now) ? row.account : null;
}

/** Uses a link up, or throws `token_unusable`: of two at the same time, one succeeds. */
export async function useToken(tx: Tx, token: string, purpose: EmailTokenPurpose, now: Date): Promise<void> {
  const used = await tx.emailToken.updateMany({
    where: { tokenHash: tokenHash(token), purpose, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (used.count !== 1) throw unusableToken();
}
