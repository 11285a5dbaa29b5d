/** Why accounts refuses; each code means one thing. */
export type AccountsRefusal =
  | "address_unconfirmed"
  | "administrator"
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
  | "signed_out"
  | "suspended"
  | "token_unusable"
  | "too_many_attempts"
  | "too_many_commands"
  | "weak_password"
  | "wrong_password";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    accounts: AccountsRefusal;
  }
}
