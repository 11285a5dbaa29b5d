/** Why platform refuses; each code means one thing. */
export type PlatformRefusal = "file_too_large" | "reading_busy" | "reading_gave_up";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    platform: PlatformRefusal;
  }
}
