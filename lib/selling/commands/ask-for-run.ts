import "server-only";
import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { z } from "zod";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { safeFileName } from "@/lib/catalogue/file-name";
import { findOpenListing, getVersion } from "@/lib/catalogue/queries/listings";
import { countRunsOf, insertRun } from "@/lib/inference/records/evaluation-runs";
import { contractDigest } from "@/lib/inference/run-contract";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { pick } from "@/lib/shared/pick";
import type { askForRunInput } from "../schemas";
import { findModelOfVersion } from "./find-model";

const DAY_MS = 86_400_000;

/**
 * Asks for a run of a listing's files on rows that its seller does not hold: the file is kept, encrypted, and the run waits
 * for a worker. Throws `not_found` for listings that are not open, `not_independent` for the seller and for who shares in a
 * listing of theirs, `not_runnable` with the reason, and `limit_reached`.
 */
export async function askForRun(
  actor: Actor,
  source: Readable,
  { declaredBytes, ...input }: z.infer<typeof askForRunInput> & { declaredBytes: number | null },
): Promise<{ runId: string }> {
  await requireVerified(actor);
  const listing = await findOpenListing(input.slug);
  if (!listing) throw notFoundError("listing");
  refuseUnless(
    !listing.beneficiaryIds.includes(actor.accountId),
    "not_independent",
    "You sell this listing or share in one of its seller’s, so a run that you ask for is not an independent one.",
  );
  const version = await getVersion(listing.versionId);
  const model = await findModelOfVersion(version.id);
  const { modelDigest } = version;
  if ("reason" in model) throw new DomainError("not_runnable", model.reason);
  if (modelDigest === null)
    throw new DomainError("not_runnable", "There are no files here that could be run.");
  const fileName = safeFileName(input.fileName);
  const options = { name: fileName, maxBytes: EVALUATION_FILE_LIMITS.bytes, declaredBytes };
  const stored = await storeFile(actor, source, options, async (tx, file) => {
    await requireRoomForRun(tx, actor.accountId);
    return insertRun(tx, {
      askedById: actor.accountId,
      rowsFrom:
        input.rowsFrom === "public_set" ? "public_set" : hasRole(actor, "evaluator") ? "evaluator" : "buyer",
      rowsLicence: input.rowsFrom === "public_set" ? input.licence : null,
      ...{ listingId: listing.id, versionId: version.id, modelDigest },
      contractSha256: contractDigest(model.contract),
      dataSetName: input.dataSetName,
      ...{ rowsFileId: file.id, rowsFileName: fileName, rowsFileSha256: file.sha256 },
      salt: randomBytes(32).toString("hex"),
      readAs: pick(input, ["outputColumns", "thresholds", "found"]),
    });
  });
  return { runId: stored.result };
}

async function requireRoomForRun(tx: Tx, accountId: string): Promise<void> {
  await lockRoom(tx, accountId, "runs");
  const since = new Date((await currentTime(tx)).getTime() - DAY_MS);
  const { inHand, asked } = await countRunsOf(tx, accountId, since);
  requireRoom(
    inHand,
    limits.runsInHand,
    `You have ${limits.runsInHand} runs going on. Wait for one to end, or cancel it.`,
  );
  requireRoom(
    asked,
    limits.runsInDay,
    `You have asked for ${limits.runsInDay} runs within 24 hours. Try again tomorrow.`,
  );
}
