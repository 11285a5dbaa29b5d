/** Why platform refuses; each code means one thing. */
export type PlatformRefusal = "file_too_large" | "upload_stalled";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    platform: PlatformRefusal;
  }
}
