import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { hasPassed } from "../deadline";
import { lockDeal } from "../records";
import { settleDeal } from "./settle";

/**
 * Releases the held payment of an accepted deal once the objection time has passed, all or nothing; a second call
 * finds it released. Answers whether it released. The proof that the acceptance stands in the log will be a second
 * condition here: see the README.
 */
export async function releaseDeal(dealId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const deal = await lockDeal(tx, dealId);
    const now = await currentTime(tx);
    if (deal.fulfilment !== "DELIVERY_ACCEPTED" || !deal.deadlineAt || !hasPassed(deal.deadlineAt, now)) {
      return false;
    }
    await settleDeal(tx, deal, {
      move: "release",
      mover: "system",
      actorId: null,
      buyerMinor: 0n,
      event: "released",
      text: deal.priceMinor === 0n ? "The deal is closed" : "The held payment is released",
      now,
    });
    return true;
  });
}
