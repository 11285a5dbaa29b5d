import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { signEnvelope } from "@/lib/statements/dsse";
import { hostileFile } from "@/lib/formats/hostile.fixture";
import { canonicalJson } from "@/lib/shared/jcs";
import { makeStatement, statementBytes } from "@/lib/statements/statement";
import { verifyEnvelope } from "@/lib/statements/verify-envelope";
import { formatAddCheckpoint } from "./add-checkpoint";
import { openCheckpoint, signCheckpoint } from "./checkpoint";
import { cosign } from "./cosignature";
import { formatEntryBundle, readEntryBundle } from "./entry-bundle";
import { formatLeafBody, leafRecordOf, readLeafBody } from "./leaf-body";
import { buildMemoryLog } from "./memory-log.fixture";
import { leafHash, proveInclusion } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { openWitness } from "./process/run-witness";
import { keyFrom } from "./seeded-key.fixture";
import { formatBundle } from "./sigstore-bundle";
import { formatSignatureLine, formatVkey, readNote, readVkey } from "./signed-note";
import { openTiles } from "./tile-reader";
import { PolicyError, readPolicy } from "./tlog-policy";
import { formatTlogProof, verifyTlogProof } from "./tlog-proof";
import { verifyBundle } from "./verify-bundle.fixture";

/**
 * 10,000 malformed inputs for every reader of the log, for a witness, and for the door that takes statements from
 * strangers: nothing throws, nothing answers 5xx, and memory stays flat.
 */

const INPUTS = Number(process.argv[2] ?? 10_000);
/** Part of a reader's name, to drill that one alone. */
const ONLY = process.argv[3] ?? "";
const MAX_GROWTH_BYTES = 24 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heapBytes = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

const log = keyFrom(1, "market.example/log/1", 1);
const witness = keyFrom(2, "observer.example", 4);
const policyText = `log ${formatVkey(log.key)} https://market.example/log/1
witness W ${formatVkey(witness.key)} https://observer.example
group G any W
quorum G
`;
const policy = readPolicy(policyText);
const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
  "sign",
  "verify",
]);
const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
const statement = makeStatement(
  "https://offcut.example/predicates/limitation/v1",
  [{ sha256: "a".repeat(64) }],
  {
    text: "Fails on handwriting.",
  },
);
const envelope = await signEnvelope(statementBytes(statement), pair.privateKey, spki);
const body = formatLeafBody(leafRecordOf(envelope, spki));
const entries = Array.from({ length: 300 }, (_, at) =>
  at === 77 ? body : new TextEncoder().encode(`entry ${at}`),
);
const tree = buildMemoryLog(entries);
const tiles = openTiles(tree, async (tile) => tree.readTile(tile));
const hashes = await proveInclusion(77n, tree.size, tiles.readHashes);
const note = await signCheckpoint(
  { origin: log.key.name, size: tree.size, root: tree.root, extensions: [] },
  log.key,
  log.sign,
);
const seen = await cosign(readNote(note)!.text, 1_790_000_000n, witness.key, witness.sign);
const checkpoint = note + formatSignatureLine(seen);
const proven = { envelope, spki, index: 77n, tree, hashes, checkpoint };
const trust = { trustedKeys: [spki], policy, verify: verifyByNode };

// Read with the rest of the environment at its first use, which is the next line.
process.env.TRUSTED_PROXY = "1";
mkdirSync(env().DATA_DIR, { recursive: true });
const folder = mkdtempSync(path.join(env().DATA_DIR, "hostile-drill-"));
const observer = await openWitness({
  folder,
  newName: "observer.example",
  logs: [log.key],
  now: () => 1_790_000_000n,
});

/** A reader: what it makes of bytes, in a word. It must never throw. */
type Reader = {
  name: string;
  sample: string | Uint8Array;
  read: (bytes: Uint8Array, seed: number) => Promise<string>;
};

const lenient = new TextDecoder();
const ofText = (read: (text: string) => Promise<string> | string) => async (bytes: Uint8Array) =>
  read(lenient.decode(bytes));
