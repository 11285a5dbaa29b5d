/** Why disputes refuses; each code means one thing. */
export type DisputesRefusal =
  | "already_appealed"
  | "already_imposed"
  | "already_lifted"
  | "appeal_closed"
  | "dispute_closed"
  | "report_closed"
  | "report_not_kept";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    disputes: DisputesRefusal;
  }
}
