import "server-only";
import { cookies, headers } from "next/headers";
import { encode } from "next-auth/jwt";
import { env } from "@/lib/platform/env";
import { attemptCookieName, sessionCookieName, sessionCookieOptions } from "./auth-options";
import type { Client } from "../client";
import { STEP_LIFE_SECONDS } from "../second-factor";
import { knownBrowserCookie } from "./known-browser";
import { networkOf } from "./network";
import { SESSION_DAYS } from "./sign-in";

/** The browser that sent this request. */
export async function currentClient(): Promise<Client> {
  const [sent, kept] = [await headers(), await cookies()];
  const known = knownBrowserCookie();
  return {
    userAgent: sent.get("user-agent") ?? "",
    ip: networkOf(sent),
    knownBrowser: kept.get(known.name)?.value ?? null,
    async keepSession({ accountId, sessionId, knownBrowser }) {
      const token = await encode({
        token: { sub: accountId, sessionId },
        secret: env().NEXTAUTH_SECRET,
        maxAge: SESSION_DAYS * 86_400,
      });
      kept.set(sessionCookieName(), token, sessionCookieOptions());
      kept.set(known.name, knownBrowser, known.options);
    },
    async dropSession() {
      kept.set(sessionCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
    },
    async keepAttempt(secret) {
      kept.set(attemptCookieName(), secret, { ...sessionCookieOptions(), maxAge: STEP_LIFE_SECONDS });
    },
    attemptSecret: async () => kept.get(attemptCookieName())?.value ?? null,
    async dropAttempt() {
      kept.set(attemptCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
    },
  };
}

/** Hands a command the browser of the request; it keeps its name in the log. */
export function withClient<A, I, O>(
  command: (actor: A, input: I, client: Client) => Promise<O>,
): (actor: A, input: I) => Promise<O> {
  const run = async (actor: A, input: I) => command(actor, input, await currentClient());
  return Object.defineProperty(run, "name", { value: command.name });
}
