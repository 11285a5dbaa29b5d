import "server-only";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { isShareUnconfirmed } from "@/lib/catalogue/queries/contributor-shares";
import { getListing } from "@/lib/catalogue/queries/listings";
import type { Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
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
  if (!(await isShareUnconfirmed(tx, share))) return;
  const { title } = await getListing(claim.listingId, tx);
  await mailAccount(tx, accountId, `contribution-${claim.id}`, {
    subject: `You are named as a contributor to “${title}”`,
    text:
      `The listing says that you take ${shareBasisPoints / 100} % of what its seller is paid` +
      `${contribution === "" ? "" : ` for: ${contribution}`}.\n\n` +
      `Until you answer, it reads “not confirmed yet”. Confirm it, or say that it is wrong:\n` +
      `${env().APP_ORIGIN}/contributions\n`,
  });
}
