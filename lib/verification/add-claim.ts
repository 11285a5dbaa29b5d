import { toHex } from "@/lib/shared/encoding";
import type { HeldFile } from "./file-comparison";
import { isRecordOf } from "@/lib/log/leaf-body";
import { leafHash } from "@/lib/log/merkle-tree";
import type { ReadBundle } from "@/lib/log/sigstore-bundle";
import { type EvidenceDocument, readDocument } from "./document";
import { type Manifests, judgeHeldFiles } from "./held-files";
import { judgeClaim } from "./judge-claim";
import type { FilesFinding } from "./judgement";
import type { InspectionReport } from "./report";
import type { Site } from "./site";
import { filesCheck } from "./wording";

export type Claimed = Extract<EvidenceDocument, { kind: "envelope" | "bundle" }>;

/** Judges one claim and adds it with its files’ row. A proof goes before the one that a bundle brings itself. */
export async function addClaim(
  report: InspectionReport,
  origin: string,
  document: Claimed,
  proofText: string | undefined,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<void> {
  const { report: claim, statement } = await judgeClaim(givenBy(document, proofText), site);
  const isSigned = claim.signature.state === "verified";
  const found: FilesFinding = isSigned
    ? await judgeHeldFiles(statement, held, manifests, site)
    : { state: "not_checked", code: "signature_first" };
  const files = filesCheck(found, "claim");
  const { leafHash: leaf, index, envelopeSha256 } = claim.identity;
  const links = { envelope: envelopeSha256, leafHash: leaf, index, adverse: false, withdrawnBy: null };
  const id = `${report.claims.length}-${envelopeSha256 ?? origin}`;
  report.claims.push({ ...claim, id, origin, files, links });
}

function givenBy(document: Claimed, proofText: string | undefined): Parameters<typeof judgeClaim>[0] {
  const proof = proofText === undefined ? {} : { proofText };
  if (document.kind === "envelope") return { envelopeText: document.text, hint: document.hint, ...proof };
  const { bundle } = document;
  const { envelopeText, hint, body } = bundle;
  if (proofText !== undefined) return { envelopeText, hint, body, ...proof };
  return { envelopeText, hint, body, bundle };
}

export const NO_RESPONSE = "this site does not answer at the moment.";
export const NOTHING_THERE = "this site does not give what stands there.";
const ERASED = "payload unavailable: what was signed was erased; the entry and its proof stay.";

/** Why there is no text, by the status of the answer; only the site’s own word makes a thing absent. */
export function absenceOf({ status }: { status: number | null }): string {
  if (status === 410) return ERASED;
  return status === 404 ? NOTHING_THERE : NO_RESPONSE;
}

/** The bundle of a leaf, as the site keeps it, and of no other leaf; a sentence where there is none. */
export async function claimOfLeaf(hash: string, site: Site): Promise<{ document: Claimed } | string> {
  const answer = await site.readText(`/log/1/bundle/${hash}`);
  if (answer.text === null) return absenceOf(answer);
  const document = readDocument(answer.text);
  return document.kind === "bundle" && isOfLeaf(document.bundle, hash)
    ? { document }
    : "this site gives something that is not this entry.";
}

/** Whether body and envelope both are what this leaf fixes; a site may join one entry's body to another's envelope. */
function isOfLeaf({ body, envelope }: ReadBundle, hash: string): boolean {
  return toHex(leafHash(body)) === hash && isRecordOf(body, envelope);
}
