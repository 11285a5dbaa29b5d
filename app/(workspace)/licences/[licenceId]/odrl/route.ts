import { findLicenceOdrl } from "@/lib/access/queries";
import { currentActor } from "@/lib/accounts/session/session";
import { PRIVATE, download, noSuch } from "../../../../responses";

type Context = { params: Promise<{ licenceId: string }> };

/** A licence as an ODRL agreement, for its two sides. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { licenceId } = await params;
  const actor = await currentActor();
  const odrl = actor && (await findLicenceOdrl(actor, licenceId));
  if (!odrl) return noSuch();
  const name = `licence-${licenceId.slice(0, 8)}.jsonld`;
  return download(JSON.stringify(odrl, null, 2), "application/ld+json", name, PRIVATE);
}
