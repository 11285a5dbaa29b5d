import { findListingEvaluation } from "@/lib/evidence/queries/listing-evaluations";
import { slicesCsv } from "@/lib/evidence/slices-csv";
import { levelOf } from "@/lib/catalogue/niche";
import { download, noSuch } from "../../../../../responses";

/** The figures of every slice of a signed evaluation as CSV, at the level that its listing declares, or at `?level=`. */
export async function GET(request: Request, { params }: { params: Promise<{ evaluationId: string }> }) {
  const { evaluationId } = await params;
  const found = await findListingEvaluation(
    evaluationId,
    levelOf(new URL(request.url).searchParams.get("level")),
  );
  if (!found) return noSuch("There is no such evaluation.");
  return download(slicesCsv(found.evaluation), "text/csv; charset=utf-8", `slices-${evaluationId}.csv`);
}
