import "server-only";
import type { Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { type KeptClaim, contributorOf } from "../claim";
import type { ContributionPredicate } from "@/lib/statements/kinds/contribution";

/**
 * Asks the account that a claim names as contributor to confirm or reject it, by mail, once for each claim. Whoever has
 * answered the same share and contribution before is not asked again.
 */
export async function askContributor(tx: Tx, claim: KeptClaim): Promise<void> {
  const accountId = contributorOf(claim);
  if (accountId === null || accountId === claim.sellerId) return;
  const { contribution, shareBasisPoints } = claim.content as ContributionPredicate;
  const share = { listingId: claim.listingId, accountId, contribution, shareBasisPoints };
  const isOpen = await tx.contributorShare.count({ where: { ...share, status: "unconfirmed" } });
  const account = await tx.account.findUnique({ where: { id: accountId }, select: { email: true } });
  if (isOpen === 0 || !account) return;
  const { title } = await tx.listing.findUniqueOrThrow({
    where: { id: claim.listingId },
    select: { title: true },
  });
  await enqueueMail(tx, `contribution-${claim.id}`, {
    to: account.email,
    subject: `You are named as a contributor to “${title}”`,
    text:
      `The listing says that you take ${shareBasisPoints / 100} % of what its seller is paid` +
      `${contribution === "" ? "" : ` for: ${contribution}`}.\n\n` +
      `Until you answer, it reads “not confirmed yet”. Confirm it, or say that it is wrong:\n` +
      `${env().APP_ORIGIN}/contributions\n`,
  });
}
