import "server-only";
import { env } from "./env";

/**
 * True for a request that a page of this installation sent: what a browser says in `Origin` is the configured
 * address. Every door that changes something asks this, because cookies travel with foreign forms too.
 */
export function isOwnOrigin(origin: string | null): boolean {
  const own = new URL(env().APP_ORIGIN);
  const allowed = [own.origin, ...(own.hostname === "localhost" ? [`http://127.0.0.1:${own.port}`] : [])];
  return origin !== null && allowed.includes(origin);
}
