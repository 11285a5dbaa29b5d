import "server-only";
import { hash, verify } from "@node-rs/argon2";
import { db } from "@/lib/platform/db";

export const SESSION_DAYS = 30;

/** argon2id with 19 MiB and two passes, the floor of the OWASP password storage cheat sheet. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

let decoy: Promise<string> | undefined;

export type StartedSession = { accountId: string; sessionId: string };

/**
 * Checks a password and starts a new session, or answers null. An unknown address costs the same time as a wrong
 * password, so that no answer tells whether an address is known. A suspended account cannot sign in.
 */
export async function startSession(input: {
  email: string;
  password: string;
  userAgent: string;
  ip: string | null;
}): Promise<StartedSession | null> {
  const account = await db.account.findUnique({ where: { email: input.email.trim().toLowerCase() } });
  decoy ??= hashPassword("nobody has this password");
  const isRight = await verify(account?.passwordHash ?? (await decoy), input.password.slice(0, 1000));
  if (!account || !isRight || account.status !== "active") return null;
  const session = await db.session.create({
    data: {
      accountId: account.id,
      userAgent: input.userAgent.slice(0, 200),
      expiresAt: new Date(Date.now() + SESSION_DAYS * 86_400_000),
    },
  });
  return { accountId: account.id, sessionId: session.id };
}
