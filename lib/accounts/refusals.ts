/** Why accounts refuses; each code means one thing. */
export type AccountsRefusal =
  | "address_unconfirmed"
  | "administrator"
  | "attempt_over"
  | "demo_account"
  | "factor_needed"
  | "factor_taken"
  | "foreign_origin"
  | "handle_taken"
  | "invalid_input"
  | "key_needs_approval"
  | "key_not_in_force"
  | "key_revoked"
  | "key_taken"
  | "key_unproven"
  | "key_unreadable"
  | "key_waiting"
  | "last_administrator"
  | "limit_reached"
  | "passkey_unproven"
  | "removal_waits"
  | "second_factor_missing"
  | "second_step_needed"
  | "signed_out"
  | "suspended"
  | "token_unusable"
  | "too_many_attempts"
  | "too_many_commands"
  | "too_many_factors"
  | "weak_password"
  | "wrong_code"
  | "wrong_password";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    accounts: AccountsRefusal;
  }
}
