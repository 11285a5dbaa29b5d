import { findListingEvaluation } from "@/lib/evidence/queries/listing-evaluations";
import { slicesCsv } from "@/lib/evidence/slices-csv";

/** The figures of every slice of a signed evaluation as CSV. */
export async function GET(_request: Request, { params }: { params: Promise<{ evaluationId: string }> }) {
  const { evaluationId } = await params;
  const found = await findListingEvaluation(evaluationId);
  if (!found) {
    return Response.json({ error: "not_found", message: "There is no such evaluation." }, { status: 404 });
  }
  return new Response(slicesCsv(found.evaluation), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="slices-${evaluationId}.csv"`,
    },
  });
}
