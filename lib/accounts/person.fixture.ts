import { randomUUID } from "node:crypto";
import { db } from "@/lib/platform/db";
import type { Mail } from "@/lib/platform/mail";
import { listQueuedMails } from "@/lib/platform/outbox.fixture";
import { actorOf, type Actor, type RoleName } from "./actor";
import type { Client } from "./client";
import { addApp } from "./factor.fixture";
import { wakeRoles } from "./second-factor";
import { hashPassword, openSession, type StartedSession } from "./session/sign-in";

export const PASSWORD = "lathe mortar heron gravel";

let passwordHash: Promise<string> | undefined;

/**
 * Opens an account with a confirmed address for a test, and signs it in; one with an operator's role has an
 * authenticator app, which confirmed the session.
 */
export async function openPerson(
  name: string,
  facts: { roles?: RoleName[]; isVerified?: boolean; isDemo?: boolean } = {},
): Promise<{ actor: Actor; email: string; accountId: string; sessionId: string; handle: string }> {
  const handle = `${name.toLowerCase()}-${randomUUID().slice(0, 8)}`;
  passwordHash ??= hashPassword(PASSWORD);
  const account = await db.account.create({
    data: {
      email: `${handle}@example.org`,
      handle,
      displayName: name,
      passwordHash: await passwordHash,
      roles: facts.roles ?? [],
      isDemo: facts.isDemo ?? false,
      emailVerifiedAt: facts.isVerified === false ? null : new Date(),
    },
  });
  const { sleepingRoles } = wakeRoles(account.roles, { hasSecondFactor: false, isExempt: account.isDemo });
  if (sleepingRoles.length > 0) await addApp(account.id);
  const secondFactorAt = sleepingRoles.length > 0 ? new Date() : null;
  const { sessionId } = await db.$transaction((tx) => openSession(tx, account.id, "Test", secondFactorAt));
  const actor = actorOf({
    accountId: account.id,
    sessionId,
    displayName: name,
    handle,
    roles: account.roles,
  });
  return { actor, email: account.email, accountId: account.id, sessionId, handle };
}

let browsers = 0;

/** A browser without pages, at an address of its own: it remembers the session a command gives it, and a sign-in begun. */
export function openBrowser(userAgent = "Test"): Client & { session: StartedSession | null } {
  let attempt: string | null = null;
  const browser: Client & { session: StartedSession | null } = {
    userAgent,
    ip: `10.0.${(browsers += 1) >> 8}.${browsers & 255}`,
    knownBrowser: null,
    session: null,
    keepSession: async (session) => {
      browser.session = session;
      browser.knownBrowser = session.knownBrowser;
    },
    keepAttempt: async (secret) => void (attempt = secret),
    attemptSecret: async () => attempt,
    dropAttempt: async () => void (attempt = null),
    dropSession: async () => void (browser.session = null),
  };
  return browser;
}

/** The secret in the newest mail to an address whose subject holds `subject`. */
export async function mailedToken(to: string, subject: string): Promise<string> {
  const mails = await mailsTo(to);
  const mail = mails.find((one) => one.subject.includes(subject));
  const token = mail && /token=([\w-]+)/.exec(mail.text)?.[1];
  if (!token) throw new Error(`No link in a mail “${subject}” to ${to}.`);
  return token;
}

/** What has been asked to be mailed to an address, newest first. */
export async function mailsTo(to: string): Promise<Mail[]> {
  const queued = await listQueuedMails();
  return queued.map(({ data }) => data.mail).filter((mail) => mail.to === to);
}

/** Runs all at once and tells how many succeeded and with which codes the others were refused. */
export async function race(
  runs: readonly (() => Promise<unknown>)[],
): Promise<{ won: number; codes: string[] }> {
  const settled = await Promise.allSettled(runs.map((run) => run()));
  const refusals = settled.filter((one) => one.status === "rejected");
  const codes = refusals.map((one) => (one.reason as { code?: string }).code ?? String(one.reason));
  return { won: settled.length - refusals.length, codes };
}
