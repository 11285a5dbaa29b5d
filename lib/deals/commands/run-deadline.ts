import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { type Deal, agreedPriceMinor } from "../deal";
import { deadlineAfterReminder } from "../clock";
import { dueMove, waitsFor } from "../deadline";
import { type DeadlineKind } from "@/lib/terms/clock-hours";
import { fulfil } from "../fulfilment";
import { negotiate } from "../negotiation";
import {
  appendEvent,
  closeOffer,
  findOpenOffer,
  lockDeal,
  mailParty,
  saveFulfilment,
  saveNegotiation,
} from "../records";
import { takeDelivery } from "./accept-delivery";
import { settleDeal } from "./settle";

type Clocked = Deal & { deadlineKind: DeadlineKind; deadlineAt: Date };

/**
 * Looks at one deal under its lock and does what its clock says by now: reminds, ends, refunds or accepts. Calling it
 * at any time, twice or from two processes is safe. Releasing is a step of its own: see `releaseDeal`.
 */
export async function runDeadline(dealId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const deal = await lockDeal(tx, dealId);
    const now = await currentTime(tx);
    switch (dueMove(deal, now)) {
      case "remind":
        return remind(tx, deal as Clocked, now);
      case "expire":
        return endNegotiation(tx, deal, now);
      case "lapse":
        await saveFulfilment(tx, deal, fulfil(deal, "lapse", "system", now), now);
        return tellBoth(tx, deal, now, "lapsed", "It was not paid in time: the deal has lapsed");
      case "refundUndelivered":
        await settleDeal(tx, deal, {
          move: "refundUndelivered",
          mover: "system",
          actorId: null,
          buyerMinor: agreedPriceMinor(deal),
          event: "refunded",
          text: "Nothing was delivered in time: the payment goes back",
          now,
        });
        return;
      case "acceptBySilence":
        return takeDelivery(tx, deal, null, now);
    }
  });
}

/** Tells whom the clock waits for. Where their silence moves the payment and they were told too late, they get a day more. */
async function remind(tx: Tx, deal: Clocked, now: Date): Promise<void> {
  const { deadlineKind } = deal;
  const party = waitsFor(deadlineKind, deal.negotiation);
  const deadlineAt = deadlineAfterReminder(deal, now);
  await tx.deal.update({ where: { id: deal.id }, data: { remindedAt: now, deadlineAt } });
  if (deadlineAt > deal.deadlineAt) {
    const kind = deadlineKind === "delivery" ? "delivery_extended" : "inspection_extended";
    await appendEvent(tx, deal, { kind, actorId: null, at: now });
  }
  if (!party) return;
  await appendEvent(tx, deal, { kind: "reminded", actorId: null, at: now, details: { party } });
  await mailParty(tx, deal, party, {
    key: `remind:${deadlineKind}:${deadlineAt.getTime()}`,
    subject: reminders[deadlineKind],
    text: `The time for it ends at ${deadlineAt.toISOString()}.`,
  });
}

const reminders: Record<DeadlineKind, string> = {
  offer: "An offer waits for your answer",
  signature: "A contract waits for your signature",
  payment: "A deal waits for your payment",
  delivery: "A paid deal waits for your delivery",
  inspection: "Inspect the delivery: silence will count as acceptance",
  objection: "A deal is about to close",
  dispute: "A dispute is open",
};

async function endNegotiation(tx: Tx, deal: Deal, now: Date): Promise<void> {
  const offer = await findOpenOffer(tx, deal.id);
  if (offer) await closeOffer(tx, deal.id, offer.number, "expired");
  await saveNegotiation(tx, deal, negotiate(deal, "expire", "system", now), now);
  await tellBoth(tx, deal, now, "expired", "The time was over: the negotiation has ended");
}

async function tellBoth(
  tx: Tx,
  deal: Deal,
  now: Date,
  kind: "lapsed" | "expired",
  text: string,
): Promise<void> {
  await appendEvent(tx, deal, { kind, actorId: null, at: now });
  for (const party of ["buyer", "seller"] as const) {
    await mailParty(tx, deal, party, { key: kind, subject: text, text: `${text}. Nothing is owed.` });
  }
}
