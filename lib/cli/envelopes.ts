import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { preAuthEncoding, readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64, toHex } from "@/lib/shared/encoding";
import { digestOfBytes, hexDigest } from "@/lib/statements/verify-envelope";
import { Refusal } from "./ending";
import { decodeText, fetchResponse, isAddress, parseJson } from "./fetching";
import type { FetchEnvelope } from "./read-log";
import { type Memory, placeName } from "./memory";

/** What was signed behind the entries of a log: from its address, or from the folder of a copy. */
export function envelopesOf(prefix: string, origin: string, memory: Memory): FetchEnvelope {
  return isAddress(prefix) ? servedEnvelopes(prefix, origin, memory) : copiedEnvelopes(prefix);
}

/** Kept from earlier runs: each is matched with its entry again, so a kept one may be wrong. */
function servedEnvelopes(prefix: string, origin: string, memory: Memory): FetchEnvelope {
  const folder = ["entries", placeName(origin)] as const;
  return async (leafHash, _record, isAnew) => {
    const kept = isAnew ? null : memory.find(...folder, `${leafHash}.json`);
    if (kept !== null) return kept;
    const text = await orMissing(() => fetchEnvelopeText(`${prefix}/bundle/${leafHash}`));
    if (text === "erased" || text === "missing") return text;
    memory.keep(text, ...folder, `${leafHash}.json`);
    return text;
  };
}

async function fetchEnvelopeText(address: string): Promise<string> {
  const { status, bytes } = await fetchResponse(address);
  if (status !== 200) return status === 410 ? "erased" : "missing";
  const bundle = parseJson(decodeText(bytes, address), address) as { dsseEnvelope?: unknown } | null;
  return JSON.stringify(bundle?.dsseEnvelope ?? null);
}

/** Bytes that are no bundle, or too many of them, are as good as none: one entry must not hide all others. */
async function orMissing(fetchOne: () => Promise<string>): Promise<string> {
  try {
    return await fetchOne();
  } catch (error) {
    if (error instanceof Refusal && error.ending === "unsupported") return "missing";
    throw error;
  }
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
