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
