import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import type { relateFilesInput } from "../file-relation";
import { listSameFiles } from "../queries/same-files";
import { lockOwnListing } from "../records";

/**
 * States how a listing of the actor's own is related to another one that holds the same file. A later statement
 * replaces an earlier one. Throws `not_found` for a stranger, and when the two share no file.
 */
export async function relateFiles(
  actor: Actor,
  { listingId, otherListingId, relation }: z.infer<typeof relateFilesInput>,
): Promise<{ message: string }> {
  const same = await listSameFiles(listingId);
  await inTransaction(async (tx) => {
    await lockOwnListing(tx, actor, listingId);
    const match = same.find((one) => one.listingId === otherListingId);
    if (!match) throw notFoundError("listing");
    const key = { sha256: match.sha256, listingId, otherListingId };
    await tx.fileRelation.upsert({
      where: { sha256_listingId_otherListingId: key },
      create: { ...key, relation, statedById: actor.accountId },
      update: { relation, statedById: actor.accountId },
    });
  });
  return { message: "Stated. Both pages show it." };
}
