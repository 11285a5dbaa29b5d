import type { RoleName } from "./actor";

export type SecondFactorKind = "totp" | "passkey";

/** By what somebody took the second step. */
export type SecondStepMeans = SecondFactorKind | "recovery_code";

/** What comes with a form that asks for a second step: a code that was typed, or a passkey's answer as JSON. */
export type SecondStep = { code?: string; passkey?: string };

export const MAX_FACTORS = 10;
/** How long a challenge to a passkey, and a sign-in between its steps, lasts. */
export const STEP_LIFE_SECONDS = 300;
/** How long the secret of an app waits for its first code. */
export const UNCONFIRMED_LIFE_SECONDS = 900;
/** Between an administrator's request to take lost factors off and the second administrator's deed. */
export const REMOVAL_WAIT_SECONDS = 72 * 3600;

/**
 * Roles that act only on an account with a second factor. An evaluator's word counts by the key that signed it, which
 * is enrolled with a wait of its own.
 */
const ASLEEP_WITHOUT: readonly RoleName[] = ["moderator", "administrator"];

type Standing = { hasSecondFactor: boolean; isExempt: boolean };

/** The accounts whose passwords a demo publishes are not asked for a second factor, in a demo and nowhere else. */
export function isExempt(account: { isDemo: boolean }, isDemoInstallation: boolean): boolean {
  return account.isDemo && isDemoInstallation;
}

/** Which of an account's roles act, and which sleep until it has a second factor. */
export function wakeRoles(
  roles: readonly RoleName[],
  { hasSecondFactor, isExempt }: Standing,
): { roles: RoleName[]; sleepingRoles: RoleName[] } {
  const sleeps = (role: RoleName) => !hasSecondFactor && !isExempt && ASLEEP_WITHOUT.includes(role);
  return { roles: roles.filter((role) => !sleeps(role)), sleepingRoles: roles.filter(sleeps) };
}

/** Whether the last factor of an account must stay: a role or something else needs it. */
export function mustKeepFactor(account: { roles: readonly RoleName[]; needsSecondFactor: boolean }): boolean {
  return account.needsSecondFactor || account.roles.some((role) => ASLEEP_WITHOUT.includes(role));
}

/** When a second administrator may take an account's factors off. */
export function removableAt(askedAt: Date): Date {
  return new Date(askedAt.getTime() + REMOVAL_WAIT_SECONDS * 1000);
}
