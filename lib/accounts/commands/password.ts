import "server-only";
import type { z } from "zod";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { DomainError } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import { countAttempt, forgetAllCodes, forgetAttempts } from "./attempts";
import type { Client } from "../client";
import { findTokenAccount, issueToken, unusableToken, useToken } from "./email-token";
import { takeAtLeast } from "../session/even-time";
import { passwordChangedMail, resetMail } from "../mails";
import { passwordProblem } from "../password";
import type { changePasswordInput, requestPasswordResetInput, resetPasswordInput } from "../schemas";
import { hasSecondFactor } from "../records/factors";
import { hashPassword } from "../session/sign-in";
import { proveSecondStep } from "./prove-second-step";
import { reauthenticate } from "./reauthenticate";
import { findAttempt } from "./sign-in-attempt";

const EVEN_MILLISECONDS = 250;

/**
 * Mails a link to choose a new password when the address has an account. The answer and its time are the same when
 * it has none.
 */
export async function requestPasswordReset(
  _actor: Actor | null,
  { email }: z.infer<typeof requestPasswordResetInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  await countAttempt("mail", email, client.ip);
  await takeAtLeast(EVEN_MILLISECONDS, () =>
    inTransaction(async (tx) => {
      const account = await tx.account.findUnique({ where: { email } });
      if (!account) return;
      const token = await issueToken(tx, account.id, "reset_password", await currentTime(tx));
      const mail = resetMail(account.displayName, `${env().APP_ORIGIN}/reset-password?token=${token}`);
      await enqueueMail(tx, `reset-password:${token.slice(0, 12)}:${account.id}`, { to: email, ...mail });
    }),
  );
  return { redirectTo: "/forgot-password/sent" };
}

/**
 * Sets a new password by a mailed link, once; an account with a second factor asks for that too and keeps it, so that
 * who reads somebody's mail does not even shut them out. Ends every session of the account, makes its other reset links
 * useless, and counts as confirming the address, which the link has just proven.
 */
export async function resetPassword(
  _actor: Actor | null,
  { token, password, ...step }: z.infer<typeof resetPasswordInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const account = await findTokenAccount(db, token, "reset_password", await currentTime());
  if (!account) throw unusableToken();
  const problem = passwordProblem(password, account.email);
  if (problem) throw new DomainError("weak_password", "Choose another password.", { password: problem });
  if (await hasSecondFactor(db, account.id)) {
    const attempt = await findAttempt(await client.attemptSecret());
    await proveSecondStep(account.id, step, attempt && { attemptId: attempt.id }, client.ip);
  }
  const passwordHash = await hashPassword(password);
  await inTransaction(async (tx) => {
    const now = await currentTime(tx);
    await useToken(tx, token, "reset_password", now);
    await tx.emailToken.updateMany({
      where: { accountId: account.id, purpose: "reset_password", usedAt: null },
      data: { usedAt: now },
    });
    await tx.account.updateMany({
      where: { id: account.id, emailVerifiedAt: null },
      data: { emailVerifiedAt: now },
    });
    await replacePassword(tx, account, passwordHash, null);
  });
  await forgetAttempts(account.email);
  await forgetAllCodes(account.id);
  return { redirectTo: "/sign-in?done=password-changed" };
}

/** Changes the password of the actor, who re-authenticates; ends all other sessions and tells by mail. */
export async function changePassword(
  actor: Actor,
  input: z.infer<typeof changePasswordInput>,
  client: Client,
): Promise<{ message: string }> {
  const proof = { password: input.currentPassword, code: input.code, passkey: input.passkey };
  const { email } = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  const problem =
    input.newPassword === input.currentPassword
      ? "This is the password you have."
      : passwordProblem(input.newPassword, email);
  // Said before a code is spent on it.
  if (problem) throw new DomainError("weak_password", "Choose another password.", { newPassword: problem });
  const account = await reauthenticate(actor, proof, client, "currentPassword");
  const passwordHash = await hashPassword(input.newPassword);
  await inTransaction((tx) => replacePassword(tx, account, passwordHash, actor.sessionId));
  return { message: "Your password is changed. Every other session has been ended." };
}

async function replacePassword(
  tx: Tx,
  account: { id: string; email: string; displayName: string },
  passwordHash: string,
  keptSessionId: string | null,
): Promise<void> {
  await tx.account.update({ where: { id: account.id }, data: { passwordHash } });
  const now = new Date();
  // Whoever is between the steps of a sign-in got there by the old password.
  await tx.signInAttempt.deleteMany({ where: { accountId: account.id } });
  await tx.session.updateMany({
    where: { accountId: account.id, endedAt: null, ...(keptSessionId && { id: { not: keptSessionId } }) },
    data: { endedAt: now },
  });
  const mail = passwordChangedMail(account.displayName, env().APP_ORIGIN);
  await enqueueMail(tx, `password-changed:${account.id}:${now.getTime()}`, { to: account.email, ...mail });
}
