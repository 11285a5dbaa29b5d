import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { decodeBase64, encodeBase64, preAuthEncoding, readEnvelope, toHex } from "@/lib/evidence/dsse";
import { digestOfBytes, hexDigest } from "@/lib/evidence/verify-envelope";
import { decodeText, fetchAnswer, isAddress, parseJson } from "./fetching";
import type { FetchEnvelope } from "./read-log";
import { type State, placeName } from "./state";

/** What was signed behind the entries of a log: from its address, or from the folder of a copy. */
export function envelopesOf(prefix: string, origin: string, state: State): FetchEnvelope {
  return isAddress(prefix) ? servedEnvelopes(prefix, origin, state) : copiedEnvelopes(prefix);
}

/** Kept from earlier runs: each is matched with its entry again, so a kept one may be wrong. */
function servedEnvelopes(prefix: string, origin: string, state: State): FetchEnvelope {
  const folder = ["entries", placeName(origin)] as const;
  return async (leafHash, _record, isAnew) => {
    const kept = isAnew ? null : state.find(...folder, `${leafHash}.json`);
    if (kept !== null) return kept;
    const { status, bytes } = await fetchAnswer(`${prefix}/bundle/${leafHash}`);
    if (status !== 200) return status === 410 ? "erased" : "missing";
    const bundle = parseJson(decodeText(bytes, "A bundle"), "A bundle") as { dsseEnvelope?: unknown } | null;
    const text = JSON.stringify(bundle?.dsseEnvelope ?? null);
    state.keep(text, ...folder, `${leafHash}.json`);
    return text;
  };
}

/** A copy names envelopes by their own digest, so they are found by what an entry records: digest and signature. */
function copiedEnvelopes(folder: string): FetchEnvelope {
  let known: Map<string, string> | undefined;
  return async (_leafHash, { digest, signature }) => {
    known ??= indexEnvelopes(path.join(folder, "envelope"));
    return known.get(placeOf(toHex(digest), signature)) ?? "missing";
  };
}

function indexEnvelopes(folder: string): Map<string, string> {
  const known = new Map<string, string>();
  for (const name of namesIn(folder)) {
    const text = readFileSync(path.join(folder, name), "utf8");
    const envelope = readEnvelope(text);
    const payload = envelope && decodeBase64(envelope.payload);
    const signature = decodeBase64(envelope?.signatures[0]?.sig ?? "");
    if (!envelope || !payload || !signature || hexDigest(text) !== name) continue;
    known.set(placeOf(digestOfBytes(preAuthEncoding(envelope.payloadType, payload)), signature), text);
  }
  return known;
}

function placeOf(digestHex: string, signature: Uint8Array): string {
  return `${digestHex} ${encodeBase64(signature)}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name));
  } catch {
    return [];
  }
}
