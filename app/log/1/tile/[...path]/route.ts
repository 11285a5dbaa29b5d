import { findEntryBundle, findTile } from "@/lib/log/queries";
import { readLogPath } from "@/lib/log/tile-path";
import { IMMUTABLE, logResponse, notInLog } from "../../log-response";

/** Tiles and entry bundles at their C2SP paths; 404 for whatever the published tree does not have. */
export async function GET(_request: Request, { params }: { params: Promise<{ path: string[] }> }) {
  const { path } = await params;
  const place = readLogPath(`tile/${path.join("/")}`);
  if (!place) return notInLog("This is not the path of a tile.");
  if (place.kind === "hashes") {
    const tile = await findTile(place.level, place.index, place.width);
    if (!tile) return notInLog("The published tree has no such tile.");
    return logResponse(tile, "application/octet-stream", IMMUTABLE);
  }
  const bundle = await findEntryBundle(place.index, place.width);
  if (!bundle) return notInLog("The published tree has no such entries.");
  // As they are: Next.js drops the header that would name a compression. A server in front may compress.
  return logResponse(bundle, "application/octet-stream", IMMUTABLE);
}
