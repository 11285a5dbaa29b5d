import { findLicenceOdrl } from "@/lib/access/queries";
import { currentActor } from "@/lib/accounts/session/session";

type Context = { params: Promise<{ licenceId: string }> };

/** A licence as an ODRL agreement, for its two sides. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { licenceId } = await params;
  const actor = await currentActor();
  const odrl = actor && (await findLicenceOdrl(actor, licenceId));
  if (!odrl) return Response.json({ error: "not_found" }, { status: 404 });
  return new Response(JSON.stringify(odrl, null, 2), {
    headers: {
      "content-type": "application/ld+json",
      "content-disposition": `attachment; filename="licence-${licenceId.slice(0, 8)}.jsonld"`,
      "cache-control": "private, no-store",
    },
  });
}
