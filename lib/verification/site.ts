import { decodeBase64 } from "@/lib/shared/encoding";
import { type NoteKey, readVkey } from "@/lib/log/signed-note";
import type { FetchTile, FetchBundle } from "@/lib/log/tile-reader";
import { type TlogPolicy, readPolicy } from "@/lib/log/tlog-policy";

/** What a site serves, read by whoever does not take its word for it. */
export type Site = {
  origin: string;
  /** The text at a path; a status instead where there is none, null where nobody answers. */
  readText: (path: string) => Promise<SiteResponse>;
  fetchTile: FetchTile;
  fetchBundle: FetchBundle;
};

export type SiteResponse = { text: string } | { text: null; status: number | null };

/** Log key and witnesses, as served here. `policy` always holds this log and no other. */
export type LogTrust = { key: NoteKey; vkey: string; policy: TlogPolicy };

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

/** The JSON object at a path: "absent" only where the site says there is none, "unreachable" where it says nothing. */
export async function readSiteJson(
  site: Site,
  path: string,
): Promise<Record<string, unknown> | "absent" | "unreachable"> {
  const answer = await site.readText(path);
  if (answer.text === null) return answer.status === 404 ? "absent" : "unreachable";
  try {
    const value: unknown = JSON.parse(answer.text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : "unreachable";
  } catch {
    return "unreachable";
  }
}
