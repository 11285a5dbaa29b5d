import { Secret, TOTP } from "otpauth";

/** RFC 6238 as every authenticator app speaks it: HMAC-SHA-1, six digits, 30 seconds. */

export const TOTP_SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** A code of the step before or after counts too: clocks differ, and typing takes time. */
const TOLERANCE_STEPS = 1;

function totp(secret: Uint8Array, label = ""): TOTP {
  // The library takes the whole buffer under a view, and small views share theirs.
  const own = new Uint8Array(secret);
  return new TOTP({
    issuer: "Offcut",
    label,
    secret: new Secret({ buffer: own.buffer }),
    period: PERIOD_SECONDS,
  });
}

/** The time step a code belongs to, or null for a code that is wrong at this time. */
export function matchingStep(secret: Uint8Array, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = totp(secret).validate({ token: code, timestamp, window: TOLERANCE_STEPS });
  return delta === null ? null : TOTP.counter({ period: PERIOD_SECONDS, timestamp }) + delta;
}

/** What an app scans: the secret with the name under which it lists it. */
export function otpauthUri(secret: Uint8Array, email: string): string {
  return totp(secret, email).toString();
}

/** The secret in base32, in groups of four for typing. */
export function secretText(secret: Uint8Array): string {
  return totp(secret).secret.base32.replace(/.{4}(?=.)/g, "$& ");
}

/** Six digits, with or without a space between them; anything else that is typed is a recovery code. */
export function totpCode(typed: string): string | null {
  const digits = typed.replace(/\s/g, "");
  return /^\d{6}$/.test(digits) ? digits : null;
}
