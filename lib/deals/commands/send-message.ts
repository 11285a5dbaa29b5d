import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { otherParty } from "../deal";
import { onOwnDeal, mailParty } from "../records";
import type { SendMessageInput } from "../schemas";

const MAX_MESSAGES = 500;

/** Writes to the other side; the same message id is sent once. Neither can edit or remove it. */
export async function sendMessage(actor: Actor, input: SendMessageInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    const earlier = await tx.dealMessage.findUnique({ where: { id: input.messageId } });
    if (earlier) {
      if (earlier.dealId !== deal.id || earlier.authorId !== actor.accountId) throw notFoundError("message");
      return;
    }
    const count = await tx.dealMessage.count({ where: { dealId: deal.id } });
    refuseUnless(count < MAX_MESSAGES, "too_many_messages", `A deal has at most ${MAX_MESSAGES} messages.`);
    await tx.dealMessage.create({
      data: {
        id: input.messageId,
        dealId: deal.id,
        authorId: actor.accountId,
        body: input.body,
        createdAt: await currentTime(tx),
      },
    });
    await mailParty(tx, deal, otherParty(party), {
      key: `message:${input.messageId}`,
      subject: `${actor.displayName || `The ${party}`} wrote to you`,
      text: input.body,
    });
  });
  return { message: "Sent." };
}
