import "server-only";
import { availableParallelism } from "node:os";
import { hash, hashRaw, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { db, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { DomainError } from "@/lib/shared/domain-error";
import { countAttempt, countKnownBrowser, forgetAttempts } from "../commands/attempts";
import { deviceName } from "../device";
import { limits } from "../limits";
import { newDeviceMail } from "../mails";
import { hasSecondFactor } from "../records/factors";
import { knownBrowserOf, knownBrowserToken } from "./known-browser";

export const SESSION_DAYS = 30;

/** argon2id with 19 MiB and two passes, the floor of the OWASP password storage cheat sheet. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** One processor is left to everybody else's pages, however many passwords are tried at once. */
const inTurn = pLimit(Math.max(1, availableParallelism() - 1));
/** More than would be done in some seconds are told to come back: they would only wait for a timeout. */
const MAX_WAITING = 60;

/** Costs one hash; throws `too_many_attempts` when 60 are waiting already. */
async function hashing<T>(work: () => Promise<T>): Promise<T> {
  if (inTurn.pendingCount >= MAX_WAITING) {
    const message = "Many people are signing in at this moment. Wait ten seconds and try again.";
    throw new DomainError("too_many_attempts", message);
  }
  return inTurn(work);
}

export async function hashPassword(password: string): Promise<string> {
  return hashing(() => hash(password, COST));
}

/** The same cost with a salt that is given, so that one password can be compared with another sent before; in hex. */
export async function derivePassword(password: string, salt: Buffer): Promise<string> {
  return (await hashing(() => hashRaw(password, { ...COST, salt }))).toString("hex");
}

let decoy: Promise<string> | undefined;

/** True when the password is right. Without a hash it costs the same time and is always wrong. */
export async function passwordIsRight(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hash("nobody has this password", COST);
  const known = passwordHash ?? (await decoy);
  const isRight = await hashing(() => verify(known, password.slice(0, 1000)));
  return passwordHash !== undefined && isRight;
}

/** A new session, and what its browser keeps so that it is known the next time. */
export type StartedSession = { accountId: string; sessionId: string; knownBrowser: string };

/**
 * Checks a password and returns whose it is. An unknown address costs the same time and gives the same answer
 * (`wrong_password`) as a wrong password. Attempts are counted first (`too_many_attempts`), those of a browser that the
 * account signed in from before apart from everybody else's.
 */
export async function provePassword(input: {
  email: string;
  password: string;
  ip: string | null;
  knownBrowser: string | null;
}): Promise<string> {
  const email = input.email.trim().toLowerCase();
  const account = await db.account.findUnique({ where: { email } });
  const browserId = await knownBrowserOf(account, input.knownBrowser);
  await (browserId ? countKnownBrowser(browserId) : countAttempt("password", email, input.ip));
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
  // Everybody who tries a demo signs in its accounts.
  if (!(account.isDemo && env().OFFCUT_DEMO)) await endLeastSeen(tx, accountId);
  const isNewDevice = earlier.length > 0 && earlier.every((one) => deviceName(one.userAgent) !== device);
  if (isNewDevice) {
    const mail = newDeviceMail(account.displayName, device, env().APP_ORIGIN);
    await enqueueMail(tx, `new-device:${session.id}`, { to: account.email, ...mail });
  }
  return { accountId, sessionId: session.id, knownBrowser: await knownBrowserToken(account) };
}

/** Of more than 50 sessions at once those end that were seen least lately. */
async function endLeastSeen(tx: Tx, accountId: string): Promise<void> {
  const surplus = await tx.session.findMany({
    where: { accountId, endedAt: null },
    orderBy: [{ lastSeenAt: "desc" }, { createdAt: "desc" }],
    skip: limits.sessions,
    select: { id: true },
  });
  if (surplus.length === 0) return;
  await tx.session.updateMany({
    where: { id: { in: surplus.map(({ id }) => id) } },
    data: { endedAt: new Date() },
  });
}
