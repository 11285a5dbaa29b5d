/** Why ledger refuses; each code means one thing. */
export type LedgerRefusal =
  | "already_confirmed"
  | "already_paid_out"
  | "amount_differs"
  | "conflict_of_interest"
  | "days_read_otherwise"
  | "entry_too_short"
  | "entry_unbalanced"
  | "idempotency_key_reused"
  | "mapping_incomplete"
  | "payout_details_changed"
  | "payout_details_invalid"
  | "payout_details_missing"
  | "payout_exceeds"
  | "posting_invalid"
  | "provider_not_here"
  | "reference_invalid"
  | "statement_of_other_account"
  | "statement_unreadable"
  | "transfer_settled";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    ledger: LedgerRefusal;
  }
}
