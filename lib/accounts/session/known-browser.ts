import "server-only";
import { createHash, randomUUID } from "node:crypto";
import { decode, encode } from "next-auth/jwt";
import { env } from "@/lib/platform/env";

const KNOWN_SECONDS = 180 * 86_400;
/** Keeps these tokens and those of sessions apart: neither opens as the other. */
const SALT = "known browser";

type Owner = { id: string; passwordHash: string };

/**
 * What a browser keeps after a sign-in, for 180 days: that this account signed in here with the password it has now.
 * It opens nothing. Attempts of such a browser are counted apart, so that strangers cannot use up the owner's.
 */
export async function knownBrowserToken(account: Owner): Promise<string> {
  const token = { sub: account.id, browser: randomUUID(), password: passwordMark(account) };
  return encode({ token, secret: env().NEXTAUTH_SECRET, maxAge: KNOWN_SECONDS, salt: SALT });
}

/** The browser's own id when the account signed in there and kept its password since; else null. */
export async function knownBrowserOf(account: Owner | null, token: string | null): Promise<string | null> {
  if (!account || !token) return null;
  const claims = await decode({ token, secret: env().NEXTAUTH_SECRET, salt: SALT }).catch(() => null);
  const isOwn = claims?.sub === account.id && claims.password === passwordMark(account);
  return isOwn && typeof claims.browser === "string" ? claims.browser : null;
}

/** A password that was changed takes the allowance away from every browser that knew the old one. */
function passwordMark({ passwordHash }: Owner): string {
  return createHash("sha256").update(passwordHash).digest("hex").slice(0, 16);
}

/** The cookie that keeps it: bound to this host alone where the origin is https. */
export function knownBrowserCookie() {
  const secure = env().APP_ORIGIN.startsWith("https://");
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure, maxAge: KNOWN_SECONDS } as const;
  return { name: `${secure ? "__Host-" : ""}offcut.known-browser`, options };
}
