import "server-only";
import { db } from "@/lib/platform/db";
import type { z } from "zod";
import type { Actor } from "../actor";
import type { Client } from "../client";
import { ownPath } from "../return-path";
import type { signInInput } from "../schemas";
import { startSession } from "../session/sign-in";

/**
 * Signs in with a new session, ends the one this browser had before, and leads to `next` when that is a path of
 * this site. Refusals are those of `startSession`.
 */
export async function signIn(
  actor: Actor | null,
  input: z.infer<typeof signInInput>,
  client: Client,
): Promise<{ redirectTo: string }> {
  const started = await startSession({ ...input, ...client });
  if (actor) await endOwnSession(actor);
  await client.keepSession(started);
  return { redirectTo: ownPath(input.next) };
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

async function endOwnSession(actor: Actor): Promise<void> {
  if (!actor.sessionId) return;
  await db.session.updateMany({
    where: { id: actor.sessionId, accountId: actor.accountId, endedAt: null },
    data: { endedAt: new Date() },
  });
}
