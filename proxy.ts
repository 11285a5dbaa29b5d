import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/platform/env";
import { type RefusedRequest, pacedRequest, refusedPage, refusedRequest } from "@/app/refused-request";

/**
 * Sets the headers of every answer, and refuses what no page of ours sends. Who may see what is decided where the data
 * is read. Every page is rendered for its request, so each gets scripts of its own nonce.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname } = new URL(request.url);
  // No name or id has a NUL, and the database refuses to be asked for one.
  if (pathname.includes("%00")) return plain(404, "There is nothing here.");
  // Next.js answers 500 where it cannot decode a part of an address.
  if (!isDecodable(pathname))
    return plain(400, "This address cannot be read: a % in it is followed by what is no character.");
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const refused = (await pacedRequest(request)) ?? (await refusedRequest(request));
  const response = refused
    ? refusal(refused, nonce)
    : NextResponse.next({ request: passedOn(request, nonce, policy) });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(fixedHeaders())) response.headers.set(name, value);
  if (refused || isPrivate(request.nextUrl.pathname))
    response.headers.set("cache-control", "private, no-store");
  return response;
}

function passedOn(request: NextRequest, nonce: string, policy: string): { headers: Headers } {
  const headers = new Headers(request.headers);
  // Next.js reads the nonce from the request's policy and puts it on its own scripts.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  // It would compare this with the origin again, and fail where a client or another proxy wrote something else.
  const origin = headers.get("origin") ?? "";
  if (URL.canParse(origin)) headers.set("x-forwarded-host", new URL(origin).host);
  return { headers };
}

function refusal(refused: RefusedRequest, nonce: string): NextResponse {
  const headers = { "content-type": "text/html; charset=utf-8", ...refused.headers };
  return new NextResponse(refusedPage(refused, nonce), { status: refused.status, headers });
}

function plain(status: number, sentence: string): NextResponse {
  const headers = { ...fixedHeaders(), "content-type": "text/plain; charset=utf-8" };
  return new NextResponse(sentence, { status, headers });
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function contentSecurityPolicy(nonce: string): string {
  const isDevelopment = env().NODE_ENV === "development";
  return [
    "default-src 'self'",
    // React's development build evaluates code; the production build does not.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    // Bars and tracks place themselves by style attributes, which run nothing.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function fixedHeaders(): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    // Never no-referrer: actions check the Origin header, which that policy would turn into "null".
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(env().APP_ORIGIN.startsWith("https://") && {
      "strict-transport-security": "max-age=31536000; includeSubDomains",
    }),
  };
}

const PRIVATE_PLACES = [
  "/account",
  "/appeals",
  "/confirm-address",
  "/deals",
  "/licences",
  "/mailbox",
  "/moderation",
  "/reset-password",
  "/sell",
  "/sign-in",
  "/watched",
  "/api/auth",
  "/api/live",
];

function isPrivate(path: string): boolean {
  return PRIVATE_PLACES.some((place) => path === place || path.startsWith(`${place}/`));
}

/**
 * Uploads pass by: Next.js keeps what goes through a proxy in memory and silently cuts it at 10 MB. Their routes
 * set their own headers.
 */
export const config = { matcher: ["/((?!api/uploads(?:/|$)).*)"] };
