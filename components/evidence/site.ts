import type { Site, SiteResponse } from "@/lib/verification/site";
import { entryBundlePath, tilePath } from "@/lib/log/tile-path";

/** A site by its origin; what never changes is fetched once. */
export function siteAt(origin: string): Site {
  const kept = new Map<string, Promise<SiteResponse>>();
  return {
    origin,
    readText: async (path) => {
      const known = kept.get(path) ?? readText(origin, path);
      if (isImmutable(path)) kept.set(path, known);
      const answer = await known;
      // What could not be had now may be had in a moment.
      if (answer.text === null) kept.delete(path);
      return answer;
    },
    fetchTile: (tile) => readBytes(`${origin}/log/1/${tilePath(tile)}`),
    fetchBundle: (bundle) => readBytes(`${origin}/log/1/${entryBundlePath(bundle)}`),
  };
}

/** Key and policy stay for the life of a page, so that all its rows judge by the same. */
function isImmutable(path: string): boolean {
  return /^\/(log\/1\/(vkey|policy)$|log\/1\/envelope\/|api\/v1\/(envelopes|keys|manifests)\/)/.test(path);
}

async function readText(origin: string, path: string): Promise<SiteResponse> {
  try {
    const response = await fetch(`${origin}${path}`);
    return response.ok ? { text: await response.text() } : { text: null, status: response.status };
  } catch {
    return { text: null, status: null };
  }
}

async function readBytes(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The log answers ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
