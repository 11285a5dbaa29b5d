/** Who sends a form, as far as it can be known, and the way to keep a session, or a sign-in half done, in that browser. */
export type Client = {
  userAgent: string;
  /** See `clientNetwork`. */
  ip: string | null;
  /** What this browser keeps of an earlier sign-in; see `known-browser.ts`. */
  knownBrowser: string | null;
  keepSession: (session: { accountId: string; sessionId: string; knownBrowser: string }) => Promise<void>;
  dropSession: () => Promise<void>;
  /** Between the first and the second step of a sign-in. */
  keepAttempt: (secret: string) => Promise<void>;
  attemptSecret: () => Promise<string | null>;
  dropAttempt: () => Promise<void>;
};

const MAX_ADDRESS_LENGTH = 45;
const NETWORK_GROUPS = 4;
/** A browser on this machine comes by either name of it, and is one client. */
const LOOPBACK = "127.0.0.1";

/**
 * Whose attempts are counted together: an IPv4 address, or the /64 of an IPv6 one, which one customer has whole. It is
 * the address of the socket, and behind a trusted proxy the last one in X-Forwarded-For, which is what that proxy
 * wrote. Null where that proxy wrote none.
 */
export function clientNetwork(
  peer: string | null,
  forwardedFor: string | null,
  isProxyTrusted: boolean,
): string | null {
  return networkOf((isProxyTrusted ? forwardedFor?.split(",").at(-1)?.trim() : peer) ?? "");
}

function networkOf(address: string): string | null {
  if (address.length > MAX_ADDRESS_LENGTH) return null;
  const ipv4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (ipv4) return ipv4.split(".").every((part) => Number(part) < 256) ? ipv4 : null;
  // A zone names a network card of this machine, not a sender.
  const [plain = ""] = address.split("%");
  if (plain === "::1") return LOOPBACK;
  const host = `http://[${plain}]`;
  if (!/^[0-9a-f:.]+$/i.test(plain) || !URL.canParse(host)) return null;
  const [head = "", tail] = new URL(host).hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail ?? ""].map((part) => part.split(":").filter(Boolean));
  const zeros = Array.from({ length: 8 - before!.length - after!.length }, () => "0");
  return `${[...before!, ...zeros, ...after!].slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
