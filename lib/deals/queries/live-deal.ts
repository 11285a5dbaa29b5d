import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { partyOf } from "../deal";
import { type NextAction, type ReleaseWait, nextAction } from "../next-action";
import { dealOfRow } from "../records";
import { actionFacts, findReleaseWait } from "./deal-facts";

export type LiveDeal = { version: string; isYourTurn: boolean; title: string };

type WatchedRow = {
  negotiation: string;
  fulfilment: string;
  deadlineAt: Date | null;
  _count: { events: number; messages: number };
};

/** The little that a waiting page polls. `version` changes with every event and with the log. */
export function liveDealOf(row: WatchedRow, release: ReleaseWait | null, next: NextAction): LiveDeal {
  const { negotiation, fulfilment, deadlineAt, _count } = row;
  const wait = release ? `${release.log}${release.isDue ? "!" : ""}` : "";
  const parts = [negotiation, fulfilment, deadlineAt?.getTime() ?? 0, _count.events, _count.messages, wait];
  return { version: parts.join("."), isYourTurn: next.isYours, title: next.title };
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
  const release = await findReleaseWait(deal, await currentTime());
  return liveDealOf(row, release, nextAction({ ...deal, ...facts, release }, you));
}
