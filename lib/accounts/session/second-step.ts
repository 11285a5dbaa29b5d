import "server-only";
import { cookies } from "next/headers";
import { findAttempt } from "../commands/sign-in-attempt";
import { type AskedStep, getAskedStep } from "../queries/second-factors";
import { attemptCookieName } from "./auth-options";

/** What this browser is asked for after its password was right, or null when it has begun no sign-in. */
export async function findBegunSignIn(): Promise<AskedStep | null> {
  const secret = (await cookies()).get(attemptCookieName())?.value ?? null;
  const attempt = await findAttempt(secret);
  return attempt?.accountId ? getAskedStep(attempt.accountId) : null;
}
