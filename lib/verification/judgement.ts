import type {
  EnvelopeRefusal,
  SignatureFailure,
  SignedEnvelope,
  StatementFailure,
} from "@/lib/statements/verify-envelope";
import type { SpeakerFinding as RegisterFinding } from "@/lib/statements/register";
import type { Statement } from "@/lib/statements/statement";
import type { TlogPolicy } from "@/lib/log/tlog-policy";
import type { EntryFault, VerifiedPlace } from "@/lib/log/verify-bundle";
import type { CheckState } from "./check";

/** What a judge found, as data: every step in one of four states, with a code where it is not verified. */
export type Judgement = {
  signature: SignatureFinding;
  statement: StatementFinding;
  /** Whether the signer may say it, by what the log says of keys and accounts before this entry. */
  speaker: SpeakerFinding;
  entry: EntryFinding;
  observers: ObserversFinding;
};

/** The one state of a code, or the two where what a site lists weighs otherwise than what a reader holds. */
type Unverified = Exclude<CheckState, "verified">;
type Weight = Unverified | { site: Unverified; reader: Unverified };

/** Whose word decides: the keys and policy that a site lists, or those that the reader brought along. */
export type Whose = "site" | "reader";

/** A step that is not verified, and what its words may need. */
type Refused<Code, Details = unknown> = { state: Unverified; code: Code } & Details;

export type SignatureRefusal =
  | Exclude<EnvelopeRefusal, StatementFailure | "kind_unknown">
  /** what came as a bundle is none */
  | "bundle_malformed"
  /** the key that the site gives is not the one named */
  | "other_key"
  | Unlisted
  /** the envelope itself was not to be had */
  | "envelope_unreachable";

/** Why nobody says whose key it is. */
export type Unlisted = "key_unlisted" | "key_unreachable";

export type SignatureFinding =
  | ({ state: "verified" } & SignedEnvelope)
  | Refused<Exclude<SignatureRefusal, Unlisted | "unsupported_payload_type" | "envelope_unreachable">>
  /** `signing`: what the signature says all the same of what is no statement. */
  | Refused<"unsupported_payload_type", { signing: "verified" | SignatureFailure }>
  /** `signed` where it holds under the key that came with it, whoever's that is. */
  | Refused<Unlisted, { signed: SignedEnvelope | null }>
  /** `status` of the answer; null where nobody answered. */
  | Refused<"envelope_unreachable", { status: number | null }>;

export type StatementFinding =
  | { state: "verified"; statement: Statement }
  /** Its kind is not known here, so nothing says what it may say. */
  | Refused<"kind_unknown", { statement: Statement }>
  /** `other_payload`: not the bytes that are shown. `signature_first`: nothing is known to be signed. */
  | Refused<StatementFailure | "other_payload" | "signature_first">;

/** Why nothing of keys and accounts is at hand. */
export type NoFacts = "facts_unreachable" | "facts_not_asked";

export type SpeakerFinding =
  | RegisterFinding
  | { state: "cannot_check"; code: "facts_unreachable" | "facts_broken" }
  | { state: "not_checked"; code: "facts_not_asked" | "entry_first" | "statement_first" };

/** Why no log, or no proof of it, can be asked. */
export type NoPolicy = "log_unreadable" | "log_unreachable" | "not_covered" | "no_policy";
export type NoProof = "not_covered" | "proof_unreachable" | "not_asked";

export type EntryRefusal =
  | NoPolicy
  | NoProof
  | Exclude<EntryFault, "untrusted_key">
  /** there is no envelope to look for */
  | "no_envelope"
  | "envelope_malformed"
  | "signature_first"
  /** the leaf holds the signer's key, and that key is not known */
  | "key_unknown"
  /** no leaf records an envelope of this form */
  | "no_leaf"
  /** this runtime cannot check Ed25519 */
  | "no_ed25519"
  /** the bundle names another key than the one that signed */
  | "bundle_other_key"
  /** a log's checkpoint that the evidence itself brought, by another key */
  | "foreign_log";

export type EntryFinding =
  /** `note`: the signed checkpoint, verbatim. `policy`: the one it was judged by. */
  | ({ state: "verified"; note: string; policy: TlogPolicy } & VerifiedPlace)
  /** `isBundle`: it is the bundle, rather than a proof, that does not hold. */
  | Refused<EntryRefusal, { isBundle: boolean }>;

