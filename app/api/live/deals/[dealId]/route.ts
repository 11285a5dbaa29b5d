import { currentActor } from "@/lib/accounts/session/session";
import { findLiveDeal } from "@/lib/deals/queries/live-deal";
import { noSuch } from "../../../../responses";

/** State and next action of one's own deal, for a page that waits. Everybody else gets 404. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ dealId: string }> },
): Promise<Response> {
  const { dealId } = await params;
  const actor = await currentActor();
  const live = actor && (await findLiveDeal(actor, dealId));
  if (!live) return noSuch();
  return Response.json(live, { headers: { "cache-control": "private, no-store" } });
}
