import "server-only";
import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/shared/domain-error";
import { networkOf } from "./network";
import { SESSION_DAYS, openSession, provePassword, type StartedSession } from "./sign-in";

/** A cookie's name: bound to this host alone where the origin is https. */
function hostCookie(name: string): string {
  return env().APP_ORIGIN.startsWith("https://") ? `__Host-${name}` : name;
}

export function sessionCookieName(): string {
  return hostCookie("next-auth.session-token");
}

/** Names a sign-in between its steps. */
export function attemptCookieName(): string {
  return hostCookie("offcut.sign-in-attempt");
}

export function sessionCookieOptions() {
  const secure = env().APP_ORIGIN.startsWith("https://");
  return { httpOnly: true, sameSite: "lax", path: "/", secure, maxAge: SESSION_DAYS * 86_400 } as const;
}

/**
 * next-auth with credentials. The JWT carries a session's id and nothing that decides rights: each request reads
 * the session row, so that ending a session or changing a role acts on the next one.
 */
export function authOptions(): NextAuthOptions {
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: SESSION_DAYS * 86_400 },
    cookies: { sessionToken: { name: sessionCookieName(), options: sessionCookieOptions() } },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(credentials, request) {
          const started = await signInByPassword(credentials, request.headers).catch((error: unknown) => {
            // next-auth would put the words of an error into an address: it learns only that it failed.
            if (error instanceof DomainError) return null;
            throw error;
          });
          return started && { id: started.accountId, sessionId: started.sessionId };
        },
      }),
    ],
    events: {
      // next-auth only drops the cookie: the session itself has to end as well.
      signOut: async ({ token }) => {
        const sessionId = token?.sessionId;
        if (typeof sessionId === "string") {
          await db.session.updateMany({
            where: { id: sessionId, endedAt: null },
            data: { endedAt: new Date() },
          });
        }
      },
    },
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { sub: user.id, sessionId: (user as { sessionId?: string }).sessionId } : token,
      // The browser learns nothing from the token: pages ask the session row.
      session: ({ session }) => ({ expires: session.expires }),
    },
  };
}

/** For accounts without a second factor; the others sign in on the page that asks for it. */
async function signInByPassword(
  credentials: { email?: string; password?: string } | undefined,
  headers: Record<string, unknown> | undefined,
): Promise<StartedSession> {
  const accountId = await provePassword({
    email: credentials?.email ?? "",
    password: credentials?.password ?? "",
    ip: networkOf(new Headers(headers as Record<string, string>)),
    knownBrowser: null,
  });
  return inTransaction((tx) => openSession(tx, accountId, String(headers?.["user-agent"] ?? "")));
}
