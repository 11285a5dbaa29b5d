/** Why ledger refuses; each code means one thing. */
export type LedgerRefusal =
  | "already_confirmed"
  | "already_paid_out"
  | "amount_differs"
  | "conflict_of_interest"
  | "entry_too_short"
  | "entry_unbalanced"
  | "idempotency_key_reused"
  | "payout_exceeds"
  | "posting_invalid"
  | "provider_not_here"
  | "statement_unreadable";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    ledger: LedgerRefusal;
  }
}
