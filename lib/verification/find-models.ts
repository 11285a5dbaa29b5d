import type { HeldFile } from "./file-comparison";
import { type Manifests, judgeModelFiles } from "./held-files";
import { addClaim, claimOfLeaf } from "./add-claim";
import type { InspectionReport, ModelReport } from "./report";
import { type Site, readSiteJson } from "./site";
import { filesCheck } from "./wording";

/** Versions and statements shown at most for what was handed in; pages have the rest. */
const MOST_MODELS = 3;
const MOST_CLAIMS = 50;
const MOST_LOOKED_UP = 200;

export type Version = {
  slug: string;
  title: string;
  modelDigest: string;
  number: number;
  isCurrent: boolean;
};

/** Finds the listings that hold these files, compares all of them, and judges what was signed about them. */
export async function findModels(
  report: InspectionReport,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<void> {
  const { versions, unanswered } = await versionsWith(held, site);
  if (held.length > MOST_LOOKED_UP)
    report.notes.push(`Only the first ${MOST_LOOKED_UP} files were looked up.`);
  if (unanswered > 0)
    report.notes.push(`This site did not answer for ${unanswered} of the files; try again in a moment.`);
  for (const modelDigest of manifests.keys()) if (!versions.has(modelDigest)) versions.set(modelDigest, null);
  if (versions.size === 0) {
    if (unanswered === 0)
      report.notes.push(
        "No listing here has a file with these bytes. If they should be some listing’s, they were changed, or are of a version that was never listed.",
      );
    return;
  }
  for (const [modelDigest, version] of [...versions].slice(0, MOST_MODELS))
    await addModel(report, modelDigest, version, held, manifests, site);
  if (versions.size > MOST_MODELS)
    report.notes.push(`${versions.size - MOST_MODELS} more versions hold some of these files.`);
}

/** One model: its files against those in hand, and every statement about it. */
export async function addModel(
  report: InspectionReport,
  modelDigest: string,
  version: Version | null,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<void> {
  const about = await statementsAbout(modelDigest, site);
  report.models.push({
    modelDigest,
    listing: version && {
      slug: version.slug,
      title: version.title,
      version: version.number,
      isCurrent: version.isCurrent,
    },
    files: filesCheck(await judgeModelFiles(modelDigest, held, manifests, site), "model"),
    counts: about && { total: about.total, adverse: about.adverse, withdrawn: about.withdrawn },
  });
  if (!about) report.notes.push("The statements about these files could not be fetched.");
  for (const { leafHash, adverse, withdrawnBy } of (about?.statements ?? []).slice(0, MOST_CLAIMS)) {
    const found = await claimOfLeaf(leafHash, site);
    if (typeof found === "string") {
      report.notes.push(`Entry ${leafHash.slice(0, 12)}…: ${found}`);
      continue;
    }
    await addClaim(report, "", found.document, undefined, held, manifests, site);
    const claim = report.claims.at(-1);
    if (claim) claim.links = { ...claim.links, adverse, withdrawnBy };
  }
  if (about && about.total > MOST_CLAIMS)
    report.notes.push(`The first ${MOST_CLAIMS} of ${about.total} statements were checked.`);
}

/** By model digest, those that hold the most of the files first; and for how many files nobody answered. */
async function versionsWith(
  held: readonly HeldFile[],
  site: Site,
): Promise<{ versions: Map<string, Version | null>; unanswered: number }> {
  const found = new Map<string, { version: Version; count: number }>();
  let unanswered = 0;
  for (const { sha256 } of held.slice(0, MOST_LOOKED_UP)) {
    const versions = await versionsOfFile(sha256, site);
    if (versions === "unreachable") unanswered += 1;
    else
      for (const version of versions) {
        const known = found.get(version.modelDigest) ?? { version, count: 0 };
        found.set(version.modelDigest, { ...known, count: known.count + 1 });
      }
  }
  const sorted = [...found].sort(([, one], [, other]) => other.count - one.count);
  return {
    versions: new Map(sorted.map(([modelDigest, { version }]) => [modelDigest, version])),
    unanswered,
  };
}

/** The listed versions that hold a file. */
export async function versionsOfFile(sha256: string, site: Site): Promise<Version[] | "unreachable"> {
  const answer = await readSiteJson(site, `/api/v1/files/${sha256}`);
  if (answer === "absent") return [];
  if (answer === "unreachable") return answer;
  return Array.isArray(answer.versions) ? (answer.versions as Version[]) : "unreachable";
}

type About = ModelReport["counts"] & {
  statements: { leafHash: string; adverse: boolean; withdrawnBy: string | null }[];
};

/** What the site's index says is about these files; each of them is judged by itself. */
async function statementsAbout(modelDigest: string, site: Site): Promise<About | null> {
  const about = await readSiteJson(site, `/api/v1/models/${modelDigest}/statements`);
  return typeof about !== "string" && Array.isArray(about.statements) ? (about as unknown as About) : null;
}
