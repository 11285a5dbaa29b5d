/** Why log refuses; each code means one thing. */
export type LogRefusal = "envelope_refused" | "log_busy";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    log: LogRefusal;
  }
}
