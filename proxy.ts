import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/platform/env";

/**
 * Sets the headers of every answer, and decides nothing: who may see what is decided where the data is read.
 * Every page is rendered for its request, so each gets scripts of its own nonce.
 */
export function proxy(request: NextRequest): NextResponse {
  // No name or id has a NUL, and the database refuses to be asked for one.
  if (new URL(request.url).pathname.includes("%00")) return nothingHere();
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const forwarded = new Headers(request.headers);
  // Next.js reads the nonce from the request's policy and puts it on its own scripts.
  forwarded.set("content-security-policy", policy);
  forwarded.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers: forwarded } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(fixedHeaders())) response.headers.set(name, value);
  if (isPrivate(request.nextUrl.pathname)) response.headers.set("cache-control", "private, no-store");
  return response;
}

function nothingHere(): NextResponse {
  const headers = { ...fixedHeaders(), "content-type": "text/plain; charset=utf-8" };
  return new NextResponse("There is nothing here.", { status: 404, headers });
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
