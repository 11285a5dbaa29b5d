import "server-only";
import type { Tx } from "@/lib/platform/db";

/** What a listing says an account contributed, and takes of its proceeds. */
export type AccountShare = {
  listingId: string;
  accountId: string;
  contribution: string;
  shareBasisPoints: number;
};

/** Whether the account has not yet said that a share of theirs is so, or is not. */
export async function isShareUnconfirmed(
  tx: Pick<Tx, "contributorShare">,
  share: AccountShare,
): Promise<boolean> {
  return (await tx.contributorShare.count({ where: { ...share, status: "unconfirmed" } })) > 0;
}

export type AnsweredShare = AccountShare & { status: "confirmed" | "rejected" };

/** The shares of a listing that their accounts have confirmed or rejected. */
export async function listAnsweredShares(
  tx: Pick<Tx, "contributorShare">,
  listingId: string,
): Promise<AnsweredShare[]> {
  const rows = await tx.contributorShare.findMany({
    where: { listingId, accountId: { not: null }, status: { not: "unconfirmed" } },
  });
  return rows.flatMap(({ accountId, status, contribution, shareBasisPoints }) =>
    accountId === null || status === "unconfirmed"
      ? []
      : { listingId, accountId, status, contribution, shareBasisPoints },
  );
}
