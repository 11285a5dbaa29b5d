import "server-only";
import { hash, verify } from "@node-rs/argon2";
import { db, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { DomainError } from "@/lib/shared/domain-error";
import { countAttempt, forgetAttempts } from "../commands/attempts";
import { deviceName } from "../device";
import { newDeviceMail } from "../mails";
import { hasSecondFactor } from "../records/factors";

export const SESSION_DAYS = 30;

/** argon2id with 19 MiB and two passes, the floor of the OWASP password storage cheat sheet. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

let decoy: Promise<string> | undefined;

/** True when the password is right. Without a hash it costs the same time and is always wrong. */
export async function passwordIsRight(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword("nobody has this password");
  const isRight = await verify(passwordHash ?? (await decoy), password.slice(0, 1000));
  return passwordHash !== undefined && isRight;
}

export type StartedSession = { accountId: string; sessionId: string };

/**
 * Checks a password and returns whose it is. An unknown address costs the same time and gives the same answer
 * (`wrong_password`) as a wrong password. Attempts are counted first (`too_many_attempts`).
 */
export async function provePassword(input: {
  email: string;
  password: string;
  ip: string | null;
}): Promise<string> {
  const email = input.email.trim().toLowerCase();
  await countAttempt("password", email, input.ip);
  const account = await db.account.findUnique({ where: { email } });
  const isRight = await passwordIsRight(account?.passwordHash, input.password);
  if (!account || !isRight) {
    throw new DomainError("wrong_password", "This address and password do not belong together.");
  }
  await forgetAttempts(email);
  return account.id;
}

/**
 * Refuses a suspended account with the reason (`suspended`); only who has proven to be its owner gets here. Until the
 * transaction ends the account is neither suspended nor given its first factor.
 */
export async function requireUnsuspended(tx: Tx, accountId: string) {
  await tx.$queryRaw`SELECT id FROM "Account" WHERE id = ${accountId} FOR SHARE`;
  const account = await tx.account.findUniqueOrThrow({ where: { id: accountId } });
  if (account.status !== "active") {
    const reason = account.suspendedReason ?? "no reason was recorded";
    throw new DomainError("suspended", `This account is suspended: ${reason.replace(/[.\s]+$/, "")}.`);
  }
  return account;
}

/**
 * Opens a session for an account whose owner has been proven, and tells of a device not seen before. An account with a
 * second factor gets none unless that was proven too, at `secondFactorAt` (`second_step_needed`). Throws `suspended`.
 */
export async function openSession(
  tx: Tx,
  accountId: string,
  userAgent: string,
  secondFactorAt: Date | null = null,
): Promise<StartedSession> {
  const account = await requireUnsuspended(tx, accountId);
  if (!secondFactorAt && (await hasSecondFactor(tx, accountId))) {
    throw new DomainError("second_step_needed", "This account signs in with a second step.");
  }
  const device = deviceName(userAgent);
  const earlier = await tx.session.findMany({ where: { accountId }, select: { userAgent: true } });
  const session = await tx.session.create({
    data: {
      accountId,
      userAgent: userAgent.slice(0, 200),
      secondFactorAt,
      expiresAt: new Date(Date.now() + SESSION_DAYS * 86_400_000),
    },
  });
  const isNewDevice = earlier.length > 0 && earlier.every((one) => deviceName(one.userAgent) !== device);
  if (isNewDevice) {
    const mail = newDeviceMail(account.displayName, device, env().APP_ORIGIN);
    await enqueueMail(tx, `new-device:${session.id}`, { to: account.email, ...mail });
  }
  return { accountId, sessionId: session.id };
}
