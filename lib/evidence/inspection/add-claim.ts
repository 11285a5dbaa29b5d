import type { HeldFile } from "../file-comparison";
import { notChecked } from "../four-checks";
import { type EvidenceDocument, readDocument } from "./document";
import { type Manifests, checkHeldFiles } from "./held-files";
import { judgeClaim } from "./judge-claim";
import type { InspectionReport } from "./report";
import type { Site } from "./site";

export type Claimed = Extract<EvidenceDocument, { kind: "envelope" | "bundle" }>;

/** Judges one claim and adds it with its fourth row. */
export async function addClaim(
  report: InspectionReport,
  origin: string,
  document: Claimed,
  proofText: string | undefined,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<void> {
  const { report: claim, statement } = await judgeClaim(
    document.kind === "bundle"
      ? {
          envelopeText: document.bundle.envelopeText,
          hint: document.bundle.hint,
          bundle: { text: document.text, read: document.bundle },
        }
      : {
          envelopeText: document.text,
          hint: document.hint,
          ...(proofText === undefined ? {} : { proofText }),
        },
    site,
  );
  const isSigned = claim.signature.state === "verified";
  const files = isSigned
    ? await checkHeldFiles(statement, held, manifests, site)
    : notChecked("the signature comes first");
  const { leafHash: leaf, index, envelopeSha256 } = claim.identity;
  const links = { envelope: envelopeSha256, leafHash: leaf, index, adverse: false, withdrawnBy: null };
  const id = `${report.claims.length}-${envelopeSha256 ?? origin}`;
  report.claims.push({ ...claim, id, origin, files, links });
}

/** The envelope of a leaf, as the site keeps it; a sentence where there is none. */
export async function claimOfLeaf(leafHashHex: string, site: Site): Promise<{ document: Claimed } | string> {
  const answer = await site.readText(`/log/1/bundle/${leafHashHex}`);
  if (answer.text === null)
    return answer.status === 410
      ? "payload unavailable: what was signed was erased; the entry and its proof stay."
      : "this site does not give what stands there.";
  const document = readDocument(answer.text);
  if (document.kind !== "bundle") return "this site gives something that is no bundle.";
  return { document };
}
