import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { completenessOf, statementsAbout } from "@/lib/statements/completeness";
import { keyIdOf, readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64, toHex } from "@/lib/shared/encoding";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { cosign } from "@/lib/log/cosignature";
import { formatLeafBody, leafRecordOf } from "@/lib/log/leaf-body";
import { type MemoryLog, buildMemoryLog } from "@/lib/log/memory-log.fixture";
import { leafHash, proveInclusion } from "@/lib/log/merkle-tree";
import { keyFrom } from "@/lib/log/seeded-key.fixture";
import { formatBundle, formatTrustedRoot } from "@/lib/log/sigstore-bundle";
import { formatSignatureLine, formatVkey, readNote } from "@/lib/log/signed-note";
import { readLogPath, tileWidth } from "@/lib/log/tile-path";
import { openTiles } from "@/lib/log/tile-reader";
import { formatPolicy } from "@/lib/log/tlog-policy";
import { formatTlogProof } from "@/lib/log/tlog-proof";
import { keyKind } from "@/lib/statements/kinds/key";
import { roleKind } from "@/lib/statements/kinds/role";
import { readStatement } from "@/lib/statements/statement";
import type { TestKey } from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { runProgram } from "./program";

/** What stands behind an entry; an entry without an envelope is bytes that nobody can explain. */
export type Entry = { body: Uint8Array; text: string; spki: Uint8Array };

export const ORIGIN = "market.example/log/1";
export const logKey = keyFrom(21, ORIGIN, 1);
export const witness = keyFrom(22, "observer.example", 4);

export function entryOf(text: string, { spki }: Pick<TestKey, "spki">): Entry {
  const envelope = readEnvelope(text);
  if (!envelope) throw new Error("This is no envelope.");
  return { text, spki, body: formatLeafBody(leafRecordOf(envelope, spki)) };
}

export const leafOf = ({ body }: Entry) => toHex(leafHash(body));

/** A log at one moment, as it would be served. */
export async function publish(entries: readonly Entry[], isWitnessed = false) {
  const tree = buildMemoryLog(entries.map(({ body }) => body));
  const { size, root } = tree;
  const signed = await signCheckpoint(
    { origin: ORIGIN, size, root, extensions: [] },
    logKey.key,
    logKey.sign,
  );
  const seen = await cosign(readNote(signed)?.text ?? "", 1_800_000_000n, witness.key, witness.sign);
  const note = isWitnessed ? signed + formatSignatureLine(seen) : signed;
  return { entries, tree, note };
}
export type Published = Awaited<ReturnType<typeof publish>>;

/** Index and audit path of an entry. */
export async function placeOf({ entries, tree }: Published, entry: Entry) {
  const at = entries.indexOf(entry);
  const hashes = await proveInclusion(
    BigInt(at),
    tree.size,
    openTiles(tree, async (tile) => tree.readTile(tile)).readHashes,
  );
  return { index: BigInt(at), hashes };
}

export async function proofOf(published: Published, entry: Entry): Promise<string> {
  return formatTlogProof({ ...(await placeOf(published, entry)), checkpoint: published.note, extra: null });
}

export async function bundleOf(published: Published, entry: Entry): Promise<string> {
  const { size, root } = published.tree;
  const envelope = readEnvelope(entry.text);
  if (!envelope) throw new Error("This is no envelope.");
  const place = await placeOf(published, entry);
  return formatBundle(
    { envelope, spki: entry.spki, tree: { size, root }, checkpoint: published.note, ...place },
    logKey.key,
  );
}

export const policyText = formatPolicy({
  logs: [{ key: logKey.key }],
  witnesses: [],
  groups: [],
  quorum: null,
});
export const vkey = formatVkey(logKey.key);
export const trustedRoot = formatTrustedRoot(logKey.key, new Date("2026-01-01T00:00:00Z"));

/** What a market answers at a path: undefined leaves it to the market, a number is a status without content. */
type Tamper = (path: string) => string | Uint8Array | number | undefined;

