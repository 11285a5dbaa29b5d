import { openCheckpoint } from "@/lib/log/checkpoint";
import { toHex } from "@/lib/shared/encoding";
import { verifyByWebCrypto } from "@/lib/log/ed25519";
import { leafHash } from "@/lib/log/merkle-tree";
import { openTiles } from "@/lib/log/tile-reader";
import { keysOf } from "@/lib/log/tlog-policy";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { readDocument } from "./document";
import { NOTHING_THERE, NO_RESPONSE, absenceOf, addClaim, claimOfLeaf } from "./add-claim";
import { addModel, versionsOfFile } from "./find-models";
import { fetchManifest } from "./held-files";
import { type InspectionReport, emptyReport } from "./report";
import { type Site, readSiteJson, readLogTrust } from "./site";

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
  else if (leaf) noteProblem(report, "This entry", await addLeaf(report, leaf, site));
  else if (envelope) noteProblem(report, "This envelope", await addEnvelope(report, envelope, site));
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

function noteProblem(report: InspectionReport, what: string, problem: string | null): void {
  if (problem !== null) noted(report, `${what}: ${problem}`);
}

async function addListing(report: InspectionReport, slug: string, site: Site): Promise<void> {
  const listing = await readSiteJson(site, `/api/v1/listings/${slug}`);
  if (listing === "absent") return void noted(report, "There is no such listing.");
  const { title, version } = (listing === "unreachable" ? {} : listing) as Partial<Listing>;
  if (!title || !version) return void noted(report, `This listing: ${NO_RESPONSE}`);
  const { modelDigest, number } = version;
  if (modelDigest === null) return void noted(report, "This listing offers no files that could be checked.");
  const shown = { slug, title, modelDigest, number, isCurrent: true };
  await addModel(report, modelDigest, shown, [], new Map(), site);
}

type Listing = { title: string; version: { number: number; modelDigest: string | null } };

const OTHER_DIGEST = "this site gives something that has another digest.";

/** Adds the envelope of these very bytes, or answers why not. */
async function addEnvelope(report: InspectionReport, sha256: string, site: Site): Promise<string | null> {
  const answer = await site.readText(`/api/v1/envelopes/${sha256}`);
  if (answer.text === null) return absenceOf(answer);
  const document = readDocument(answer.text);
  if (document.kind !== "envelope" || hexDigest(answer.text) !== sha256) return OTHER_DIGEST;
  await addClaim(report, "", document, undefined, [], new Map(), site);
  return null;
}

/** Adds what a leaf records, or answers why not. */
async function addLeaf(report: InspectionReport, hash: string, site: Site): Promise<string | null> {
  const found = await claimOfLeaf(hash, site);
  if (typeof found === "string") return found;
  await addClaim(report, "", found.document, undefined, [], new Map(), site);
  return null;
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
    const problem = body ? await addLeaf(report, toHex(leafHash(body)), site) : NOTHING_THERE;
    if (problem === NOTHING_THERE)
      noted(report, "Payload unavailable: the entry stands, and what it records is not kept here.");
    else noteProblem(report, `Entry ${index}`, problem);
  } catch {
    noted(report, "The log’s tiles could not be read, or do not lead to what it signed.");
  }
}

/** A digest may name files, an envelope, a leaf or one file. */
async function addDigest(report: InspectionReport, hex: string, site: Site): Promise<void> {
  const asEnvelope = await addEnvelope(report, hex, site);
  const asLeaf = asEnvelope === null ? null : await addLeaf(report, hex, site);
  if (asEnvelope === null || asLeaf === null) return;
  await addModel(report, hex, null, [], new Map(), site);
  const list = await fetchManifest(site, hex);
  // Files that are listed are known here, also while nobody said anything about them.
  if ((report.models[0]?.counts?.total ?? 0) > 0 || Array.isArray(list)) return;
  report.models = [];
  report.notes = [];
  const versions = await versionsOfFile(hex, site);
  const [version] = versions === "unreachable" ? [] : versions;
  if (version) return addModel(report, version.modelDigest, version, [], new Map(), site);
  if (asEnvelope !== NOTHING_THERE) noteProblem(report, "As an envelope", asEnvelope);
  if (asLeaf !== NOTHING_THERE) noteProblem(report, "As an entry of the log", asLeaf);
  if (list === "list_forged") noteProblem(report, "As a list of files", OTHER_DIGEST);
  if (versions === "unreachable") noteProblem(report, "As a file", NO_RESPONSE);
  if (report.notes.length === 0)
    noted(report, "Nothing here bears this digest: no files, no envelope, no entry of the log.");
}
