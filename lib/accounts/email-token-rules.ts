export type EmailTokenPurpose = "verify_email" | "reset_password";

/** How long a mailed link works. */
export const TOKEN_LIFE_SECONDS: Record<EmailTokenPurpose, number> = {
  verify_email: 24 * 3600,
  reset_password: 3600,
};

/** True for a link of this purpose that has neither been used nor run out. */
export function tokenIsUsable(
  token: { purpose: EmailTokenPurpose; usedAt: Date | null; expiresAt: Date },
  purpose: EmailTokenPurpose,
  now: Date,
): boolean {
  return token.purpose === purpose && token.usedAt === null && now < token.expiresAt;
}
