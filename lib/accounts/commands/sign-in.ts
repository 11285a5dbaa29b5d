import "server-only";
import { inTransaction } from "@/lib/platform/db";
import type { z } from "zod";
import type { Actor } from "../actor";
import type { Client } from "../client";
import { hasSecondFactor } from "../records/factors";
import { ownPath } from "../return-path";
import type { finishSecondStepInput, signInByPasskeyInput, signInInput } from "../schemas";
import { openSession, provePassword, requireUnsuspended } from "../session/sign-in";
import { provePasskey, unprovenPasskey } from "./prove-passkey";
import { proveSecondStep } from "./prove-second-step";
import { attemptOver, endAttempt, findAttempt, openAttempt } from "./sign-in-attempt";
import { endOwnSession } from "./sessions";

/**
 * Signs in with a new session, ends the one this browser had before, and leads to `next` when that is a path of
 * this site. An account with a second factor is led to the second step first. Refusals are those of `provePassword`.
 */
export async function signIn(
  actor: Actor | null,
  input: z.infer<typeof signInInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const accountId = await provePassword({ ...input, ...client });
  return enter(actor, accountId, input.next, client);
}

/**
 * Lets in who has given the right password: with a session at once, or, where the account has a second factor, to the
 * second step, before which there is no session. Throws `suspended`.
 */
export async function enter(
  actor: Actor | null,
  accountId: string,
  next: string,
  client: Client,
): Promise<{ redirectTo: string }> {
  const entered = await inTransaction(async (tx) => {
    await requireUnsuspended(tx, accountId);
    return (await hasSecondFactor(tx, accountId))
      ? openAttempt(tx, { accountId, next: ownPath(next) })
      : openSession(tx, accountId, client.userAgent);
  });
  if ("secret" in entered) {
    await client.keepAttempt(entered.secret);
    return { redirectTo: "/sign-in/second-step" };
  }
  if (actor) await endOwnSession(actor);
  await client.keepSession(entered);
  return { redirectTo: ownPath(next) };
}

/**
 * Takes the second step of the sign-in that this browser has begun, and opens the session. A wrong code leaves the
 * attempt as it is, for its five minutes. Throws `attempt_over`, and what `proveSecondStep` throws.
 */
export async function finishSecondStep(
  actor: Actor | null,
  input: z.infer<typeof finishSecondStepInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const attempt = await findAttempt(await client.attemptSecret());
  if (!attempt?.accountId) throw attemptOver();
  await proveSecondStep(attempt.accountId, input, { attemptId: attempt.id }, client.ip);
  await finish(actor, attempt.id, attempt.accountId, client);
  return { redirectTo: ownPath(attempt.next) };
}

/** Signs in by a passkey alone: holding the device and unlocking it are two factors. Throws `passkey_unproven`. */
export async function signInByPasskey(
  actor: Actor | null,
  { passkey, next }: z.infer<typeof signInByPasskeyInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const attempt = await findAttempt(await client.attemptSecret());
  if (!attempt) throw attemptOver();
  const { accountId } = await provePasskey(passkey, { attemptId: attempt.id });
  if (attempt.accountId && attempt.accountId !== accountId) throw unprovenPasskey();
  await finish(actor, attempt.id, accountId, client);
  return { redirectTo: ownPath(next) };
}

async function finish(
  actor: Actor | null,
  attemptId: string,
  accountId: string,
  client: Client,
): Promise<void> {
  const started = await inTransaction(async (tx) => {
    await endAttempt(tx, attemptId);
    return openSession(tx, accountId, client.userAgent, new Date());
  });
  if (actor) await endOwnSession(actor);
  await client.dropAttempt();
  await client.keepSession(started);
}

/** Ends the session of this browser; doing it twice changes nothing. */
export async function signOut(
  actor: Actor | null,
  _input: object,
  client: Client,
): Promise<{ redirectTo: string }> {
  if (actor) await endOwnSession(actor);
  await client.dropSession();
  return { redirectTo: "/" };
}
