import "server-only";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type Deal, agreedPriceMinor } from "../deal";
import { lockDeal } from "../records";
import { settleDeal } from "./settle";

export type RulingOnDeal = {
  outcome: "release" | "refund" | "split";
  buyerMinor: bigint;
  sellerMinor: bigint;
  /** The statement of the ruling, recorded for the log. */
  envelopeSha256: string;
};

const moves = { release: "ruleRelease", refund: "ruleRefund", split: "ruleSplit" } as const;
const texts = {
  release: "A moderator ruled: released to the seller",
  refund: "A moderator ruled: refunded to the buyer",
  split: "A moderator ruled: split between you",
} as const;

/**
 * Carries out a ruling on a disputed deal in the caller's transaction: state, journal, licence, event. The caller has
 * checked who may rule, and tells the parties and the audit log. Throws `ruling_unbalanced` unless the two amounts
 * are the held payment and fit the outcome. The fee is taken from the seller's side.
 */
export async function settleByRuling(tx: Tx, dealId: string, ruling: RulingOnDeal): Promise<Deal> {
  const deal = await lockDeal(tx, dealId);
  const { outcome, buyerMinor, sellerMinor, envelopeSha256 } = ruling;
  refuseUnless(
    buyerMinor >= 0n &&
      sellerMinor >= 0n &&
      buyerMinor + sellerMinor === agreedPriceMinor(deal) &&
      (outcome !== "release" || buyerMinor === 0n) &&
      (outcome !== "refund" || sellerMinor === 0n),
    "ruling_unbalanced",
    "The two parts must add up to the held payment and fit the outcome.",
  );
  return settleDeal(tx, deal, {
    move: moves[outcome],
    mover: "moderator",
    actorId: null,
    buyerMinor,
    event: "ruled",
    text: texts[outcome],
    envelopeSha256,
    now: await currentTime(tx),
  });
}
