export const KEY_WAIT_SECONDS = 24 * 3600;

export type KeyKind = "device" | "command_line" | "delegated" | "platform";

/**
 * How a key came to an account: as its first, approved by one already in force, or after the password was asked. A
 * demo account's password is public, so its devices are enrolled at once and its keys are labelled as demo keys.
 */
export type KeyEnrolment = "first_key" | "existing_key" | "reauthentication" | "demo_account";

/** The life of one public key. Times are the installation's. */
export type KeyLife = {
  enrolledAt: Date;
  /** From when signatures by it count. */
  effectiveAt: Date;
  revokedAt: Date | null;
};

export type KeyState = "waiting" | "in_force" | "revoked";

/**
 * True when a signature made at `time` counts: from `effectiveAt` up to, and without, the moment of revocation. A
 * signature made while the key was in force stays valid for ever.
 */
export function keyIsValidAt(key: Pick<KeyLife, "effectiveAt" | "revokedAt">, time: Date): boolean {
  return key.effectiveAt <= time && (key.revokedAt === null || time < key.revokedAt);
}

export function keyState(key: KeyLife, now: Date): KeyState {
  if (key.revokedAt !== null && key.revokedAt <= now) return "revoked";
  return keyIsValidAt(key, now) ? "in_force" : "waiting";
}

/**
 * When a key enrolled at `now` begins to count: at once as the first key, in a demo account, or when an existing key vouches for it;
 * 24 hours later after re-authentication, so that the owner, who gets a notice, can stop a thief with the password.
 */
export function effectiveAtOf(enrolment: KeyEnrolment, now: Date): Date {
  const waitSeconds = enrolment === "reauthentication" ? KEY_WAIT_SECONDS : 0;
  return new Date(now.getTime() + waitSeconds * 1000);
}

/**
 * The exact UTF-8 text that is signed to enrol a key: by the key itself as proof that the account holds it, and by
 * an existing key to vouch for it. It names account and key, so it serves for nothing else.
 */
export function enrolmentText(accountId: string, keyId: string): string {
  return `offcut key enrolment v1\naccount ${accountId}\nkey ${keyId}\n`;
}

/** What an account may sign with besides: delegated keys sign receipts and nothing else. */
export function keyMaySign(kind: KeyKind, what: "statement" | "receipt"): boolean {
  return what === "receipt" ? kind !== "platform" : kind !== "delegated";
}
