/** Why inference refuses; each code means one thing. */
export type InferenceRefusal =
  | "digest_mismatch"
  | "model_refused"
  | "model_run_failed"
  | "isolation_missing"
  /** another process goes on with the same run */
  | "run_elsewhere";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    inference: InferenceRefusal;
  }
}
