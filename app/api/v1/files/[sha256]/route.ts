import { listVersionsWithFile } from "@/lib/catalogue/queries/versions-with-file";
import { publicAnswer } from "../../public-response";

export { preflight as OPTIONS } from "../../public-response";

/** The listed versions that hold a file of this digest; an empty list when there is none. */
export async function GET(_request: Request, { params }: { params: Promise<{ sha256: string }> }) {
  const { sha256 } = await params;
  return publicAnswer({ sha256, versions: await listVersionsWithFile(sha256) });
}
