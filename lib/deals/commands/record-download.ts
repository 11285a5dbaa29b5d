import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { isActiveAt } from "@/lib/access/licence";
import { findLicenceOfDeal } from "@/lib/access/queries";
import { currentTime } from "@/lib/platform/clock";
import { notFoundError } from "@/lib/shared/domain-error";
import { appendEvent, deliveredFilesOf, onOwnDeal } from "../records";

/**
 * Notes a download and answers which stored file to send. Only the buyer, only a file of the delivery, only while the
 * licence is active; for everybody and everything else the file does not exist (`not_found`).
 */
export async function recordDownload(
  actor: Actor,
  { dealId, fileId }: { dealId: string; fileId: string },
): Promise<{ storedFileId: string; fileName: string; sha256: string }> {
  return onOwnDeal(actor, dealId, async (tx, { deal, party }) => {
    const licence = await findLicenceOfDeal(tx, dealId);
    const delivery = await tx.delivery.findFirst({ where: { dealId }, orderBy: { deliveredAt: "desc" } });
    const file = delivery && deliveredFilesOf(delivery.files).find((one) => one.storedFileId === fileId);
    const now = await currentTime(tx);
    if (party !== "buyer" || !licence || !isActiveAt(licence, now) || !file) throw notFoundError("file");
    await appendEvent(tx, deal, {
      kind: "downloaded",
      actorId: actor.accountId,
      at: now,
      details: { path: file.path, sha256: file.sha256 },
    });
    const fileName = file.path.split("/").at(-1) ?? "file";
    return { storedFileId: file.storedFileId, fileName, sha256: file.sha256 };
  });
}
