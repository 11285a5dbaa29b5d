/** Why platform refuses; each code means one thing. */
export type PlatformRefusal =
  | "egress_failed"
  | "egress_refused"
  | "file_too_large"
  | "reading_busy"
  | "reading_gave_up"
  | "request_reused"
  | "sent_before"
  | "too_many_mails"
  | "upload_stalled";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    platform: PlatformRefusal;
  }
}
