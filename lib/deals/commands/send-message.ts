import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import { currentTime } from "@/lib/platform/clock";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { otherParty } from "../deal";
import { mailAbout } from "../message-mail";
import { onOwnDeal, mailParty } from "../records";
import { requireSameRequest } from "../same-request";
import type { SendMessageInput } from "../schemas";

/**
 * Writes to the other side, who gets at most one mail in five minutes from one side of a deal. Neither can edit or remove
 * it. The same message id is sent once; with other words it throws `request_reused`.
 */
export async function sendMessage(actor: Actor, input: SendMessageInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    const earlier = await tx.dealMessage.findUnique({ where: { id: input.messageId } });
    if (earlier) {
      if (earlier.dealId !== deal.id || earlier.authorId !== actor.accountId) throw notFoundError("message");
      return requireSameRequest({ body: earlier.body }, { body: input.body });
    }
    const own = await tx.dealMessage.findMany({
      where: { dealId: deal.id, authorId: actor.accountId },
      orderBy: { createdAt: "asc" },
      select: { createdAt: true },
    });
    refuseUnless(
      own.length < limits.messagesInDeal,
      "too_many_messages",
      `You have written ${limits.messagesInDeal} messages in this deal, and each side may write no more.`,
    );
    const now = await currentTime(tx);
    await tx.dealMessage.create({
      data: {
        id: input.messageId,
        dealId: deal.id,
        authorId: actor.accountId,
        body: input.body,
        createdAt: now,
      },
    });
    const mail = mailAbout([...own.map(({ createdAt }) => createdAt), now]);
    if (mail === null) return;
    const author = actor.displayName || `The ${party}`;
    const text = mail.isAtOnce
      ? input.body
      : "More was written since the last mail. All of it is in the deal:";
    await mailParty(tx, deal, otherParty(party), {
      key: `message:${input.messageId}`,
      subject: mail.isAtOnce ? `${author} wrote to you` : `${author} wrote more to you`,
      text,
      afterSeconds: mail.afterSeconds,
    });
  });
  return { message: "Sent." };
}
