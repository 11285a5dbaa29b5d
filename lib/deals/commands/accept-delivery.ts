import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { contractFileSchema, requireContractFiles } from "../contract";
import { type Deal, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import { appendEvent, getContract, lockOwnDeal, mailParty, saveFulfilment } from "../records";
import type { DealInput } from "../schemas";
import { recordPlatformStatement, recordSignature } from "./record-signature";

/**
 * The buyer takes the delivery as agreed. Refused when the files handed over are not those of the contract. Accepting
 * twice changes nothing. The payment is released later, in a transaction of its own.
 */
export async function acceptDelivery(actor: Actor, input: DealInput): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const { deal, party } = await lockOwnDeal(tx, actor, input.dealId);
    requireSigned(deal);
    refuseUnless(party === "buyer", "fulfilment_move_refused", "The buyer accepts.");
    if (deal.fulfilment === "DELIVERY_ACCEPTED" || deal.fulfilment === "RELEASED") return;
    await takeDelivery(tx, deal, actor, await currentTime(tx));
  });
  return { message: "Accepted." };
}

/** Accepts a locked deal as its buyer, or for a silent one when `actor` is null, in the caller's transaction. */
export async function takeDelivery(tx: Tx, deal: Deal, actor: Actor | null, now: Date): Promise<void> {
  const facts = fulfil(deal, "acceptDelivery", actor ? "buyer" : "system");
  const { parsed, termsSha256 } = await getContract(tx, deal.id);
  const delivery = await tx.delivery.findFirst({
    where: { dealId: deal.id },
    orderBy: { deliveredAt: "desc" },
  });
  requireContractFiles(parsed, contractFileSchema.array().parse(delivery?.files ?? []));
  await saveFulfilment(tx, deal, facts, now);
  const statement = {
    record: "acceptance" as const,
    subjectId: deal.id,
    termsSha256,
    modelDigest: parsed.version.modelDigest,
    saltHex: parsed.salt,
  };
  const envelopeSha256 = actor
    ? (await recordSignature(tx, actor, { ...statement, party: "buyer" }, undefined, now)).envelopeSha256
    : await recordPlatformStatement(tx, statement, now);
  await appendEvent(tx, deal, {
    kind: actor ? "accepted" : "accepted_by_silence",
    actorId: actor?.accountId ?? null,
    at: now,
    details: { envelopeSha256 },
  });
  await mailParty(tx, deal, "seller", {
    key: "accepted",
    subject: "The delivery was accepted",
    text: "Unless somebody objects within 24 hours, the deal then closes and a held payment is released.",
  });
}
