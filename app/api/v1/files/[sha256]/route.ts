import { publicHeaders } from "@/lib/catalogue/api-view";
import { listVersionsWithFile } from "@/lib/catalogue/queries/versions-with-file";

/** The listed versions that hold a file of this digest; an empty list when there is none. */
export async function GET(_request: Request, { params }: { params: Promise<{ sha256: string }> }) {
  const { sha256 } = await params;
  return Response.json({ sha256, versions: await listVersionsWithFile(sha256) }, { headers: publicHeaders });
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers: publicHeaders });
}
