import "server-only";
import { decode } from "next-auth/jwt";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { type Actor, actorOf } from "../actor";
import { sessionCookieName } from "./auth-options";

/** How exact "last seen" is; seldom enough not to turn every read into a write. */
const SEEN_EVERY_SECONDS = 60;

/**
 * The signed-in actor of this request, or null. The session row and the account are read every time: an ended
 * session, a suspension or a changed role acts at once.
 */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const token = (await cookies()).get(sessionCookieName())?.value;
  if (!token) return null;
  const claims = await decode({ token, secret: env().NEXTAUTH_SECRET }).catch(() => null);
  if (typeof claims?.sessionId !== "string") return null;
  return findSessionActor(claims.sessionId);
});

/** The actor of a live session of an active account, or null. */
export async function findSessionActor(sessionId: string): Promise<Actor | null> {
  const session = await db.session.findFirst({
    where: { id: sessionId, endedAt: null, expiresAt: { gt: new Date() }, account: { status: "active" } },
    include: { account: true },
  });
  if (!session) return null;
  const { account } = session;
  if (Date.now() - session.lastSeenAt.getTime() > SEEN_EVERY_SECONDS * 1000) {
    await db.session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: new Date() } });
  }
  return actorOf({
    accountId: account.id,
    sessionId,
    displayName: account.displayName,
    handle: account.handle,
    roles: account.roles,
  });
}

/** The signed-in actor; sends everybody else to sign in and back to `returnTo`. */
export async function requireActor(returnTo?: string): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) redirect(`/sign-in${returnTo ? `?next=${encodeURIComponent(returnTo)}` : ""}`);
  return actor;
}
