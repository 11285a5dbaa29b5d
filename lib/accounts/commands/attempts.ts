import "server-only";
import { createHash } from "node:crypto";
import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import { db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

function limiter(keyPrefix: string, points: number, duration: number): RateLimiterPrisma {
  return new RateLimiterPrisma({
    storeClient: db,
    tableName: "attemptCount",
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration,
  });
}

const limits = {
  /** Passwords tried. */
  password: limiter("password", 10, MINUTE_SECONDS),
  /** Mails asked for, by sign-up, reset or a new confirmation. */
  mail: limiter("mail", 6, HOUR_SECONDS),
};
/** Codes of the second step, apart from passwords. Nobody guesses a recovery code, so only an app's have a daily limit. */
const codes = {
  minute: limiter("code", 5, MINUTE_SECONDS),
  day: limiter("code-day", 50, DAY_SECONDS),
};
const byClient = limiter("client", 50, MINUTE_SECONDS);
/** All clients whose address is unknown share this one, which only protects the machine. */
const byUnknownClient = limiter("unknown-client", 600, MINUTE_SECONDS);
/** Signed statements handed in from outside. Every one is checked by its signature, so the limits are wide. */
const submissions = {
  key: limiter("submission-key", 300, MINUTE_SECONDS),
  client: limiter("submission-client", 1_200, MINUTE_SECONDS),
  unknownClient: limiter("submission-unknown", 12_000, MINUTE_SECONDS),
};

/** Addresses of people without an account are nobody's business: only a hash is kept, for the window. */
function keyOf(email: string): string {
  return createHash("sha256").update(email).digest("hex").slice(0, 32);
}

/**
 * Counts one attempt against an address, whether or not it has an account, and against the client. Throws
 * `too_many_attempts` with the time to wait: ten passwords a minute and six mails an hour for one address, fifty
 * attempts a minute for one client. Counts live in PostgreSQL, so every process of an installation shares them.
 */
export async function countAttempt(
  kind: keyof typeof limits,
  email: string,
  ip: string | null,
): Promise<void> {
  await countClient(ip);
  await consume(limits[kind], keyOf(email));
}

/** Counts one attempt against the client alone, fifty a minute; throws `too_many_attempts`. */
export async function countClient(ip: string | null): Promise<void> {
  await (ip === null ? consume(byUnknownClient, "all") : consume(byClient, ip));
}

/**
 * Counts one code of the second step against its account and the client: five a minute, and fifty a day of an
 * authenticator app, of whose million codes three are right at a time. Returns how many are left. Throws
 * `too_many_attempts`.
 */
export async function countCode(accountId: string, ip: string | null, isTotp: boolean): Promise<number> {
  await countClient(ip);
  const left = await consume(codes.minute, accountId);
  return isTotp ? Math.min(left, await consume(codes.day, accountId)) : left;
}

/** Forgets wrong codes once a right one was given, or the password that led to them is another. */
export async function forgetCodes(accountId: string): Promise<void> {
  await codes.minute.delete(accountId);
  await codes.day.delete(accountId);
}

async function consume(limit: RateLimiterPrisma, key: string): Promise<number> {
  try {
    return (await limit.consume(key)).remainingPoints;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new DomainError(
      "too_many_attempts",
      `Too many attempts. Wait ${waiting(refusal.msBeforeNext)} and try again.`,
    );
  }
}

/**
 * Counts one submission against a key (300 a minute) or against a client (1,200 a minute; clients whose address is
 * unknown share 12,000). Returns the seconds to wait where that is too many, null where it is not.
 */
export async function countSubmission(by: { keyId: string } | { ip: string | null }): Promise<number | null> {
  try {
    if ("keyId" in by) await submissions.key.consume(by.keyId);
    else
      await (by.ip === null ? submissions.unknownClient.consume("all") : submissions.client.consume(by.ip));
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}

function waiting(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 90) return seconds === 1 ? "one second" : `${seconds} seconds`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} minutes`;
  return `${Math.ceil(seconds / 3600)} hours`;
}

/** Forgets failed passwords once the right one was given. */
export async function forgetAttempts(email: string): Promise<void> {
  await limits.password.delete(keyOf(email));
}