/** The earliest time at which somebody outside saw a tree, and who that was. */
export type WitnessedTime = { at: Date; witness: string };

/** `time`: null where nobody outside saw it, so that no date can be held against the log's. */
export type Seen = { seen: number; listed: number; time: WitnessedTime | null };

export type ObserversRefusal =
  | "no_envelope"
  /** nothing to ask about */
  | "no_entry"
  /** the entry itself does not hold */
  | "entry_refused"
  | "no_witnesses"
  | "no_quorum"
  | "quorum_missing";

export type ObserversFinding = ({ state: "verified" } & Seen) | Refused<ObserversRefusal, Seen>;

export const signatureWeights: Record<SignatureRefusal, Weight> = {
  no_crypto: "cannot_check",
  no_keys: "cannot_check",
  too_large: "cannot_check",
  unsupported_key: "cannot_check",
  unsupported_payload_type: "cannot_check",
  key_unlisted: "cannot_check",
  key_unreachable: "cannot_check",
  envelope_unreachable: "cannot_check",
  envelope_changed: "failed",
  envelope_malformed: "failed",
  bundle_malformed: "failed",
  forged: "failed",
  too_few_signers: "failed",
  other_key: "failed",
  // A site lists the signer's key, so another one speaks against it; a reader may simply not know the signer.
  untrusted_key: { site: "failed", reader: "cannot_check" },
};

export const entryWeights: Record<EntryRefusal, Weight> = {
  no_envelope: "not_checked",
  envelope_malformed: { site: "failed", reader: "cannot_check" },
  signature_first: { site: "not_checked", reader: "cannot_check" },
  key_unknown: "cannot_check",
  no_leaf: { site: "failed", reader: "cannot_check" },
  no_ed25519: "cannot_check",
  log_unreadable: "failed",
  log_unreachable: "cannot_check",
  no_policy: "cannot_check",
  not_covered: { site: "not_checked", reader: "cannot_check" },
  proof_unreachable: "cannot_check",
  not_asked: "not_checked",
  malformed: "failed",
  forged: "failed",
  not_included: "failed",
  other_entry: "failed",
  bundle_other_key: { site: "failed", reader: "cannot_check" },
  untrusted_log: { site: "failed", reader: "cannot_check" },
  foreign_log: "cannot_check",
};

export const observersWeights: Record<ObserversRefusal, Weight> = {
  no_envelope: "not_checked",
  no_entry: "not_checked",
  entry_refused: "not_checked",
  no_witnesses: { site: "cannot_check", reader: "not_checked" },
  no_quorum: { site: "cannot_check", reader: "not_checked" },
  // A reader's own policy demands them; that few saw a site's log is no reason to trust it, and no proof of a lie.
  quorum_missing: { site: "cannot_check", reader: "failed" },
};

/** Why no list of files is at hand. */
export type NoList = "list_unreachable" | "list_forged" | "list_unknown_form";

/** Why the list that a statement holds itself compares nothing. */
export type UnusableList = "root_differs" | "shards" | "other_algorithm";

export type FilesFinding =
  /**
   * `names`: the listed files that were seen; `missing`: how many were not; `uncovered`: files in hand that the signer
   * left out, so that nobody stands by them.
   */
  | { state: "verified"; names: readonly string[]; missing: number; uncovered?: readonly string[] }
  /** A statement about one file, by its own digest. */
  | { state: "verified"; isNamed: true; path: string }
  /** `listed`: the file of that name that was signed. */
  | { state: "failed"; code: "file_differs"; path: string; listed: string }
  | { state: "failed"; code: "file_unlisted"; path: string }
  | { state: "failed"; code: "list_forged" }
  | { state: "cannot_check"; code: Exclude<NoList, "list_forged"> | UnusableList | "no_list" }
  /** All files in hand are among those that the signer left out. */
  | { state: "cannot_check"; code: "left_out"; paths: readonly string[] }
  | { state: "not_checked"; code: "no_files" | "no_statement" | "signature_first" };

/** The state in which a refusal leaves its step. */
export function stateBy<Code extends string>(
  weights: Record<Code, Weight>,
  code: Code,
  whose: Whose,
): Unverified {
  const weight = weights[code];
  return typeof weight === "string" ? weight : weight[whose];
}
