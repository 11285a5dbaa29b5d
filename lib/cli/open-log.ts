import { stat } from "node:fs/promises";
import { type Checkpoint, openCheckpoint } from "@/lib/log/checkpoint";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { formatVkey, readVkey } from "@/lib/log/signed-note";
import { entryBundlePath, tilePath } from "@/lib/log/tile-path";
import { type FetchBundle, type FetchTile, type TileReader, openTiles } from "@/lib/log/tile-reader";
import { type TlogPolicy, formatPolicy, keysOf, readPolicy } from "@/lib/log/tlog-policy";
import { witnessedTime } from "@/lib/verification/judge-speaker";
import { Refusal } from "./ending";
import { resolvePath } from "./environment";
import { fetchBytes, fetchText, isAddress, readAddress, unreachable } from "./fetching";
import { demandOneHistory, findKnownLog, largestSeen } from "./history";
import { observersRow } from "./judge-log";
import { type Row, verified } from "./row";
import { type Memory, placeName } from "./memory";
import { type KeyOrigin, type Trust, policyOfKey, policyOfText } from "./trust";

/** All that a run holds: what the person trusts, what was remembered, and whether a first word may be believed. */
export type TrustContext = { trust: Trust; memory: Memory; mayTrustFirstUse: boolean };

/** A log at its present checkpoint, signed by a trusted key, seen by enough witnesses, and of one history. */
export type OpenedLog = {
  /** Its address without a slash at the end. */
  prefix: string;
  policy: TlogPolicy;
  checkpoint: Checkpoint;
  note: string;
  vkey: string;
  reader: TileReader;
  fetchTile: FetchTile;
  fetchBundle: FetchBundle;
  /** When the first of the policy's witnesses saw this tree; null where none did. */
  seenAt: Date | null;
  /** The size of the largest tree that was ever seen of it, this one included. */
  largest: bigint;
  rows: Row[];
};

/** Opens the log below an address, or throws the refusal that fits. */
export async function openLog(prefix: string, context: TrustContext): Promise<OpenedLog> {
  const { policy, origin } = await policyFor(prefix, context);
  const note = await fetchText(`${prefix}/checkpoint`);
  if (note === null)
    throw new Refusal("unreachable", "no_checkpoint", `${prefix} has published no checkpoint.`);
  const opened = await openCheckpoint(note, keysOf(policy), verifyByNode);
  if (opened === "untrusted_log")
    throw new Refusal(
      "untrusted_key",
      "untrusted_log",
      `${prefix} shows a checkpoint by another key than the one you ${origin === "given" ? "gave" : "saw before"}.`,
    );
  if (typeof opened === "string")
    throw new Refusal("failed", opened, `${prefix} shows a checkpoint that is ${opened}.`);
  const { checkpoint, logKey, cosignatures } = opened;
  const vkey = formatVkey(logKey);
  const observers = observersRow(policy, cosignatures);
  const fetchTile: FetchTile = (tile) => fetchLogFile(prefix, tilePath(tile));
  const history = await demandOneHistory(context.memory, { vkey, checkpoint: note }, fetchTile, new Date());
  rememberPolicy(context, prefix, policy, origin);
  if (observers.state === "failed")
    throw new Refusal("failed", "quorum_missing", `Observers: ${observers.text}.`);
  return {
    prefix,
    policy,
    checkpoint,
    note,
    vkey,
    reader: openTiles(checkpoint, fetchTile),
    fetchTile,
    fetchBundle: (bundle) => fetchLogFile(prefix, entryBundlePath(bundle)),
    seenAt: witnessedTime(cosignatures)?.at ?? null,
    largest: largestSeen(context.memory, checkpoint),
    rows: [keyRow(prefix, checkpoint, vkey, origin), observers, history],
  };
}

async function fetchLogFile(prefix: string, path: string): Promise<Uint8Array> {
  const bytes = await fetchBytes(`${prefix}/${path}`);
  if (!bytes) throw unreachable(`${prefix}/${path}`, "the log does not serve it");
  return bytes;
}

function keyRow(prefix: string, { origin, size }: Checkpoint, vkey: string, how: KeyOrigin): Row {
  const why = {
    given: "a key that you gave",
    remembered: "the key remembered from before",
    first_use: `a key that ${prefix} named just now, for the first time; nothing else vouches for it`,
  }[how];
  return verified("log", `${origin} signed a tree of ${size} entries with ${why} (${vkey})`);
}

/** The policy to judge a log by: given, else remembered for this address, else what the log says of itself. */
async function policyFor(
  prefix: string,
  context: TrustContext,
): Promise<{ policy: TlogPolicy; origin: KeyOrigin }> {
  if (context.trust.policy) return { policy: context.trust.policy, origin: "given" };
  const kept = context.memory.find("addresses", placeName(prefix), "policy");
  if (kept !== null) return { policy: policyOfText(kept, "The remembered policy"), origin: "remembered" };
  const policy = await policyOfSite(prefix);
  if (!context.mayTrustFirstUse)
    throw new Refusal(
      "untrusted_key",
      "first_use",
      `You have never seen the log at ${prefix}, and --no-first-use forbids to believe its own word.`,
    );
  return { policy, origin: "first_use" };
}

async function policyOfSite(prefix: string): Promise<TlogPolicy> {
  const text = await fetchText(`${prefix}/policy`);
  if (text !== null) {
    try {
      return readPolicy(text);
    } catch {
      throw new Refusal("failed", "policy_malformed", `${prefix}/policy is no tlog-policy.`);
    }
  }
  const vkey = await fetchText(`${prefix}/vkey`);
  const key = vkey === null ? null : readVkey(vkey.trim());
  if (vkey === null) throw new Refusal("unreachable", "no_log", `There is no log at ${prefix}.`);
  if (!key) throw new Refusal("failed", "vkey_malformed", `${prefix}/vkey is no verifier key.`);
  return policyOfKey(key);
}

function rememberPolicy(
  { memory }: TrustContext,
  prefix: string,
  policy: TlogPolicy,
  origin: KeyOrigin,
): void {
  if (origin === "first_use") memory.keep(formatPolicy(policy), "addresses", placeName(prefix), "policy");
}

/** The key remembered for a log of this name, for files that came from it; no witnesses are asked for. */
export function rememberedPolicy(memory: Memory, origin: string): TlogPolicy | null {
  const key = readVkey(findKnownLog(memory, origin)?.vkey ?? "");
  return key && policyOfKey(key);
}

/** Where a log begins: at the address or folder itself, or at `/log/1` of the site. */
export async function findLogPrefix(target: string): Promise<string> {
  const candidates = isAddress(target) ? prefixesOf(readAddress(target)) : await foldersOf(target);
  for (const prefix of candidates) if (await fetchBytes(`${prefix}/checkpoint`)) return prefix;
  throw new Refusal("unreachable", "no_log", `There is no log at ${target}.`);
}

function prefixesOf({ origin, pathname }: URL): string[] {
  const place = pathname.replace(/\/+$/, "");
  if (place.endsWith("/log/1")) return [`${origin}${place}`];
  return place === "" ? [`${origin}/log/1`, origin] : [`${origin}${place}`, `${origin}/log/1`];
}

/** Throws `ENOENT` where there is no such folder. */
async function foldersOf(target: string): Promise<string[]> {
  const folder = resolvePath(target);
  await stat(folder);
  return [folder, `${folder}/log/1`];
}
