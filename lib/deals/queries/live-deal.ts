import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { type Deal, partyOf } from "../deal";
import { type NextAction, nextAction } from "../next-action";
import { dealOfRow } from "../records";
import { actionFacts } from "./deal-facts";

export type LiveDeal = { version: string; isYourTurn: boolean; title: string };

/** The little that a waiting page polls. `version` changes with every event, message and turn of the clock. */
export function liveDealOf(
  deal: Pick<Deal, "negotiation" | "fulfilment" | "deadlineAt" | "acceptanceLog">,
  count: { events: number; messages: number },
  next: NextAction,
): LiveDeal {
  const { negotiation, fulfilment, deadlineAt, acceptanceLog } = deal;
  const state = [negotiation, fulfilment, deadlineAt?.getTime() ?? 0, acceptanceLog];
  const version = [...state, count.events, count.messages, next.title].join(".");
  return { version, isYourTurn: next.isYours, title: next.title };
}

/** The same for a poll; null for everybody but the parties. */
export async function findLiveDeal(actor: Actor, dealId: string): Promise<LiveDeal | null> {
  const row = await db.deal.findUnique({
    where: { id: dealId },
    include: {
      signatures: { select: { party: true } },
      _count: { select: { events: true, messages: true } },
    },
  });
  const you = row && partyOf(row, actor.accountId);
  if (!row || !you) return null;
  const deal = dealOfRow(row);
  const facts = await actionFacts(db, row);
  return liveDealOf(deal, row._count, nextAction({ ...deal, ...facts }, you, await currentTime()));
}
