import "server-only";
import type { EnvelopeCell } from "@/lib/catalogue/standing";
import { getListing } from "@/lib/catalogue/queries/listings";
import { db } from "@/lib/platform/db";
import { pick } from "@/lib/shared/pick";
import {
  type Coverage,
  type EvaluationSummary,
  envelopeCells,
  redrawVerdicts,
} from "@/lib/measurement/evaluation";
import { leadingEvaluation } from "../evidence-standing";
import { findComparedRuns } from "./compared-runs";
import { listSignedEvaluations } from "../records/evaluations";

/** The run that a listing is judged by, drawn at one level. */
export type LeadingEvaluation = {
  id: string;
  level: number;
  cells: EnvelopeCell[];
  /** The union of the filled slices; null when it cannot be redrawn without the rows. */
  coverage: Coverage | null;
  overall: EvaluationSummary["overall"];
  dataSetName: string;
  observedFrom: Date | null;
  observedTo: Date | null;
  finishedAt: Date;
};

/**
 * The evaluation a listing's strip is drawn from, at its declared level or at a reader's own. Null when nobody signed
 * a run of the files on offer. Public; the caller has made sure that the listing may be seen.
 */
export async function findLeadingEvaluation(
  listingId: string,
  version: { id: string; modelDigest: string | null },
  level: number | null,
): Promise<LeadingEvaluation | null> {
  const records = await listSignedEvaluations(db, listingId, version);
  const { runs } = await findComparedRuns(db, await getListing(listingId), records);
  const leading = leadingEvaluation(runs);
  const record = records.find(({ id }) => id === leading?.id);
  if (!record) return null;
  const summary = level === null ? record.summary : redrawVerdicts(record.summary, level);
  return {
    ...pick(record, ["id", "dataSetName", "observedFrom", "observedTo", "finishedAt"]),
    level: summary.level,
    cells: envelopeCells(summary),
    coverage: summary.coverage,
    overall: summary.overall,
  };
}
