import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { refuseUnless } from "@/lib/shared/domain-error";
import { mayConfirmDeletion } from "../deletion";
import { appendEvent, onOwnDeal, mailParty, listDeletionEvents } from "../records";
import type { AcceptDeliveryInput } from "../schemas";
import { recordStep } from "./record-signature";

/**
 * The buyer of a refunded deal says that every copy is deleted, as the contract asks; recorded for the log. A second
 * time changes nothing. Throws `nothing_to_delete` for anybody and at any time else.
 */
export async function confirmDeletion(
  actor: Actor,
  { dealId, envelope }: AcceptDeliveryInput,
): Promise<{ message: string }> {
  await onOwnDeal(actor, dealId, async (tx, { deal, party }) => {
    const events = await listDeletionEvents(tx, dealId);
    if (party === "buyer" && events.some(({ kind }) => kind === "deleted")) return;
    refuseUnless(
      mayConfirmDeletion(deal, party, events),
      "nothing_to_delete",
      "There is nothing that you would have to delete.",
    );
    const now = await currentTime(tx);
    const envelopeSha256 = await recordStep(tx, actor, {
      dealId,
      record: "deletion",
      party: "buyer",
      envelope,
      now,
    });
    await appendEvent(tx, deal, {
      kind: "deleted",
      actorId: actor.accountId,
      at: now,
      details: { envelopeSha256 },
    });
    await mailParty(tx, deal, "seller", {
      key: "deleted",
      subject: "The buyer has deleted the files",
      text: "The buyer says that every copy is deleted. The record stands in the public log.",
    });
  });
  return { message: "Recorded." };
}
