import "server-only";
import { decode } from "next-auth/jwt";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { type Actor, actorOf, hasRole, type RoleName } from "../actor";
import { confirmedFactor } from "../records/factors";
import { isExempt, wakeRoles } from "../second-factor";
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

/**
 * The actor of a live session of an active account, or null. An account with a second factor has no actor in a
 * session that none confirmed, and one without has no operator's role awake.
 */
export async function findSessionActor(sessionId: string): Promise<Actor | null> {
  const session = await db.session.findFirst({
    where: { id: sessionId, endedAt: null, expiresAt: { gt: new Date() }, account: { status: "active" } },
    include: { account: { include: { secondFactors: { where: confirmedFactor, take: 1 } } } },
  });
  if (!session) return null;
  const { account } = session;
  const hasSecondFactor = account.secondFactors.length > 0;
  if (hasSecondFactor && !session.secondFactorAt) return null;
  if (Date.now() - session.lastSeenAt.getTime() > SEEN_EVERY_SECONDS * 1000) {
    await db.session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: new Date() } });
  }
  return actorOf({
    accountId: account.id,
    sessionId,
    displayName: account.displayName,
    handle: account.handle,
    ...wakeRoles(account.roles, { hasSecondFactor, isExempt: isExempt(account, env().OFFCUT_DEMO) }),
  });
}

/** The signed-in actor; sends everybody else to sign in and back to `returnTo`. */
export async function requireActor(returnTo?: string): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) redirect(`/sign-in${returnTo ? `?next=${encodeURIComponent(returnTo)}` : ""}`);
  return actor;
}

/**
 * The signed-in actor of a page for those who hold one of these roles. Whose role sleeps is sent to set up a second
 * step; for all others the page does not exist.
 */
export async function requireOperator(returnTo: string, ...roles: RoleName[]): Promise<Actor> {
  const actor = await requireActor(returnTo);
  if (roles.some((role) => hasRole(actor, role))) return actor;
  if (roles.some((role) => actor.sleepingRoles.includes(role))) redirect("/account#second-step");
  notFound();
}
