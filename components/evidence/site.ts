import { decodeBase64 } from "@/lib/evidence/dsse";
import { type NoteKey, readVkey } from "@/lib/evidence/log/signed-note";
import { tilePath } from "@/lib/evidence/log/tile-path";
import type { FetchTile } from "@/lib/evidence/log/tile-reader";
import { type TlogPolicy, readPolicy } from "@/lib/evidence/log/tlog-policy";

/** What this site serves, read by whoever does not take its word for it. */
export type Site = {
  origin: string;
  /** The text at a path; a status instead where there is none, null where nobody answers. */
  readText: (path: string) => Promise<SiteAnswer>;
  fetchTile: FetchTile;
};

export type SiteAnswer = { text: string } | { text: null; status: number | null };

/** Log key and witnesses, as served here. `policy` always holds this log and no other. */
export type LogTrust = { key: NoteKey; vkey: string; policy: TlogPolicy };

/** A site by its origin; what never changes is fetched once. */
export function siteAt(origin: string): Site {
  const kept = new Map<string, Promise<SiteAnswer>>();
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
    fetchTile: async (tile) => {
      const response = await fetch(`${origin}/log/1/${tilePath(tile)}`);
      if (!response.ok) throw new Error(`The tile answers ${response.status}.`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** The log's key and policy; null before its first checkpoint, "unreadable" when they are not what they should be. */
export async function readLogTrust(site: Site): Promise<LogTrust | "unreadable" | "unreachable" | null> {
  const [vkey, policy] = await Promise.all([site.readText("/log/1/vkey"), site.readText("/log/1/policy")]);
  if (vkey.text === null || policy.text === null) {
    const status = vkey.text === null ? vkey.status : policy.text === null ? policy.status : null;
    return status === 404 ? null : "unreachable";
  }
  const key = readVkey(vkey.text.trim());
  if (!key) return "unreadable";
  try {
    const read = readPolicy(policy.text);
    return { key, vkey: vkey.text.trim(), policy: { ...read, logs: [{ key }] } };
  } catch {
    return "unreadable";
  }
}

export type ListedKey = {
  keyId: string;
  spki: Uint8Array;
  /** Who it is listed for; the site's own name for the platform's keys. */
  name: string;
  handle: string | null;
  kind: string;
  isDemo: boolean;
  revokedAt: string | null;
};

/** Who a key is listed for here; "unlisted" when for nobody. */
export async function readListedKey(
  site: Site,
  keyId: string,
): Promise<ListedKey | "unlisted" | "unreachable"> {
  if (!/^[0-9a-f]{64}$/.test(keyId)) return "unlisted";
  const answer = await site.readText(`/api/v1/keys/${keyId}`);
  if (answer.text === null) return answer.status === 404 ? "unlisted" : "unreachable";
  try {
    const key = JSON.parse(answer.text) as Omit<ListedKey, "spki"> & { keySpkiBase64: string };
    const spki = decodeBase64(key.keySpkiBase64);
    return spki ? { ...key, spki } : "unlisted";
  } catch {
    return "unreachable";
  }
}

/** Key and policy stay for the life of a page, so that all its rows judge by the same. */
function isImmutable(path: string): boolean {
  return /^\/(log\/1\/(vkey|policy)$|log\/1\/envelope\/|api\/v1\/(envelopes|keys|manifests)\/)/.test(path);
}

async function readText(origin: string, path: string): Promise<SiteAnswer> {
  try {
    const response = await fetch(`${origin}${path}`);
    return response.ok ? { text: await response.text() } : { text: null, status: response.status };
  } catch {
    return { text: null, status: null };
  }
}
