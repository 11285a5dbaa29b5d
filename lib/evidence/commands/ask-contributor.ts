import "server-only";
import { findMailAddress } from "@/lib/accounts/queries/mail-address";
import { isShareUnconfirmed } from "@/lib/catalogue/queries/contributor-shares";
import { getListing } from "@/lib/catalogue/queries/rows-by-id";
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
  if (!(await isShareUnconfirmed(tx, share))) return;
  const to = await findMailAddress(tx, accountId);
  if (to === null) return;
  const { title } = await getListing(claim.listingId, tx);
  await enqueueMail(tx, `contribution-${claim.id}`, {
    to,
    subject: `You are named as a contributor to “${title}”`,
    text:
      `The listing says that you take ${shareBasisPoints / 100} % of what its seller is paid` +
      `${contribution === "" ? "" : ` for: ${contribution}`}.\n\n` +
      `Until you answer, it reads “not confirmed yet”. Confirm it, or say that it is wrong:\n` +
      `${env().APP_ORIGIN}/contributions\n`,
  });
}
