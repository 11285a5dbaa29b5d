/** Who sends a form, as far as it can be known, and the way to keep a session, or a sign-in half done, in that browser. */
export type Client = {
  userAgent: string;
  /** Null unless a trusted proxy told it. */
  ip: string | null;
  keepSession: (session: { accountId: string; sessionId: string }) => Promise<void>;
  dropSession: () => Promise<void>;
  /** Between the first and the second step of a sign-in. */
  keepAttempt: (secret: string) => Promise<void>;
  attemptSecret: () => Promise<string | null>;
  dropAttempt: () => Promise<void>;
};

const MAX_ADDRESS_LENGTH = 45;

/**
 * The client's address: the last one in X-Forwarded-For, which is what the operator's own proxy wrote. Without a
 * trusted proxy every such header is the client's own invention, and the answer is null.
 */
export function clientIp(forwardedFor: string | null, isProxyTrusted: boolean): string | null {
  if (!isProxyTrusted || !forwardedFor) return null;
  const last = forwardedFor.split(",").at(-1)?.trim() ?? "";
  return last !== "" && last.length <= MAX_ADDRESS_LENGTH && /^[0-9a-f.:]+$/i.test(last) ? last : null;
}
