import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import { isActiveAt } from "@/lib/access/licence";
import { findLicenceOfDeal } from "@/lib/access/queries";
import { currentTime } from "@/lib/platform/clock";
import { notFoundError } from "@/lib/shared/domain-error";
import { appendEvent, deliveredFilesOf, onOwnDeal } from "../records";

const DAY_MS = 86_400_000;

/**
 * Notes a download, the first hundred of a file in a day, and answers which stored file to send. Only the buyer, only a file of the delivery, only while the
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
    const { path, sha256 } = file;
    const noted = await tx.dealEvent.count({
      where: {
        dealId,
        kind: "downloaded",
        at: { gt: new Date(now.getTime() - DAY_MS) },
        details: { path: ["path"], equals: path },
      },
    });
    if (noted < limits.downloadsOfFileInDay) {
      const details = { path, sha256 };
      await appendEvent(tx, deal, { kind: "downloaded", actorId: actor.accountId, at: now, details });
    }
    return { storedFileId: file.storedFileId, fileName: path.split("/").at(-1) ?? "file", sha256 };
  });
}
