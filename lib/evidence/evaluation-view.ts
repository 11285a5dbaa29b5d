import type { EvidenceGradeName } from "@/lib/catalogue/standing";
import type { EvaluationSummary, SliceSummary } from "@/lib/measurement/evaluation";
import type { Sentence } from "@/lib/statements/sentence";

/** Who signed an evaluation, as far as a reader may know. */
export type SignerView = {
  name: string;
  /** Null for the platform, which has no profile. */
  handle: string | null;
  role: "platform" | "seller" | "third_party";
  /** The key is one of a demo installation. */
  isDemoKey: boolean;
  /** Set when the platform signed that this account agreed while signed in, which is weaker than a key of its own. */
  agreedInSession: boolean;
};

/** What a reader's browser needs to check the signature again by itself. */
export type EnvelopeView = {
  sha256: string;
  /** Where the exact bytes are served. */
  href: string;
  /** The hash it has in the log, in hex; null when it has not the one signature that a leaf records. */
  leafHash: string | null;
  /** Where anybody gets it with its proof; null like the hash. */
  bundleUrl: string | null;
  /** SHA-256 of the statement's bytes: the sentences shown were written from these. */
  payloadSha256: string;
  predicateType: string;
  keyId: string;
  keySpkiBase64: string;
  signedAt: Date;
  /** Set when the key was revoked after it signed this. */
  keyRevokedAt: Date | null;
};

export type ReplyView = { body: string; createdAt: Date };

/** Its signer no longer stands by it: why, since when, and the statement that says so. */
export type WithdrawalView = { reason: string; withdrawnAt: Date; envelopeSha256: string };

/** One signed evaluation of a listing, as its card shows it. */
export type EvaluationView = {
  id: string;
  /** What a reader sees: the run's own grade, or "reproduced" once an unlinked run agrees. */
  grade: EvidenceGradeName;
  /** Old, or about other files than those served now. */
  isStale: boolean;
  /** The files served now are not the ones that were run. */
  isOfOtherFiles: boolean;
  isEndpoint: boolean;
  finishedAt: Date;
  dataSetName: string;
  rowsUse: "attestation" | "discovery";
  rowsDigest: string;
  observedFrom: Date | null;
  observedTo: Date | null;
  /** The level that the signed statement was drawn at. */
  signedLevel: number;
  /** Drawn at the level that the listing declares, or that its reader asks for. */
  summary: Pick<EvaluationSummary, "level" | "overall" | "coverage" | "hasNiche"> & {
    slices: Pick<
      SliceSummary,
      | ("id" | "name" | "sellerName" | "condition")
      | ("n" | "k" | "value" | "lower" | "upper" | "intervalMethod" | "clustered")
      | ("baseRate" | "baseLabel" | "baseN")
      | ("verdict" | "neededN" | "discovered" | "knownBefore")
    >[];
  };
  /** Measured here; null for a run made elsewhere. */
  msPer1000: number | null;
  signer: SignerView;
  /** Who signed, what, when, about which files. */
  headline: Sentence;
  facts: Sentence[];
  /** Each completes "It does not show …". */
  doesNotShow: readonly string[];
  /** Digest of the files' manifest; null for an endpoint or a card. */
  modelDigest: string | null;
  envelope: EnvelopeView;
  answer: ReplyView | null;
  withdrawal: WithdrawalView | null;
};
