import type { SenseFault } from "@/lib/statements/sense-fault";
import type { SpeakerFault } from "@/lib/statements/speaker-fault";

/** Why evidence refuses; each code means one thing. */
export type EvidenceRefusal =
  | SenseFault
  | SpeakerFault
  | "answered_unknown"
  | "account_may_not"
  | "answered_already"
  | "erased"
  | "erased_already"
  | "grade_refused"
  | "key_unknown"
  | "may_not_erase"
  | "no_signature"
  | "other_files"
  | "own_evidence"
  | "predicate_not_accepted"
  | "predicate_unknown"
  | "reason_missing"
  | "sign_later"
  | "signed_something_else"
  | "signer_may_not"
  | "statement_malformed"
  | "withdrawn_already"
  | "withdrawn_elsewhere"
  | "withdrawn_unknown";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    evidence: EvidenceRefusal;
  }
}
