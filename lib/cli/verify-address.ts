import { decodeBase64 } from "@/lib/shared/encoding";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { Refusal } from "./ending";
import { fetchJson, fetchText } from "./fetching";
import { heldTrust, rememberSigner, withKeyOfBundle, withToldKey } from "./held-trust";
import { type OpenedLog, type TrustContext, openLog } from "./open-log";
import { type Row, cannotCheck, failedRow, notChecked } from "./row";
import { type FileOptions, judgeServed, verifyText } from "./verify-file";
import type { Verification } from "./verification";

/** A claim behind a listing, as the site tells it; nothing of it is believed before it is checked. */
type Attestation = { sha256: string; href: string; spki: Uint8Array<ArrayBuffer> };

export type VerifiedListing = {
  verifications: Verification[];
  log: OpenedLog;
  /** Digests of the models that the verified statements are about. */
  subjects: string[];
};

/** The slug of a listing's address, or null when the address is of something else. */
export function listingSlug(url: URL): string | null {
  return /^\/(?:api\/v1\/)?listings\/([a-z0-9-]+)\/?$/.exec(url.pathname)?.[1] ?? null;
}

/** Verifies every signed statement that a site names behind a listing: its bytes, its signature, its entry, and the log's history. */
export async function verifyListing(url: URL, slug: string, context: TrustContext): Promise<VerifiedListing> {
  const answer = await fetchJson(`${url.origin}/api/v1/listings/${slug}/attestations`);
  if (answer === null) throw new Refusal("unreachable", "not_found", `${url.href} is not there.`);
  const attestations = readAttestations(answer);
  const log = await openLog(`${url.origin}/log/1`, context);
  const verifications: Verification[] = [
    { title: `The log at ${log.prefix}`, rows: [...log.rows, ...restRows(url, attestations.length)] },
  ];
  const subjects = new Set<string>();
  for (const attestation of attestations) {
    const verification = await verifyAttestation(url, attestation, log, context);
    verifications.push(verification);
    for (const { digest } of verification.judged?.statement?.subject ?? []) subjects.add(digest.sha256);
  }
  return { verifications, log, subjects: [...subjects] };
}

/** A site names what it likes behind a listing: that is never all that is said, and an empty list shows nothing. */
function restRows(url: URL, named: number): Row[] {
  const asked = `withdrawals and adverse statements by others are asked by "offcut monitor ${url.origin} --model DIGEST"`;
  const empty = cannotCheck("address", "no_statements", "the site names no signed statement", "unreachable");
  return [...(named === 0 ? [empty] : []), notChecked("statement", asked)];
}

async function verifyAttestation(
  url: URL,
  { sha256, href, spki }: Attestation,
  log: OpenedLog,
  context: TrustContext,
): Promise<Verification> {
  const title = `Envelope ${sha256}`;
  const address = new URL(href, url);
  const text = await fetchText(address.href);
  const missing = (row: Row): Verification => ({ title, rows: [row] });
  if (text === null) return missing(failedRow("address", "missing", `${address.href} has no envelope`));
  if (hexDigest(text) !== sha256)
    return missing(failedRow("address", "envelope_changed", `${address.href} serves other bytes`));
  const told = { ...context, trust: withToldKey(context, spki, url.origin) };
  const judged = await judgeServed(text, heldTrust(text, "envelope", told, { log }), log, context);
  rememberSigner(context, judged.signer, new Date());
  return { title, judged, rows: judged.rows };
}

function readAttestations(answer: unknown): Attestation[] {
  const list = (answer as { attestations?: unknown } | null)?.attestations;
  if (!Array.isArray(list)) throw malformed();
  return list.map((entry) => {
    const { sha256, href, keySpkiBase64 } = (entry ?? {}) as Record<string, unknown>;
    const spki = typeof keySpkiBase64 === "string" ? decodeBase64(keySpkiBase64) : null;
    if (typeof sha256 !== "string" || typeof href !== "string" || !spki) throw malformed();
    return { sha256, href, spki };
  });
}

function malformed(): Refusal {
  return new Refusal("unsupported", "other_answer", "The site's list of attestations has another form.");
}

/** Verifies a single file at an address: an envelope, a bundle, a proof or a checkpoint. */
export async function verifyDownload(
  url: URL,
  context: TrustContext,
  options: FileOptions,
): Promise<Verification> {
  const text = await fetchText(url.href);
  if (text === null) throw new Refusal("unreachable", "not_found", `There is nothing at ${url.href}.`);
  const log = await findLogOf(url, context);
  const told = {
    ...context,
    trust: { ...withKeyOfBundle(context, text, url.origin), policy: log?.policy ?? context.trust.policy },
  };
  const verification = await verifyText(url.href, text, told, { ...options, ...(log && { log }) });
  rememberSigner(context, verification.judged?.signer, new Date());
  return log
    ? {
        ...verification,
        rows: [...verification.rows, ...log.rows.filter(({ check }) => check === "history")],
      }
    : verification;
}

/** The log that an address belongs to: the one it lies in, or that of its site, where there is one. */
async function findLogOf({ origin, pathname }: URL, context: TrustContext): Promise<OpenedLog | undefined> {
  const below = /^(.*\/log\/1)\//.exec(pathname)?.[1];
  if (below !== undefined) return openLog(`${origin}${below}`, context);
  const isThere = await fetchText(`${origin}/log/1/checkpoint`).catch(() => null);
  return isThere === null ? undefined : openLog(`${origin}/log/1`, context);
}