/** A market over HTTP with a log in memory: what it shows can be changed at any time, also to something false. */
export async function openMarket() {
  const market = {
    url: "",
    published: await publish([]),
    /** Envelopes behind the listing "a-model". */
    listed: [] as Entry[],
    /** Leaf hashes of which no payload is given out, and the status said instead. */
    withheld: new Map<string, number>(),
    manifests: new Map<string, string>(),
    tamper: (() => undefined) as Tamper,
    asked: [] as string[],
    async show(...entries: Entry[]) {
      market.published = await publish([...market.published.entries, ...entries]);
    },
    close: () => new Promise((resolve) => void server.close(resolve)),
  };
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    market.asked.push(pathname);
    void Promise.resolve(market.tamper(pathname) ?? responseTo(market, pathname)).then((answer) => {
      response.statusCode = typeof answer === "number" ? answer : 200;
      response.end(typeof answer === "number" ? "" : answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  market.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return market;
}
export type Market = Awaited<ReturnType<typeof openMarket>>;

async function responseTo(market: Market, pathname: string): Promise<string | Uint8Array | number> {
  const { published, listed, manifests } = market;
  if (pathname.startsWith("/log/1/")) return logResponse(market, pathname.slice("/log/1/".length));
  if (pathname === "/api/v1/listings/a-model/attestations")
    return JSON.stringify({
      attestations: listed.map(({ text, spki }) => ({
        sha256: hexDigest(text),
        keyId: keyIdOf(spki),
        keySpkiBase64: encodeBase64(spki),
        href: `/api/v1/envelopes/${hexDigest(text)}`,
      })),
    });
  const [, kind, digest = ""] =
    /^\/api\/v1\/(envelopes|manifests|models)\/([0-9a-f]{64})/.exec(pathname) ?? [];
  if (kind === "manifests") return manifests.get(digest) ?? 404;
  if (kind === "models") return siteList(published, digest);
  return [...published.entries, ...listed].find(({ text }) => hexDigest(text) === digest)?.text ?? 404;
}

async function logResponse(
  { published, withheld }: Market,
  place: string,
): Promise<string | Uint8Array | number> {
  const { tree, note, entries } = published;
  if (place === "checkpoint") return note;
  if (place === "policy") return policyText;
  if (place === "vkey") return `${vkey}\n`;
  const [kind = "", hash = ""] = place.split("/");
  if (kind === "speaker") return speakerFacts(published, hash);
  if (kind === "proof" || kind === "bundle") {
    const entry = entries.find((one) => leafOf(one) === hash);
    if (!entry) return 404;
    if (kind === "proof") return proofOf(published, entry);
    return withheld.get(hash) ?? (entry.text === "" ? 404 : bundleOf(published, entry));
  }
  return tileResponse(tree, place);
}

/** Every entry before this one: more than a market gives, and the same to whoever judges. */
async function speakerFacts(published: Published, hash: string): Promise<string | number> {
  const at = published.entries.findIndex((one) => leafOf(one) === hash);
  if (at < 0) return 404;
  const told = published.entries.slice(0, at).filter(({ text }) => isOfRegister(text));
  return JSON.stringify({ facts: await Promise.all(told.map((one) => bundleOf(published, one))) });
}

function isOfRegister(text: string): boolean {
  const payload = decodeBase64(readEnvelope(text)?.payload ?? "");
  const kind = payload && readStatement(payload)?.predicateType;
  return kind === keyKind.predicateType || kind === roleKind.predicateType;
}

export function tileResponse(tree: MemoryLog, place: string): Uint8Array | number {
  const read = readLogPath(place);
  const level = read?.kind === "hashes" ? read.level : 0;
  if (!read || read.width > tileWidth(level, read.index, tree.size)) return 404;
  return read.kind === "entries" ? tree.readBundle(read) : tree.readTile(read);
}

function siteList({ entries, tree }: Published, modelDigest: string): string {
  const log = entries.flatMap((entry, index) => {
    const statement = readStatement(
      decodeBase64(readEnvelope(entry.text)?.payload ?? "") ?? new Uint8Array(),
    );
    const logged = {
      envelope: hexDigest(entry.text),
      keyId: keyIdOf(entry.spki),
      leafHash: leafOf(entry),
      index,
    };
    return statement ? [{ ...logged, statement }] : [];
  });
  const { statements, ...counts } = completenessOf(statementsAbout(modelDigest, log));
  return JSON.stringify({
    modelDigest,
    ...counts,
    logSize: tree.size.toString(),
    statements: statements.map(({ statement: _statement, ...rest }) => rest),
  });
}

export type Run = { code: number; out: string; err: string; json: Record<string, unknown> };

/** Runs the program as a person would, in a process of its own. */
export function offcut(folder: string, ...args: string[]): Promise<Run> {
  const root = path.resolve(import.meta.dirname, "../..");
  const env = { ...process.env, ...placesIn(folder), NODE_OPTIONS: "" };
  return new Promise((resolve) => {
    const program = ["--import", "tsx", "lib/cli/offcut.ts", ...args];
    execFile(process.execPath, program, { cwd: root, env, maxBuffer: 64e6 }, (error, out, err) => {
      const code = error ? Number(error.code) : 0;
      resolve({ code, out, err, json: args.includes("--json") ? JSON.parse(out) : {} });
    });
  });
}

/** Runs the same program here, where a process for each of hundreds of runs would take too long. */
export async function offcutHere(folder: string, ...args: string[]): Promise<Run> {
  Object.assign(process.env, placesIn(folder));
  let [out, err] = ["", ""];
  const streams = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    isTerminal: false,
  };
  const code = await runProgram(args, streams);
  return { code, out, err, json: args.includes("--json") ? JSON.parse(out) : {} };
}

function placesIn(folder: string): Record<string, string> {
  return { INIT_CWD: folder, XDG_STATE_HOME: path.join(folder, "state") };
}

export function newFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "offcut-cli-"));
}
