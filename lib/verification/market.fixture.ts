import { modelManifest } from "@/lib/catalogue/model-manifest";
import { type DsseEnvelope, keyIdOf, signEnvelope } from "@/lib/statements/dsse";
import { encodeBase64, toHex } from "@/lib/shared/encoding";
import { canonicalJson } from "@/lib/shared/jcs";
import { revocationKind } from "@/lib/statements/kinds/revocation";
import { rulingKind } from "@/lib/statements/kinds/ruling";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { formatLeafBody, leafHashOfEnvelope, leafRecordOf } from "@/lib/log/leaf-body";
import { type MemoryLog, buildMemoryLog } from "@/lib/log/memory-log";
import { proveInclusion } from "@/lib/log/merkle-tree";
import { keyFrom } from "@/lib/log/seeded-key";
import { formatBundle } from "@/lib/log/sigstore-bundle";
import { SIGNATURE_TYPE, formatVkey } from "@/lib/log/signed-note";
import { openTiles } from "@/lib/log/tile-reader";
import { formatPolicy } from "@/lib/log/tlog-policy";
import { formatTlogProof } from "@/lib/log/tlog-proof";
import { type Statement, makeStatement, statementBytes } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Site, SiteResponse } from "./site";

/** A small market in memory: one seller's key, a model, statements about it in a log, and the site that serves them. */
export const ORIGIN = "https://market.example";
const LOG_ORIGIN = "market.example/log/1";
const AT = "2026-11-22T10:00:00.000Z";

export const modelFiles = [
  { path: "model.onnx", text: "weights of a model" },
  { path: "tokenizer/vocab.json", text: '{"a":0}' },
];

export type Market = Awaited<ReturnType<typeof makeMarket>>;

export async function makeMarket() {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const manifest = modelManifest(modelFiles.map(({ path, text }) => ({ path, sha256: hexDigest(text) })));
  const modelDigest = hexDigest(manifest);
  const sign = (statement: Statement) => signEnvelope(statementBytes(statement), pair.privateKey, spki);
  const ruling = await sign(rulingAbout(modelDigest));
  const revocation = await sign(revocationOf(hexDigest(canonicalJson(ruling)), modelDigest));
  const envelopes = [ruling, revocation];
  const log = buildMemoryLog(envelopes.map((one) => formatLeafBody(leafRecordOf(one, spki))));
  const logKey = keyFrom(1, LOG_ORIGIN, SIGNATURE_TYPE.ed25519);
  const tree = { origin: LOG_ORIGIN, size: log.size, root: log.root, extensions: [] };
  const checkpoint = await signCheckpoint(tree, logKey.key, logKey.sign);
  const entries = await Promise.all(
    envelopes.map((envelope, at) => entryOf(envelope, spki, BigInt(at), log, checkpoint, logKey.key)),
  );
  const vkey = formatVkey(logKey.key);
  return { spki, keyId: keyIdOf(spki), manifest, modelDigest, log, checkpoint, vkey, logKey, entries };
}

function rulingAbout(modelDigest: string): Statement {
  const predicate = { deal: "d", dispute: "x", moderator: "m", outcome: "refund", commitments: [], at: AT };
  const subjects = [{ name: "terms", sha256: "7".repeat(64) }, { sha256: modelDigest }];
  return makeStatement(rulingKind.predicateType, subjects, predicate);
}

function revocationOf(envelope: string, modelDigest: string): Statement {
  const signer = { role: "platform", account: "platform" };
  const predicate = { signer, withdraws: envelope, reason: "It was wrong.", at: AT };
  return makeStatement(revocationKind.predicateType, [{ sha256: modelDigest }], predicate);
}

async function entryOf(
  envelope: DsseEnvelope,
  spki: Uint8Array,
  index: bigint,
  log: MemoryLog,
  checkpoint: string,
  logKey: Parameters<typeof formatBundle>[1],
) {
  const tiles = openTiles(log, async (tile) => log.readTile(tile));
  const hashes = await proveInclusion(index, log.size, tiles.readHashes);
  const text = canonicalJson(envelope);
  return {
    text,
    sha256: hexDigest(text),
    leafHash: toHex(leafHashOfEnvelope(envelope, spki)),
    proof: formatTlogProof({ index, hashes, checkpoint, extra: null }),
    bundle: formatBundle({ envelope, spki, index, tree: log, hashes, checkpoint }, logKey),
  };
}

/** The market's site, with some of its answers replaced. */
export function siteOf(market: Market, replaced: Record<string, string | null> = {}): Site {
  const texts = { ...textsOf(market), ...replaced };
  return {
    origin: ORIGIN,
    readText: async (path): Promise<SiteResponse> => {
      const text = texts[path];
      return typeof text === "string" ? { text } : { text: null, status: text === null ? 503 : 404 };
    },
    fetchTile: async (tile) => market.log.readTile(tile),
    fetchBundle: async (bundle) => market.log.readBundle(bundle),
  };
}

function textsOf({ spki, keyId, manifest, modelDigest, checkpoint, vkey, logKey, entries }: Market) {
  const policy = { logs: [{ key: logKey.key }], witnesses: [], groups: [], quorum: null };
  const version = { slug: "penguins", title: "Penguins", modelDigest, number: 1, isCurrent: true };
  const statements = entries.map(({ sha256, leafHash }, at) => ({
    leafHash,
    adverse: at === 0,
    withdrawnBy: at === 0 ? entries[1]!.sha256 : null,
    envelope: sha256,
  }));
  const texts: Record<string, string> = {
    "/log/1/vkey": `${vkey}\n`,
    "/log/1/policy": formatPolicy(policy),
    "/log/1/checkpoint": checkpoint,
    [`/api/v1/keys/${keyId}`]: JSON.stringify({
      keyId,
      keySpkiBase64: encodeBase64(spki),
      kind: "platform",
      name: "Offcut",
      handle: null,
      isDemo: true,
      revokedAt: null,
    }),
    [`/api/v1/manifests/${modelDigest}`]: manifest,
    [`/api/v1/models/${modelDigest}/statements`]: JSON.stringify({
      statements,
      total: 2,
      adverse: 1,
      withdrawn: 1,
    }),
    "/api/v1/listings/penguins": JSON.stringify({ title: "Penguins", version: { number: 1, modelDigest } }),
  };
  for (const { text } of modelFiles)
    texts[`/api/v1/files/${hexDigest(text)}`] = JSON.stringify({ versions: [version] });
  for (const { text, sha256, leafHash, proof, bundle } of entries) {
    texts[`/api/v1/envelopes/${sha256}`] = text;
    texts[`/log/1/proof/${leafHash}`] = proof;
    texts[`/log/1/bundle/${leafHash}`] = bundle;
  }
  return texts;
}
