import "server-only";
import { createHash } from "node:crypto";
import { RateLimiterPrisma, RateLimiterRes } from "rate-limiter-flexible";
import { db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { waitText } from "@/lib/shared/wait-text";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** Counts in windows of `duration` seconds, for all processes. */
export function limiter(keyPrefix: string, points: number, duration: number): RateLimiterPrisma {
  return new RateLimiterPrisma({
    storeClient: db,
    tableName: "attemptCount",
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration,
  });
}

type Numbers = { account: number; client: number; unknown: number };

/** One kind of attempt: by account, by client, and by all clients together whose address nobody knows. */
function limitsOf(kind: string, seconds: number, numbers: Numbers) {
  return {
    account: limiter(kind, numbers.account, seconds),
    client: limiter(`${kind}-client`, numbers.client, seconds),
    unknown: limiter(`${kind}-unknown`, numbers.unknown, seconds),
  };
}

/** Each kind is counted apart, so that no flood of one stops another. */
const limits = {
  /** Passwords tried by strangers. */
  password: limitsOf("password", MINUTE_SECONDS, { account: 10, client: 50, unknown: 600 }),
  /** Passwords typed again by somebody who is signed in. */
  ownPassword: limitsOf("own-password", MINUTE_SECONDS, { account: 10, client: 50, unknown: 600 }),
  /** Mails asked for, by sign-up, reset or a new confirmation. */
  mail: limitsOf("mail", HOUR_SECONDS, { account: 6, client: 60, unknown: 600 }),
};
/** Reports of pages, by account, or by client where nobody is signed in. */
const reports = {
  accountHour: limiter("report-hour", 20, HOUR_SECONDS),
  accountDay: limiter("report-day", 100, DAY_SECONDS),
  client: limiter("report-client", 10, HOUR_SECONDS),
  unknown: limiter("report-unknown", 200, HOUR_SECONDS),
};
/** Single answers of listed models, by account, or by client where nobody is signed in. */
const trials = {
  minute: limiter("trial-minute", 30, MINUTE_SECONDS),
  hour: limiter("trial-hour", 600, HOUR_SECONDS),
  unknownMinute: limiter("trial-unknown-minute", 300, MINUTE_SECONDS),
  unknownHour: limiter("trial-unknown-hour", 6_000, HOUR_SECONDS),
};
const byKnownBrowser = limiter("known-browser", 10, MINUTE_SECONDS);
/** Second steps, apart from passwords. */
const steps = {
  ...limitsOf("code", MINUTE_SECONDS, { account: 5, client: 50, unknown: 600 }),
  day: limiter("code-day", 50, DAY_SECONDS),
};
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
 * passwords a minute and sixty mails an hour for one client; clients whose address is unknown share 600 of each.
 * Counts live in PostgreSQL, so every process of an installation shares them.
 */
export async function countAttempt(
  kind: keyof typeof limits,
  email: string,
  ip: string | null,
): Promise<void> {
  const { account, client, unknown } = limits[kind];
  await consume(...clientLimit(client, unknown, ip));
  await consume(account, keyOf(email));
}

/** Counts a password tried in a browser that its account signed in from before: ten a minute, and nobody else's. */
export async function countKnownBrowser(browserId: string): Promise<void> {
  await consume(byKnownBrowser, browserId);
}

/** Counts a second step against the client alone, fifty a minute; throws `too_many_attempts`. */
export async function countStep(ip: string | null): Promise<void> {
  await consume(...clientLimit(steps.client, steps.unknown, ip));
}

/**
 * Counts one code of the second step against the client and, for one of an authenticator app, of whose million codes
 * three are right at a time, against its account: five a minute and fifty a day. Nobody guesses a recovery code, and
 * counting those would let strangers shut an owner out. Returns how many are left. Throws `too_many_attempts`.
 */
export async function countCode(accountId: string, ip: string | null, isTotp: boolean): Promise<number> {
  await countStep(ip);
  if (!isTotp) return Infinity;
  const left = await consume(steps.account, accountId);
  return Math.min(left, await consume(steps.day, accountId));
}

/** Forgets the wrong codes of this minute once a right one was given. The day goes on: its owner signs in as well. */
export async function forgetCodes(accountId: string): Promise<void> {
  await steps.account.delete(accountId);
}

/** Forgets those of the day too, because the password that led to them is another. */
export async function forgetAllCodes(accountId: string): Promise<void> {
  await forgetCodes(accountId);
  await steps.day.delete(accountId);
}

/** What a client is counted in: its own, or the one that all share whose address nobody knows. */
function clientLimit(
  client: RateLimiterPrisma,
  unknown: RateLimiterPrisma,
  ip: string | null,
): [RateLimiterPrisma, string] {
  return ip === null ? [unknown, "all"] : [client, ip];
}

async function consume(limit: RateLimiterPrisma, key: string): Promise<number> {
  try {
    return (await limit.consume(key)).remainingPoints;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new DomainError(
      "too_many_attempts",
      `Too many attempts. Wait ${waitText(refusal.msBeforeNext)} and try again.`,
    );
  }
}

/**
 * Counts one report: 20 an hour and 100 a day for an account; who is not signed in has 10 an hour from one client, and
 * clients whose address is unknown share 200. Returns in words how long to wait where that is too many, else null.
 */
export async function countReport(accountId: string | null, ip: string | null): Promise<string | null> {
  try {
    if (accountId !== null) {
      await reports.accountDay.consume(accountId);
      await reports.accountHour.consume(accountId);
    } else await (ip === null ? reports.unknown.consume("all") : reports.client.consume(ip));
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return waitText(refusal.msBeforeNext);
  }
}

/**
 * Counts one answer of a listed model. Throws `too_many_attempts` with the time to wait: 30 a minute and 600 an hour for an
 * account, or a client that is not signed in; clients whose address is unknown share ten times as many.
 */
export async function countTrial(accountId: string | null, ip: string | null): Promise<void> {
  const asker = accountId ?? ip;
  try {
    await (asker === null ? trials.unknownMinute.consume("all") : trials.minute.consume(asker));
    await (asker === null ? trials.unknownHour.consume("all") : trials.hour.consume(asker));
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new DomainError(
      "too_many_attempts",
      `That is more than one person tries. Wait ${waitText(refusal.msBeforeNext)} and try again.`,
    );
  }
}

/**
 * Counts one submission against a key (300 a minute) or against a client (1,200 a minute; clients whose address is
 * unknown share 12,000). Returns the seconds to wait where that is too many, null where it is not.
 */
export async function countSubmission(
  by: { keyId: string; points: number } | { ip: string | null },
): Promise<number | null> {
  try {
    if ("keyId" in by) await submissions.key.consume(by.keyId, by.points);
    else
      await (by.ip === null ? submissions.unknownClient.consume("all") : submissions.client.consume(by.ip));
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}

/** Forgets failed passwords once the right one was given. */
export async function forgetAttempts(email: string): Promise<void> {
  await Promise.all([limits.password, limits.ownPassword].map(({ account }) => account.delete(keyOf(email))));
}
