/** Why inference refuses; each code means one thing. */
export type InferenceRefusal =
  | "digest_mismatch"
  | "model_refused"
  | "model_run_failed"
  | "isolation_missing"
  | "not_run_here"
  | "run_elsewhere"
  | "try_busy";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    inference: InferenceRefusal;
  }
}
