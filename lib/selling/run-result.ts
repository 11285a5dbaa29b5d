import type { EvaluationSummary } from "@/lib/measurement/evaluation";

/** What a run came to, as it is kept until whoever asked for it publishes it, and after. */
export type RunResult = {
  summary: EvaluationSummary;
  rowsDigest: string;
  /** The answers the model can give; empty where they are no closed list. */
  classes: readonly string[];
  /** Rows that could not be run: counted as wrong. */
  notRun: number;
  /** The commonest reasons, and how often. */
  reasons: { reason: string; rows: number }[];
  millisecondsPer1000: number;
  /** What was read in a way its maker may not expect. */
  notices: string[];
};
