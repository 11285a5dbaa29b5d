import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import { listingNamesById } from "@/lib/catalogue/queries/listing-names";
import type { Party } from "@/lib/deals/negotiation";
import { dealsById } from "@/lib/deals/queries/deals";
import { db } from "@/lib/platform/db";
import { type Money, money } from "@/lib/shared/money";
import type { Dispute, DisputeStatement, Ruling } from "@/prisma/generated/client";
import type { DisputeReason, RulingOutcomeName } from "../dispute";
import type { Cursor } from "./reports";

const DISPUTES_PER_PAGE = 25;

export type DisputeRow = {
  id: string;
  dealId: string;
  /** Who opened it. */
  party: Party;
  reason: DisputeReason;
  listingTitle: string;
  buyerName: string;
  sellerName: string;
  held: Money;
  answerBy: Date;
  ruleBy: Date;
};

export type DisputeQueueView = {
  /** Over all pages. */
  count: number;
  disputes: DisputeRow[];
  next: Cursor | null;
};

/** Open disputes, the oldest deadline first, 25 a page; nobody but moderators sees any. */
export async function listOpenDisputes(actor: Actor, after: Cursor | null): Promise<DisputeQueueView> {
  if (!hasRole(actor, "moderator")) return { count: 0, disputes: [], next: null };
  const [count, found] = await Promise.all([
    db.dispute.count({ where: { state: "open" } }),
    db.dispute.findMany({
      where: {
        state: "open",
        ...(after && { OR: [{ ruleBy: { gt: after.at } }, { ruleBy: after.at, id: { gt: after.id } }] }),
      },
      orderBy: [{ ruleBy: "asc" }, { id: "asc" }],
      take: DISPUTES_PER_PAGE + 1,
    }),
  ]);
  const shown = found.slice(0, DISPUTES_PER_PAGE);
  const parties = await partiesOf(shown.map(({ dealId }) => dealId));
  const disputes = shown.map((dispute) => ({
    ...dispute,
    ...parties(dispute.dealId),
    reason: dispute.reason as DisputeReason,
  }));
  const last = found.length > DISPUTES_PER_PAGE ? shown.at(-1) : undefined;
  return { count, disputes, next: last ? { at: last.ruleBy, id: last.id } : null };
}

type Parties = Pick<DisputeRow, "listingTitle" | "buyerName" | "sellerName" | "held"> & {
  buyerId: string;
  sellerId: string;
};

/** Who deals about what, by the id of the deal, in a fixed number of queries. */
async function partiesOf(dealIds: readonly string[]): Promise<(dealId: string) => Parties> {
  const deals = await dealsById(dealIds);
  const rows = [...deals.values()];
  const [listings, nameOf] = await Promise.all([
    listingNamesById(rows.map(({ listingId }) => listingId)),
    namesOf(rows.flatMap(({ buyerId, sellerId }) => [buyerId, sellerId])),
  ]);
  return (dealId) => {
    const deal = deals.get(dealId);
    const listing = deal && listings.get(deal.listingId);
    if (!listing) throw new Error(`The deal ${dealId} or its listing is missing.`);
    const { buyerId, sellerId, priceMinor, currency } = deal;
    return {
      ...{ listingTitle: listing.title, buyerId, sellerId, held: money(priceMinor ?? 0n, currency) },
      ...{ buyerName: nameOf(buyerId), sellerName: nameOf(sellerId) },
    };
  };
}

export type DisputeView = DisputeRow & {
  state: "open" | "ruled" | "withdrawn";
  statement: string;
  openedAt: Date;
  openedById: string;
  openedByName: string;
  buyerId: string;
  sellerId: string;
  statements: {
    id: string;
    authorName: string;
    side: "buyer" | "seller" | "moderator";
    body: string;
    createdAt: Date;
  }[];
  ruling: {
    outcome: RulingOutcomeName;
    buyer: Money;
    seller: Money;
    rationale: string;
    createdAt: Date;
    moderatorName: string;
  } | null;
};

/**
 * The disputes of a deal, the last one first, in a fixed number of queries; for its parties and for moderators, none for
 * everybody else.
 */
export async function listDisputesOfDeal(actor: Actor, dealId: string): Promise<DisputeView[]> {
  const rows = await db.dispute.findMany({
    where: { dealId },
    include: { statements: { orderBy: { createdAt: "asc" } }, ruling: true },
    orderBy: { openedAt: "desc" },
  });
  if (rows.length === 0) return [];
  const parties = (await partiesOf([dealId]))(dealId);
  const isParty = actor.accountId === parties.buyerId || actor.accountId === parties.sellerId;
  if (!isParty && !hasRole(actor, "moderator")) return [];
  const nameOf = await namesOf(
    rows.flatMap(({ openedById, statements, ruling }) => [
      openedById,
      ...statements.map(({ authorId }) => authorId),
      ...(ruling ? [ruling.moderatorId] : []),
    ]),
  );
  return rows.map((row) => disputeView(row, parties, nameOf));
}

/** One dispute, for the deal's parties and for moderators; null for everybody else. */
export async function findDispute(actor: Actor, disputeId: string): Promise<DisputeView | null> {
  const row = await db.dispute.findUnique({ where: { id: disputeId }, select: { dealId: true } });
  const disputes = row ? await listDisputesOfDeal(actor, row.dealId) : [];
  return disputes.find(({ id }) => id === disputeId) ?? null;
}

type DisputeRecord = Dispute & { statements: DisputeStatement[]; ruling: Ruling | null };

function disputeView(
  row: DisputeRecord,
  parties: Parties,
  nameOf: (accountId: string) => string,
): DisputeView {
  const { currency } = parties.held;
  const { ruling } = row;
  const side = (id: string) =>
    id === parties.buyerId ? "buyer" : id === parties.sellerId ? "seller" : "moderator";
  return {
    ...row,
    ...parties,
    reason: row.reason as DisputeReason,
    openedByName: nameOf(row.openedById),
    statements: row.statements.map((statement) => ({
      ...statement,
      authorName: nameOf(statement.authorId),
      side: side(statement.authorId),
    })),
    ruling: ruling && {
      outcome: ruling.outcome,
      buyer: money(ruling.buyerMinor, currency),
      seller: money(ruling.sellerMinor, currency),
      rationale: ruling.rationale,
      createdAt: ruling.createdAt,
      moderatorName: nameOf(ruling.moderatorId),
    },
  };
}

async function namesOf(accountIds: readonly string[]): Promise<(accountId: string) => string> {
  const names = await namesById(accountIds);
  return (accountId) => names.get(accountId)?.displayName ?? "Somebody";
}
