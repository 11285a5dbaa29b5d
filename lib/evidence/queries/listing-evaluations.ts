import "server-only";
import { namesById } from "@/lib/accounts/queries/names";
import { signingKeysById } from "@/lib/accounts/queries/signing-keys";
import { type ListingFields, getListing, getVersion, listingsById } from "@/lib/catalogue/queries/listings";
import { isStale } from "@/lib/catalogue/standing";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import { pick } from "@/lib/shared/pick";
import type { Envelope } from "@/prisma/generated/client";
import type { EvaluationView } from "../evaluation-view";
import { shownGrade } from "../evidence-standing";
import { type EvaluationRecord, recordOf, runtimeOf, signedEvaluationOf } from "../records/evaluations";
import { type SignerFacts, statementView } from "../statement-view";

/**
 * Every signed evaluation of a listing, newest first, with what a reader's browser needs to check it again, drawn at
 * `ownLevel`, or at the level that the listing declares. Those of earlier files are kept and marked. Public; the caller
 * has made sure that the listing may be seen.
 */
export async function listListingEvaluations(
  listingId: string,
  ownLevel: number | null = null,
): Promise<EvaluationView[]> {
  const rows = await db.evaluation.findMany({
    where: { listingId, envelope: { erasure: null } },
    orderBy: [{ finishedAt: "desc" }, { createdAt: "desc" }, { id: "asc" }],
    include: { envelope: true, answer: true, withdrawal: true },
  });
  if (rows.length === 0) return [];
  const listing = await getListing(listingId);
  const served = await getVersion(listing.versionId);
  const level = ownLevel ?? (listing.declaredLevel === null ? null : Number(listing.declaredLevel));
  const signers = await findSigners(
    rows.flatMap(({ envelope }) => envelope ?? []),
    rows,
  );
  const now = await currentTime();
  const { origin } = new URL(env().APP_ORIGIN);
  const records = rows.map(({ envelope, answer, withdrawal, ...row }) => ({
    ...recordOf(row),
    ...{ envelope, answer, withdrawal },
  }));
  const bears = (row: EvaluationRecord) =>
    served.modelDigest === null ? row.versionId === served.id : row.modelDigest === served.modelDigest;
  const counts = (row: (typeof records)[number]) => bears(row) && row.withdrawal === null;
  const current = records.filter(counts).map(signedEvaluationOf);
  return records.flatMap((row) => {
    const { envelope } = row;
    const signer = envelope && signers.get(envelope.sha256);
    if (!envelope || !signer) return [];
    const isOfOtherFiles = !bears(row);
    return {
      ...viewOf(row, level),
      ...statementView(envelope, signer, origin),
      grade: shownGrade(signedEvaluationOf(row), counts(row) ? current : []),
      isStale: isOfOtherFiles || isStale(row.finishedAt, now),
      isOfOtherFiles,
      isEndpoint: served.kind === "endpoint",
      answer: row.answer && pick(row.answer, ["body", "createdAt"]),
      withdrawal: row.withdrawal && pick(row.withdrawal, ["reason", "withdrawnAt", "envelopeSha256"]),
    };
  });
}

/** The same for one of them; null when there is none, it is not signed, or its listing was taken down. */
export async function findListingEvaluation(
  evaluationId: string,
  ownLevel: number | null = null,
): Promise<{ evaluation: EvaluationView; listing: ListingFields; evaluatorId: string | null } | null> {
  const row = await db.evaluation.findUnique({
    where: { id: evaluationId },
    select: { listingId: true, evaluatorId: true },
  });
  if (!row?.listingId) return null;
  const listing = (await listingsById([row.listingId])).get(row.listingId);
  if (!listing || listing.takenDownAt) return null;
  const evaluations = await listListingEvaluations(listing.id, ownLevel);
  const evaluation = evaluations.find(({ id }) => id === evaluationId);
  return evaluation ? { evaluation, listing, evaluatorId: row.evaluatorId } : null;
}

const shownOfRow = [
  ...(["id", "finishedAt", "dataSetName", "rowsDigest"] as const),
  ...(["observedFrom", "observedTo", "modelDigest"] as const),
];
const shownOfSlice = [
  ...(["id", "name", "sellerName", "condition"] as const),
  ...(["n", "k", "value", "lower", "upper", "intervalMethod", "clustered"] as const),
  ...(["baseRate", "baseLabel", "baseN"] as const),
  ...(["verdict", "neededN", "discovered", "knownBefore"] as const),
];

function viewOf(row: EvaluationRecord, level: number | null) {
  const summary = level === null ? row.summary : redrawVerdicts(row.summary, level);
  return {
    ...pick(row, shownOfRow),
    rowsUse: row.rowsUse as EvaluationView["rowsUse"],
    msPer1000: runtimeOf(row)?.msPer1000 ?? null,
    signedLevel: row.summary.level,
    summary: {
      ...pick(summary, ["level", "overall", "coverage", "hasNiche"]),
      slices: summary.slices.map((slice) => pick(slice, shownOfSlice)),
    },
  };
}

/** Keys and names behind envelopes, by the envelope's address. */
async function findSigners(
  envelopes: readonly Envelope[],
  evaluations: readonly { envelopeSha256: string | null; evaluatorId: string | null }[],
): Promise<Map<string, SignerFacts>> {
  const [keys, accounts] = await Promise.all([
    signingKeysById(envelopes.map(({ keyId }) => keyId)),
    namesById(evaluations.flatMap(({ evaluatorId }) => evaluatorId ?? [])),
  ]);
  const signers = new Map<string, SignerFacts>();
  for (const { sha256, keyId } of envelopes) {
    const key = keys.get(keyId);
    const evaluatorId = evaluations.find(({ envelopeSha256 }) => envelopeSha256 === sha256)?.evaluatorId;
    if (!key) continue;
    signers.set(sha256, { key, account: accounts.get(evaluatorId ?? "") ?? null });
  }
  return signers;
}
