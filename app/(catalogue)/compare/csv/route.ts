import { currentActor } from "@/lib/accounts/session/session";
import { comparisonCsv } from "@/lib/catalogue/comparison";
import { listCompared } from "@/lib/catalogue/queries/find-listing";
import { atVolume } from "@/lib/evidence/queries/leading-evaluation";
import { readVolume } from "@/lib/measurement/volume";
import { download } from "../../../responses";

/** The comparison of `?c=` as CSV, at `?calls=` a month for `?months=`. */
export async function GET(request: Request): Promise<Response> {
  const asked = new URL(request.url).searchParams;
  const { volume } = readVolume(asked.getAll("calls"), asked.getAll("months"));
  const found = await listCompared(await currentActor(), asked.getAll("c"));
  const listings = await Promise.all(found.map((listing) => atVolume(listing, volume)));
  if (listings.length === 0) return new Response("There is nothing to compare.\n", { status: 404 });
  return download(comparisonCsv(listings), "text/csv; charset=utf-8", "comparison.csv");
}
