import { currentActor } from "@/lib/accounts/session/session";
import { findContractDownload } from "@/lib/deals/queries/contract-download";
import { PRIVATE, download } from "../../../../responses";

type Context = { params: Promise<{ dealId: string }> };

/** The contract as text (`?as=text`), the signed JSON byte for byte (`terms`) or the signatures (`signatures`). */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { dealId } = await params;
  const actor = await currentActor();
  const contract = actor && (await findContractDownload(actor, dealId));
  if (!contract) return new Response("This contract does not exist.", { status: 404 });
  const short = dealId.slice(0, 8);
  switch (new URL(request.url).searchParams.get("as")) {
    case "terms":
      return download(contract.terms, "application/json", `contract-${short}.json`, PRIVATE);
    case "signatures": {
      const text = JSON.stringify(contract.signatures, null, 2);
      return download(text, "application/json", `signatures-${short}.json`, PRIVATE);
    }
    default:
      return download(contract.text, "text/plain; charset=utf-8", `contract-${short}.txt`, PRIVATE);
  }
}
