import "server-only";
import { cookies, headers } from "next/headers";
import { encode } from "next-auth/jwt";
import { env } from "@/lib/platform/env";
import { attemptCookieName, sessionCookieName, sessionCookieOptions } from "./auth-options";
import { type Client, clientIp } from "../client";
import { STEP_LIFE_SECONDS } from "../second-factor";
import { SESSION_DAYS } from "./sign-in";

/** The browser that sent this request. */
export async function currentClient(): Promise<Client> {
  const sent = await headers();
  return {
    userAgent: sent.get("user-agent") ?? "",
    ip: clientIp(sent.get("x-forwarded-for"), env().TRUSTED_PROXY),
    async keepSession({ accountId, sessionId }) {
      const token = await encode({
        token: { sub: accountId, sessionId },
        secret: env().NEXTAUTH_SECRET,
        maxAge: SESSION_DAYS * 86_400,
      });
      (await cookies()).set(sessionCookieName(), token, sessionCookieOptions());
    },
    async dropSession() {
      (await cookies()).set(sessionCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
    },
    async keepAttempt(secret) {
      const options = { ...sessionCookieOptions(), maxAge: STEP_LIFE_SECONDS };
      (await cookies()).set(attemptCookieName(), secret, options);
    },
    attemptSecret: async () => (await cookies()).get(attemptCookieName())?.value ?? null,
    async dropAttempt() {
      (await cookies()).set(attemptCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
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