const orNull = (value: unknown) => (value === null ? "refused" : "read");

function policyVerdict(text: string): string {
  try {
    readPolicy(text);
    return "read";
  } catch (error) {
    if (error instanceof PolicyError) return "refused";
    throw error;
  }
}

const readers: Reader[] = [
  {
    name: "envelope",
    sample: canonicalJson(envelope),
    read: ofText(async (text) => (await verifyEnvelope(text, { trustedKeys: [spki] })).state),
  },
  { name: "note", sample: checkpoint, read: ofText((text) => orNull(readNote(text))) },
  { name: "vkey", sample: formatVkey(log.key), read: ofText((text) => orNull(readVkey(text))) },
  {
    name: "checkpoint",
    sample: checkpoint,
    read: ofText(async (text) => {
      const opened = await openCheckpoint(text, { logs: [log.key], witnesses: [witness.key] }, verifyByNode);
      return typeof opened === "string" ? opened : "opened";
    }),
  },
  {
    name: "proof",
    sample: formatTlogProof({ ...proven, extra: null }),
    read: ofText(async (text) => (await verifyTlogProof(text, leafHash(body), policy, verifyByNode)).state),
  },
  {
    name: "bundle",
    sample: formatBundle(proven, log.key),
    read: ofText(async (text) => (await verifyBundle(text, trust)).state),
  },
  { name: "policy", sample: policyText, read: ofText(policyVerdict) },
  { name: "leaf", sample: body, read: async (bytes) => orNull(readLeafBody(bytes)) },
  {
    name: "entry bundle",
    sample: formatEntryBundle(entries),
    read: async (bytes) => orNull(readEntryBundle(bytes, entries.length)),
  },
  {
    name: "witness",
    sample: formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint: note }),
    read: ofText(async (text) => String((await observer.add(text)).status)),
  },
];

/** The door for strangers, each time as another client, because one alone would soon be told to wait. */
async function door(): Promise<Reader> {
  const { POST } = await import("@/app/api/v1/envelopes/route");
  return {
    name: "POST /api/v1/envelopes",
    sample: canonicalJson(envelope),
    read: async (bytes, seed) => {
      const request = new Request("http://localhost:3000/api/v1/envelopes", {
        method: "POST",
        body: Uint8Array.from(bytes),
        headers: {
          "content-type": "application/json",
          "x-forwarded-for": `10.${seed % 250}.${Math.floor(seed / 250) % 250}.1`,
        },
      });
      const { status } = await POST(request);
      if (status >= 500) throw new Error(`It answered ${status}.`);
      return String(status);
    },
  };
}

readers.push(await door());
const lines: Record<string, string | number>[] = [];
let failed = 0;

for (const [place, { name, sample, read }] of readers.entries()) {
  if (!name.includes(ONLY)) continue;
  const bytes = typeof sample === "string" ? new TextEncoder().encode(sample) : sample;
  const verdicts = new Map<string, number>();
  let crashes = 0;
  let warm = 0;
  const begun = performance.now();
  for (let seed = 0; seed < INPUTS; seed++) {
    if (seed === Math.floor(INPUTS / 10)) warm = heapBytes();
    try {
      const verdict = await read(hostileFile({ name, bytes }, place * 1_000_000 + seed), seed);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    } catch (error) {
      crashes += 1;
      if (crashes < 4) console.error(name, seed, error);
    }
  }
  const growth = heapBytes() - warm;
  if (crashes > 0 || growth > MAX_GROWTH_BYTES) failed += 1;
  lines.push({
    reader: name,
    inputs: INPUTS,
    crashes,
    "heap growth KB": Math.round(growth / 1024),
    seconds: Math.round((performance.now() - begun) / 1000),
    answers: [...verdicts].map(([verdict, count]) => `${verdict} ${count}`).join(", "),
  });
}

console.table(lines);
await db.$disconnect();
rmSync(folder, { recursive: true, force: true });
// Limiters and pools of the door would keep the process waiting.
process.exit(failed > 0 ? 1 : 0);
