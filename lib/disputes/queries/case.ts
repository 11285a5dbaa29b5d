import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import { listingNamesById } from "@/lib/catalogue/queries/listing-names";
import { dealsById } from "@/lib/deals/queries/deals";
import { db } from "@/lib/platform/db";
import { type Money, money } from "@/lib/shared/money";
import type { DisputeReason, RulingOutcomeName } from "../dispute";

const PAGE_SIZE = 100;

export type DisputeRow = {
  id: string;
  dealId: string;
  reason: DisputeReason;
  listingTitle: string;
  buyerName: string;
  sellerName: string;
  held: Money;
  answerBy: Date;
  ruleBy: Date;
};

/** Open disputes by deadline; nobody but moderators sees any. */
export async function listOpenDisputes(actor: Actor): Promise<DisputeRow[]> {
  if (!hasRole(actor, "moderator")) return [];
  const disputes = await db.dispute.findMany({
    where: { state: "open" },
    orderBy: { ruleBy: "asc" },
    take: PAGE_SIZE,
  });
  const parties = await partiesOf(disputes.map(({ dealId }) => dealId));
  return disputes.map((dispute) => ({
    ...dispute,
    ...parties(dispute.dealId),
    reason: dispute.reason as DisputeReason,
  }));
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

/** The dispute of a deal, for its parties and for moderators; null for everybody else. */
export async function findDisputeOfDeal(actor: Actor, dealId: string): Promise<DisputeView | null> {
  const dispute = await db.dispute.findUnique({ where: { dealId }, select: { id: true } });
  return dispute && findDispute(actor, dispute.id);
}

/** One dispute, for the deal's parties and for moderators; null for everybody else. */
export async function findDispute(actor: Actor, disputeId: string): Promise<DisputeView | null> {
  const row = await db.dispute.findUnique({
    where: { id: disputeId },
    include: { statements: { orderBy: { createdAt: "asc" } }, ruling: true },
  });
  if (!row) return null;
  const parties = (await partiesOf([row.dealId]))(row.dealId);
  const isParty = actor.accountId === parties.buyerId || actor.accountId === parties.sellerId;
  if (!isParty && !hasRole(actor, "moderator")) return null;
  const names = await namesOf([
    row.openedById,
    ...row.statements.map((statement) => statement.authorId),
    ...(row.ruling ? [row.ruling.moderatorId] : []),
  ]);
  const side = (id: string) =>
    id === parties.buyerId
      ? ("buyer" as const)
      : id === parties.sellerId
        ? ("seller" as const)
        : ("moderator" as const);
  const { currency } = parties.held;
  return {
    ...row,
    ...parties,
    reason: row.reason as DisputeReason,
    openedByName: names(row.openedById),
    statements: row.statements.map((statement) => ({
      ...statement,
      authorName: names(statement.authorId),
      side: side(statement.authorId),
    })),
    ruling: row.ruling && {
      outcome: row.ruling.outcome,
      buyer: money(row.ruling.buyerMinor, currency),
      seller: money(row.ruling.sellerMinor, currency),
      rationale: row.ruling.rationale,
      createdAt: row.ruling.createdAt,
      moderatorName: names(row.ruling.moderatorId),
    },
  };
}

async function namesOf(accountIds: readonly string[]): Promise<(accountId: string) => string> {
  const names = await namesById(accountIds);
  return (accountId) => names.get(accountId)?.displayName ?? "Somebody";
}
