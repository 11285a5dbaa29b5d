import "server-only";
import { Readable } from "node:stream";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { type StoredFileView, storeFile } from "@/lib/catalogue/commands/store-file";
import { type OpenListing, findOpenListing, getVersion } from "@/lib/catalogue/queries/listings";
import { envelopeCellSchema } from "@/lib/catalogue/standing";
import { relationOf } from "@/lib/evidence/independence";
import { countEvaluationsOf } from "@/lib/evidence/queries/draft-evaluations";
import { findModelTies } from "@/lib/evidence/queries/model-ties";
import { insertEvaluation } from "@/lib/evidence/records/evaluations";
import type { CountedRows } from "@/lib/formats/read-rows";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import type { Progress } from "@/lib/platform/reading";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { pick } from "@/lib/shared/pick";
import type { ModelVersion } from "@/prisma/generated/client";
import type { submitEvaluationInput } from "../schemas";
import { type Bound, bindRows } from "./bind-rows";
import { findModelOfVersion } from "./find-model";
import { countingAt, readRowsFile } from "./read-evaluation-file";
import { type ReadingOutcome, isStillReading, readPatiently } from "./read-patiently";

type Submitted = z.infer<typeof submitEvaluationInput>;

/**
 * An independent evaluator brings the rows of a run of their own on the files of somebody's open listing. Figures are
 * counted here, and where the rows hold their inputs the files are run on them again: that binds the run to the files.
 * Nobody else sees them until the evaluator signs. What takes long goes on after the answer, see `readPatiently`.
 *
 * Throws `not_found` for everybody without the role and for listings that are not open, `not_independent` for the seller and
 * for who shares in a listing of theirs, and what `readRowsFile` and `bindRows` throw.
 */
export async function submitEvaluation(actor: Actor, input: Submitted): Promise<{ redirectTo: string }> {
  requireRole(actor, "evaluator");
  await requireVerified(actor);
  const listing = await findOpenListing(input.slug);
  if (!listing) throw notFoundError("listing");
  refuseUnless(
    !listing.beneficiaryIds.includes(actor.accountId),
    "not_independent",
    "You sell this listing or share in one of its seller’s, so a run of yours is not an independent one.",
  );
  const done = await readPatiently(actor, input.file.name, async (onProgress) => {
    return countAndKeep(actor, listing, input, onProgress);
  });
  return { redirectTo: isStillReading(done) ? `/sell/readings/${done.readingId}` : done.location };
}

async function countAndKeep(
  actor: Actor,
  listing: OpenListing,
  input: Submitted,
  onProgress: Progress,
): Promise<ReadingOutcome> {
  const version = await getVersion(listing.versionId);
  const model = await findModelOfVersion(version.id);
  const bytes = new Uint8Array(await input.file.arrayBuffer());
  const level = listing.declaredLevel === null ? 0.8 : Number(listing.declaredLevel);
  const found = await readRowsFile(
    actor,
    { sizeBytes: bytes.length, open: async () => Readable.from([bytes]) },
    {
      ...countingAt(level),
      fileName: input.file.name,
      ...pick(input, ["outputColumns", "thresholds", "found"]),
      listed: envelopeCellSchema
        .array()
        .catch([])
        .parse(listing.envelope)
        .map(({ condition }) => condition),
      contract: "reason" in model ? null : model.contract,
    },
    onProgress,
  );
  const bound = await bindRows(actor, found, model, onProgress);
  const stored = await storeFile(
    actor,
    Readable.from([Buffer.from(bytes)]),
    { name: input.file.name, declaredBytes: bytes.length },
    async (tx, file) =>
      keepEvaluation(tx, actor, { listing, version, input, file, counted: { ...found.counted, ...bound } }),
  );
  return { message: "Counted. Check the figures and sign them.", location: `/evaluations/${stored.result}` };
}

type Kept = {
  listing: OpenListing;
  version: ModelVersion;
  input: Submitted;
  file: StoredFileView;
  counted: CountedRows & Bound;
};

async function keepEvaluation(
  tx: Tx,
  actor: Actor,
  { listing, version, input, file, counted }: Kept,
): Promise<string> {
  const now = await currentTime(tx);
  await lockRoom(tx, actor.accountId, "evaluations");
  const own = await countEvaluationsOf(tx, listing.id, actor.accountId);
  const most = limits.evaluationsOfListing;
  requireRoom(
    own,
    most,
    `You have brought ${most} evaluations of this listing. Remove an unsigned one first.`,
  );
  const ties = await findModelTies(tx, listing, [actor.accountId]);
  return insertEvaluation(tx, {
    ...counted,
    listingId: listing.id,
    versionId: version.id,
    modelDigest: version.modelDigest,
    dataSetName: input.dataSetName,
    rowsFileId: file.id,
    ...{ role: "third_party", relation: relationOf("third_party", actor.accountId, ties) },
    evaluatorId: actor.accountId,
    runtime: null,
    finishedAt: now,
    createdAt: now,
  });
}
