import "server-only";
import type { Tx } from "@/lib/platform/db";
import type { AccountShare } from "../queries/contributor-shares";

/** Shows beside a share what its account says of it. For evidence, in its transaction. */
export async function answerShare(
  tx: Pick<Tx, "contributorShare">,
  share: AccountShare,
  status: "confirmed" | "rejected",
): Promise<void> {
  await tx.contributorShare.updateMany({ where: share, data: { status } });
}

/** What a seller says of their own share is confirmed by stating it. For evidence, in its transaction. */
export async function confirmSellersShares(
  tx: Pick<Tx, "contributorShare">,
  listingId: string,
  sellerId: string,
): Promise<void> {
  await tx.contributorShare.updateMany({
    where: { listingId, accountId: sellerId, status: "unconfirmed" },
    data: { status: "confirmed" },
  });
}
