import { openCheckpoint } from "../log/checkpoint";
import { toHex } from "../dsse";
import { verifyByWebCrypto } from "../log/ed25519";
import { leafHash } from "../log/merkle-tree";
import { openTiles } from "../log/tile-reader";
import { keysOf } from "../log/tlog-policy";
import { readDocument } from "./document";
import { addModel } from "./find-models";
import { addClaim, claimOfLeaf } from "./add-claim";
import { type InspectionReport, emptyReport } from "./report";
import { type Site, readLogTrust } from "./site";

/** Judges what an address of this site or a digest leads to. Whatever cannot be found is said in a note. */
export async function lookUp(query: string, site: Site): Promise<InspectionReport> {
  const report = emptyReport();
  const asked = query.trim();
  const path = pathOf(asked, site.origin);
  if (path === null)
    return noted(report, "This address is of another site. The command line checks those too.");
  const [, slug] = /^\/listings\/([\w-]+)/.exec(path) ?? [];
  const [, entry] = /^\/log\/entries\/(\d{1,18})$/.exec(path) ?? [];
  const [, leaf] = /^\/log\/1\/(?:bundle|proof)\/([0-9a-f]{64})$/.exec(path) ?? [];
  const [, envelope] = /^\/(?:log\/1\/envelope|api\/v1\/envelopes)\/([0-9a-f]{64})$/.exec(path) ?? [];
  const [hex] = /[0-9a-f]{64}$/i.exec(path) ?? [];
  if (slug) await addListing(report, slug, site);
  else if (entry) await addEntry(report, BigInt(entry), site);
  else if (leaf) await addLeaf(report, leaf, site);
  else if (envelope) await addEnvelope(report, envelope, site);
  else if (hex) await addDigest(report, hex.toLowerCase(), site);
  else if (/^\/[\w-]+$/.test(path)) await addListing(report, path.slice(1), site);
  else noted(report, "Paste the address of a listing or of a log entry, or a digest of 64 hex digits.");
  return report;
}

/** The path of an address here, or of a bare word; null for another site's. */
function pathOf(asked: string, origin: string): string | null {
  try {
    const url = new URL(asked, `${origin}/`);
    return url.origin === origin ? url.pathname : null;
  } catch {
    return "";
  }
}

function noted(report: InspectionReport, note: string): InspectionReport {
  report.notes.push(note);
  return report;
}

async function addListing(report: InspectionReport, slug: string, site: Site): Promise<void> {
  const { text } = await site.readText(`/api/v1/listings/${slug}`);
  const listing =
    text === null
      ? null
      : (JSON.parse(text) as { title: string; version: { number: number; modelDigest: string | null } });
  if (!listing) return void noted(report, "There is no such listing.");
  const { modelDigest, number } = listing.version;
  if (modelDigest === null) return void noted(report, "This listing offers no files that could be checked.");
  const version = { slug, title: listing.title, modelDigest, number, isCurrent: true };
  await addModel(report, modelDigest, version, [], new Map(), site);
}

async function addEnvelope(report: InspectionReport, sha256: string, site: Site): Promise<boolean> {
  const { text } = await site.readText(`/api/v1/envelopes/${sha256}`);
  const document = text === null ? null : readDocument(text);
  if (document?.kind !== "envelope") return false;
  await addClaim(report, "", document, undefined, [], new Map(), site);
  return true;
}

async function addLeaf(report: InspectionReport, hash: string, site: Site): Promise<boolean> {
  const found = await claimOfLeaf(hash, site);
  if (typeof found === "string") return false;
  await addClaim(report, "", found.document, undefined, [], new Map(), site);
  return true;
}

/** An entry by its number, read from tiles that lead to the current signed root. */
async function addEntry(report: InspectionReport, index: bigint, site: Site): Promise<void> {
  const [trust, note] = await Promise.all([readLogTrust(site), site.readText("/log/1/checkpoint")]);
  if (trust === null || typeof trust === "string" || note.text === null)
    return void noted(report, "The log does not answer.");
  const opened = await openCheckpoint(note.text, keysOf(trust.policy), verifyByWebCrypto);
  if (typeof opened === "string") return void noted(report, "FAILED: the log’s checkpoint does not hold.");
  if (index >= opened.checkpoint.size) return void noted(report, "The log has no such entry yet.");
  try {
    const tiles = openTiles(opened.checkpoint, site.fetchTile);
    const entries = await tiles.readEntries(index / 256n, site.fetchBundle);
    const body = entries[Number(index % 256n)];
    if (!body || !(await addLeaf(report, toHex(leafHash(body)), site)))
      noted(report, "Payload unavailable: the entry stands, and what it records is not kept here.");
  } catch {
    noted(report, "The log’s tiles could not be read, or do not lead to what it signed.");
  }
}

/** A digest may name files, an envelope, a leaf or one file. */
async function addDigest(report: InspectionReport, hex: string, site: Site): Promise<void> {
  if (await addEnvelope(report, hex, site)) return;
  if (await addLeaf(report, hex, site)) return;
  await addModel(report, hex, null, [], new Map(), site);
  if (report.claims.length > 0) return;
  report.models = [];
  report.notes = [];
  const { text } = await site.readText(`/api/v1/files/${hex}`);
  const versions = text === null ? [] : (JSON.parse(text) as { versions: Version[] }).versions;
  const [version] = versions;
  if (version) return addModel(report, version.modelDigest, version, [], new Map(), site);
  noted(report, "Nothing here bears this digest: no files, no envelope, no entry of the log.");
}

type Version = { slug: string; title: string; modelDigest: string; number: number; isCurrent: boolean };
