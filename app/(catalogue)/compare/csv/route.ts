import { currentActor } from "@/lib/accounts/session/session";
import { comparisonCsv } from "@/lib/catalogue/comparison";
import { listCompared } from "@/lib/catalogue/queries/find-listing";
import { download } from "../../../responses";

/** The comparison of `?c=` as CSV. */
export async function GET(request: Request): Promise<Response> {
  const asked = new URL(request.url).searchParams.getAll("c");
  const listings = await listCompared(await currentActor(), asked);
  if (listings.length === 0) return new Response("There is nothing to compare.\n", { status: 404 });
  return download(comparisonCsv(listings), "text/csv; charset=utf-8", "comparison.csv");
}
