import { findListingEvaluation } from "@/lib/evidence/queries/listing-evaluations";
import { slicesCsv } from "@/lib/evidence/slices-csv";
import { download, noSuch } from "../../../../../responses";

/** The figures of every slice of a signed evaluation as CSV. */
export async function GET(_request: Request, { params }: { params: Promise<{ evaluationId: string }> }) {
  const { evaluationId } = await params;
  const found = await findListingEvaluation(evaluationId);
  if (!found) return noSuch("There is no such evaluation.");
  return download(slicesCsv(found.evaluation), "text/csv; charset=utf-8", `slices-${evaluationId}.csv`);
}
