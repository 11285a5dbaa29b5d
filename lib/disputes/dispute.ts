import { refuseUnless } from "@/lib/shared/domain-error";

export const disputeReasons = {
  not_delivered: "Nothing was delivered",
  files_differ: "The files are not those in the contract",
  not_as_described: "It does not do what the listing’s evidence says",
  evidence_false: "The evidence was false",
  terms_breached: "The other side broke the terms",
  other: "Something else",
} as const;

export type DisputeReason = keyof typeof disputeReasons;

const DAY_MS = 86_400_000;
export const ANSWER_DAYS = 7;
export const RULING_DAYS = 14;

/** The other side has seven days to answer; the ruling is due after fourteen. */
export function disputeDeadlines(openedAt: Date): { answerBy: Date; ruleBy: Date } {
  return {
    answerBy: new Date(openedAt.getTime() + ANSWER_DAYS * DAY_MS),
    ruleBy: new Date(openedAt.getTime() + RULING_DAYS * DAY_MS),
  };
}

export type RulingOutcomeName = "release" | "refund" | "split";

export const outcomeLabels: Record<RulingOutcomeName, string> = {
  release: "Release everything to the seller",
  refund: "Refund everything to the buyer",
  split: "Split between the two",
};

export type RulingAmounts = { outcome: RulingOutcomeName; buyerMinor: bigint; sellerMinor: bigint };

/**
 * What each side gets of a held price. A release gives the seller everything, a refund the buyer; a split gives the
 * buyer the stated amount, strictly between nothing and everything, and the seller the rest. The platform's fee is
 * taken from the seller's side, later, by the rules of escrow. Throws `split_invalid`.
 */
export function rulingAmounts(
  outcome: RulingOutcomeName,
  heldMinor: bigint,
  splitBuyerMinor: bigint | null,
): RulingAmounts {
  if (outcome === "release") return { outcome, buyerMinor: 0n, sellerMinor: heldMinor };
  if (outcome === "refund") return { outcome, buyerMinor: heldMinor, sellerMinor: 0n };
  refuseUnless(
    splitBuyerMinor !== null && splitBuyerMinor > 0n && splitBuyerMinor < heldMinor,
    "split_invalid",
    "A split gives the buyer more than nothing and less than everything.",
  );
  return { outcome, buyerMinor: splitBuyerMinor, sellerMinor: heldMinor - splitBuyerMinor };
}

type DisputeFacts = {
  state: "open" | "ruled" | "withdrawn";
  buyerId: string;
  sellerId: string;
  openedById: string;
};

/** A moderator who is not a party rules, once, while the dispute is open. */
export function requireRulable(dispute: DisputeFacts, moderatorId: string): void {
  refuseUnless(dispute.state === "open", "dispute_closed", "This dispute has been settled already.");
  refuseUnless(
    moderatorId !== dispute.buyerId && moderatorId !== dispute.sellerId,
    "conflict_of_interest",
    "A party of the deal cannot rule on it.",
  );
}

/** Only who opened a dispute may withdraw it, while it is open. */
export function requireWithdrawable(dispute: DisputeFacts, accountId: string): void {
  refuseUnless(dispute.openedById === accountId, "not_found", "This dispute does not exist.");
  refuseUnless(dispute.state === "open", "dispute_closed", "This dispute has been settled already.");
}

type Said = {
  openedById: string;
  buyerId: string;
  statements: readonly { side: "buyer" | "seller" | "moderator" }[];
};

/** Whether the side that did not open the dispute has said anything in it. */
export function hasOtherSideAnswered({ openedById, buyerId, statements }: Said): boolean {
  const other = openedById === buyerId ? "seller" : "buyer";
  return statements.some(({ side }) => side === other);
}
