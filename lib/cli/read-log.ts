import { addressOf } from "@/lib/statements/address";
import { type DsseEnvelope, keyIdOf, readEnvelope } from "@/lib/statements/dsse";
import { toHex } from "@/lib/shared/encoding";
import { type LeafRecord, isRecordOf, readLeafBody } from "@/lib/log/leaf-body";
import { leafHash } from "@/lib/log/merkle-tree";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { TILE_WIDTH, tilesOfTree } from "@/lib/log/tile-path";
import { type FetchBundle, TileError, type TileReader } from "@/lib/log/tile-reader";
import { type SenseFault, isSenseFault } from "@/lib/statements/sense-fault";
import type { SpeakerFault } from "@/lib/statements/speaker-fault";
import type { Statement } from "@/lib/statements/statement";
import { envelopeMessages } from "@/lib/statements/verify-envelope";
import { type Sources, judge } from "@/lib/verification/judge";
import { Refusal } from "./ending";

/** One entry of a log, as far as it could be matched with what was signed. No entry is ever left out. */
export type LogEntry = { index: bigint; leafHash: string } & (
  | { state: "statement"; envelope: string; keyId: string; statement: Statement }
  /** Well signed, and no in-toto statement. */
  | { state: "other_payload"; keyId: string; payloadType: string }
  /** The log records a signature whose payload nobody gives out: by law, or without a word. */
  | { state: "payload_unavailable"; keyId: string; why: "erased" | "missing" }
  /**
   * The signature that the log records does not hold, the entry is no record of a signature at all, the statement makes no
   * sense, or its signer may not say it. `code`: why, where the signature itself holds.
   */
  | { state: "faulty"; why: string; code?: SenseFault | SpeakerFault | "statement_malformed" }
);

/** The envelope that somebody gives out for a leaf; nothing of it is believed. A kept copy may be asked for anew. */
export type FetchEnvelope = (
  leafHash: string,
  record: LeafRecord,
  isAnew: boolean,
) => Promise<string | "erased" | "missing">;

export type ReadableLog = { size: bigint; reader: TileReader; fetchBundle: FetchBundle };

const AT_ONCE = 8;

/**
 * Reads every entry from `first` on: every tile that holds something new and every entry bundle is fetched and
 * compared with the signed root first, then each entry is matched with its envelope. Throws a refusal
 * `tile_forged` when a tile or a bundle is not the one that the root stands for.
 */
export async function* readLog(
  { size, reader, fetchBundle }: ReadableLog,
  first: bigint,
  fetchEnvelope: FetchEnvelope,
): AsyncGenerator<LogEntry> {
  try {
    for (const { level, index, width } of tilesOfTree(size)) {
      const end = (index * BigInt(TILE_WIDTH) + BigInt(width)) << BigInt(8 * level);
      if (end <= first && width === TILE_WIDTH) continue;
      await reader.readTile(level, index);
    }
    for (let bundle = first / BigInt(TILE_WIDTH); bundle * BigInt(TILE_WIDTH) < size; bundle++) {
      const entries = await reader.readEntries(bundle, fetchBundle);
      const leaves = entries
        .map((bytes, at) => ({ bytes, index: bundle * BigInt(TILE_WIDTH) + BigInt(at) }))
        .filter(({ index }) => index >= first);
      for (let at = 0; at < leaves.length; at += AT_ONCE)
        yield* await Promise.all(
          leaves.slice(at, at + AT_ONCE).map(({ bytes, index }) => matchEntry(bytes, index, fetchEnvelope)),
        );
    }
  } catch (error) {
    if (error instanceof TileError) throw new Refusal("failed", "tile_forged", error.message);
    throw error;
  }
}

/** Matches an authenticated entry with its envelope: the very record must follow from it, and its signature hold. */
export async function matchEntry(
  bytes: Uint8Array,
  index: bigint,
  fetchEnvelope: FetchEnvelope,
): Promise<LogEntry> {
  const place = { index, leafHash: toHex(leafHash(bytes)) };
  const record = readLeafBody(bytes);
  if (!record) return { ...place, state: "faulty", why: "it is no record of a signature" };
  const spki = Uint8Array.from(record.spki);
  const keyId = keyIdOf(spki);
  const given = (await envelopeOf(bytes, record, place.leafHash, fetchEnvelope)) ?? "missing";
  if (typeof given === "string") return { ...place, state: "payload_unavailable", keyId, why: given };
  const { text, envelope } = given;
  const { signature, statement } = await judge(
    { envelopeText: text },
    { whose: "reader", signers: { keys: [spki] }, entryAfter: [], verifyEd25519: verifyByNode },
    ownRecord,
  );
  if ("signing" in signature && signature.signing === "verified")
    return { ...place, state: "other_payload", keyId, payloadType: envelope.payloadType };
  if (signature.state !== "verified")
    return { ...place, state: "faulty", why: "the signature it records does not hold" };
  if (!("statement" in statement)) {
    const code = isSenseFault(statement.code) ? statement.code : "statement_malformed";
    return { ...place, state: "faulty", why: envelopeMessages[code], code };
  }
  return {
    ...place,
    state: "statement",
    envelope: addressOf(envelope),
    keyId,
    statement: statement.statement,
  };
}

/** The entry was read from tiles that lead to the signed root, and the envelope compared with it. */
const ownRecord: Sources = {
  policy: () => Promise.resolve("no_policy"),
  proof: () => Promise.resolve("not_asked"),
};

type Given = { text: string; envelope: DsseEnvelope };

/** The envelope that the entry records. Another one than that is as good as none, and a kept copy is asked for anew. */
async function envelopeOf(
  bytes: Uint8Array,
  record: LeafRecord,
  leaf: string,
  fetchEnvelope: FetchEnvelope,
): Promise<Given | "erased" | "missing" | null> {
  for (const isAnew of [false, true]) {
    const text = await fetchEnvelope(leaf, record, isAnew);
    if (text === "erased" || text === "missing") return text;
    const envelope = readEnvelope(text);
    if (envelope && isRecordOf(bytes, envelope)) return { text, envelope };
  }
  return null;
}
