import "server-only";
import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction, isUniqueViolation, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { DomainError } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import { countAttempt, forgetAttempts } from "./attempts";
import type { Client } from "../client";
import { findTokenAccount, issueToken, unusableToken, useToken } from "./email-token";
import { takeAtLeast } from "../session/even-time";
import { confirmationMail, knownAddressMail } from "../mails";
import { passwordProblem } from "../password";
import { handleFrom } from "../profile";
import type { confirmAddressInput, signUpInput } from "../schemas";
import { hashPassword, passwordIsRight } from "../session/sign-in";
import { enter } from "./sign-in";

/** Longer than either path of a sign-up takes on a machine that is not overloaded. */
const EVEN_MILLISECONDS = 400;
const HANDLE_ATTEMPTS = 6;

type SignUp = z.infer<typeof signUpInput>;

/**
 * Opens an account and mails a link to confirm its address. When the address has an account already, its owner is
 * told by mail instead; answer and time are the same, so that nobody learns whether an address is known.
 */
export async function signUp(
  _actor: Actor | null,
  input: SignUp,
  client: Client,
): Promise<{ redirectTo: string }> {
  const problem = passwordProblem(input.password, input.email);
  if (problem) throw new DomainError("weak_password", "Choose another password.", { password: problem });
  await countAttempt("mail", input.email, client.ip);
  await takeAtLeast(EVEN_MILLISECONDS, async () => {
    await openOrRemind(input, await hashPassword(input.password));
  });
  return { redirectTo: "/sign-up/sent" };
}

/** Repeats when another sign-up took the address or the handle at the same moment. */
async function openOrRemind(input: SignUp, passwordHash: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await inTransaction((tx) => openAccount(tx, input, passwordHash));
      return;
    } catch (error) {
      if (!isUniqueViolation(error) || attempt >= HANDLE_ATTEMPTS) throw error;
    }
  }
}

async function openAccount(tx: Tx, input: SignUp, passwordHash: string): Promise<void> {
  const known = await tx.account.findUnique({ where: { email: input.email } });
  if (known) {
    const mail = knownAddressMail(known.displayName, env().APP_ORIGIN);
    await enqueueMail(tx, `known-address:${randomBytes(12).toString("hex")}`, { to: known.email, ...mail });
    return;
  }
  const account = await tx.account.create({
    data: {
      email: input.email,
      passwordHash,
      displayName: input.displayName,
      handle: await freeHandle(tx, input.displayName),
    },
  });
  await mailConfirmation(tx, account);
}

async function freeHandle(tx: Tx, displayName: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const suffix = attempt === 1 ? "" : randomBytes(2).toString("hex");
    const handle = handleFrom(displayName, suffix);
    const isTaken =
      (await tx.account.findUnique({ where: { handle } })) ??
      (await tx.pastHandle.findUnique({ where: { handle } }));
    if (!isTaken || attempt >= HANDLE_ATTEMPTS) return handle;
  }
}

async function mailConfirmation(
  tx: Tx,
  account: { id: string; email: string; displayName: string },
): Promise<void> {
  const token = await issueToken(tx, account.id, "verify_email", await currentTime(tx));
  const link = `${env().APP_ORIGIN}/confirm-address?token=${token}`;
  const mail = confirmationMail(account.displayName, link);
  await enqueueMail(tx, `confirm-address:${token.slice(0, 12)}:${account.id}`, {
    to: account.email,
    ...mail,
  });
}

/** Mails another link to confirm the actor's own address; says so when it is confirmed already. */
export async function sendConfirmation(
  actor: Actor,
  _input: object,
  client: Client,
): Promise<{ message: string }> {
  const account = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  if (account.emailVerifiedAt) return { message: "Your address is confirmed already." };
  await countAttempt("mail", account.email, client.ip);
  await inTransaction((tx) => mailConfirmation(tx, account));
  return { message: `We have sent a new link to ${account.email}.` };
}

/**
 * Confirms an address by a mailed link and signs in. Besides the link it takes the password, or a session of the same
 * account: who reads somebody's mail cannot enter, and who signed up with somebody else's address gets nothing from
 * that person's click. A wrong password leaves the link usable.
 */
export async function confirmAddress(
  actor: Actor | null,
  { token, password }: z.infer<typeof confirmAddressInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const account = await findTokenAccount(db, token, "verify_email", await currentTime());
  if (!account) throw unusableToken();
  const isOwn = actor?.accountId === account.id;
  if (!isOwn) {
    await countAttempt("password", account.email, client.ip);
    if (!(await passwordIsRight(account.passwordHash, password))) {
      throw new DomainError("wrong_password", "This is not the password chosen at sign-up.", {
        password: "Type the password you chose when you signed up.",
      });
    }
    await forgetAttempts(account.email);
  }
  await inTransaction(async (tx) => {
    const now = await currentTime(tx);
    await useToken(tx, token, "verify_email", now);
    await tx.account.updateMany({
      where: { id: account.id, emailVerifiedAt: null },
      data: { emailVerifiedAt: now },
    });
  });
  const redirectTo = "/account?done=address-confirmed";
  return isOwn ? { redirectTo } : enter(null, account.id, redirectTo, client);
}
