import type { Check } from "./check";
import type { KnownLog } from "@/lib/log/continuity";
import type { EvidenceDocument } from "./document";
import type { ClaimReport } from "./judge-claim";

/** What an inspection found; plain data that a worker can hand to a page. */
export type InspectionReport = {
  files: InspectedFile[];
  claims: (ClaimReport & { id: string; origin: string; files: Check; links: ClaimLinks })[];
  checkpoints: CheckpointReport[];
  models: ModelReport[];
  /** What could not be done, in sentences. */
  notes: string[];
};

/** A checkpoint that was handed in. */
export type CheckpointReport = {
  name: string;
  signature: Check;
  observers: Check;
  /** Whether it continues what the browser remembers; null until that was asked. */
  seen: Check | null;
  shown: KnownLog | null;
  size: string | null;
};

export type ClaimLinks = {
  envelope: string | null;
  /** in the log, by the leaf's hash */
  leafHash: string | null;
  index: string | null;
  adverse: boolean;
  withdrawnBy: string | null;
};

/** A file that was handed in, and what it was taken for. */
export type InspectedFile = {
  name: string;
  sizeBytes: number;
  sha256: string;
  kind: EvidenceDocument["kind"];
  /** Why it is not what its form says. */
  problem: string | null;
};

/** Files that the model files handed in belong to. */
export type ModelReport = {
  modelDigest: string;
  /** The listing that offers them; null for a list of files that was handed in. */
  listing: { slug: string; title: string; version: number | null; isCurrent: boolean } | null;
  files: Check;
  counts: { total: number; adverse: number; withdrawn: number } | null;
};

export function emptyReport(): InspectionReport {
  return { files: [], claims: [], checkpoints: [], models: [], notes: [] };
}
