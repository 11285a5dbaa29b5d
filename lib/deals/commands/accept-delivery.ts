import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { contractFileSchema, requireContractFiles } from "@/lib/terms/contract";
import { type Deal, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import { appendEvent, getContract, onOwnDeal, mailParty, saveFulfilment } from "../records";
import type { AcceptDeliveryInput } from "../schemas";
import { recordPlatformStep, recordStep } from "./record-signature";

/**
 * The buyer takes the delivery as agreed. Refused when the files handed over are not those of the contract. Accepting
 * twice changes nothing. The payment is released later, in a transaction of its own.
 */
export async function acceptDelivery(actor: Actor, input: AcceptDeliveryInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    requireSigned(deal);
    refuseUnless(party === "buyer", "fulfilment_move_refused", "The buyer accepts.");
    if (deal.fulfilment === "DELIVERY_ACCEPTED" || deal.fulfilment === "RELEASED") return;
    await takeDelivery(tx, deal, { actor, envelope: input.envelope }, await currentTime(tx));
  });
  return { message: "Accepted." };
}

type Acceptance = { actor: Actor; envelope: string | undefined };

/** Accepts a locked deal as its buyer, or for a silent one when `by` is null, in the caller's transaction. */
export async function takeDelivery(tx: Tx, deal: Deal, by: Acceptance | null, now: Date): Promise<void> {
  const facts = by
    ? fulfil(deal, "acceptDelivery", "buyer", now)
    : fulfil(deal, "acceptBySilence", "system", now);
  const { parsed } = await getContract(tx, deal.id);
  const delivery = await tx.delivery.findFirst({
    where: { dealId: deal.id },
    orderBy: { deliveredAt: "desc" },
  });
  requireContractFiles(parsed, contractFileSchema.array().parse(delivery?.files ?? []));
  await saveFulfilment(tx, deal, facts, now);
  const step = { dealId: deal.id, record: "acceptance", party: "buyer", now } as const;
  const envelopeSha256 = by
    ? await recordStep(tx, by.actor, { ...step, envelope: by.envelope })
    : await recordPlatformStep(tx, deal.id, "acceptance", now);
  await appendEvent(tx, deal, {
    kind: by ? "accepted" : "accepted_by_silence",
    actorId: by?.actor.accountId ?? null,
    at: now,
    details: { envelopeSha256 },
  });
  const otherwise =
    "Unless somebody objects within 24 hours, the deal then closes and a held payment is released.";
  await mailParty(tx, deal, "seller", {
    key: "accepted",
    subject: "The delivery was accepted",
    text: otherwise,
  });
  if (!by) {
    await mailParty(tx, deal, "buyer", {
      key: "accepted",
      subject: "Your silence counts as acceptance",
      text: `The days for inspecting are over. ${otherwise}`,
    });
  }
}
