import { currentActor } from "@/lib/accounts/session/session";
import { findRunProgress } from "@/lib/selling/queries/runs";
import { noSuch } from "../../../../responses";

/** How far a run of one's own is, for a page that waits. Everybody else gets 404. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ runId: string }> },
): Promise<Response> {
  const { runId } = await params;
  const actor = await currentActor();
  const progress = actor && (await findRunProgress(actor, runId));
  if (!progress) return noSuch();
  return Response.json(progress, { headers: { "cache-control": "private, no-store" } });
}
