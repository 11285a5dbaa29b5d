import { currentActor } from "@/lib/accounts/session/session";
import { findReleaseProof } from "@/lib/deals/queries/contract-download";
import { PRIVATE, download } from "../../../../responses";

type Context = { params: Promise<{ dealId: string }> };

/** The tlog-proof by which a deal was released, for its parties: it proves the acceptance offline and for ever. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { dealId } = await params;
  const actor = await currentActor();
  const proof = actor && (await findReleaseProof(actor, dealId));
  if (!proof) return new Response("This proof does not exist.", { status: 404 });
  return download(proof, "text/plain; charset=utf-8", `acceptance-${dealId.slice(0, 8)}.tlog-proof`, PRIVATE);
}
