import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import type { PartName } from "@/lib/catalogue/part";
import { listingNamesById } from "@/lib/catalogue/queries/listing-names";
import { findHeldParts } from "@/lib/catalogue/queries/version-files";
import { listConfirmers } from "@/lib/ledger/queries/receipts";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import type { Deal } from "../deal";
import { partyOf } from "../deal";
import { isSettled } from "../fulfilment";
import type { Party } from "../negotiation";
import { nextAction } from "../next-action";
import { dealOfRow } from "../records";

export const dealFilters = ["all", "buying", "selling"] as const;
export type DealFilter = (typeof dealFilters)[number];

export type DealRowView = {
  id: string;
  you: Party;
  otherName: string;
  listingTitle: string;
  part: PartName;
  priceMinor: bigint | null;
  currency: string;
  termMonths: number | null;
  group: "yours" | "theirs" | "over";
  title: string;
  by: Date | null;
  updatedAt: Date;
};

const MAX_ROWS = 300;

/** The actor's own deals, those that wait for the actor first, then by deadline. */
export async function listDeals(actor: Actor, filter: DealFilter): Promise<DealRowView[]> {
  const { accountId } = actor;
  const sides = {
    all: [{ buyerId: accountId }, { sellerId: accountId }],
    buying: [{ buyerId: accountId }],
    selling: [{ sellerId: accountId }],
  };
  const rows = await db.deal.findMany({
    where: { OR: sides[filter] },
    include: { signatures: { select: { party: true } }, offers: { orderBy: { number: "desc" }, take: 1 } },
    orderBy: { updatedAt: "desc" },
    take: MAX_ROWS,
  });
  const now = await currentTime();
  const [names, listings, isHeld] = await Promise.all([
    namesById(rows.flatMap((row) => [row.buyerId, row.sellerId])),
    listingNamesById(rows.map((row) => row.listingId)),
    findHeldParts(rows.map((row) => row.versionId)),
  ]);
  return rows
    .map((row): DealRowView => {
      const deal = dealOfRow(row);
      const you = partyOf(deal, accountId) ?? "buyer";
      const signed = (party: Party) => row.signatures.some((signature) => signature.party === party);
      const facts = {
        signed: { buyer: signed("buyer"), seller: signed("seller") },
        hasFiles: isHeld(row.versionId, row.part),
      };
      const next = nextAction({ ...deal, ...facts }, you, now);
      const offer = row.offers[0];
      return {
        id: row.id,
        you,
        otherName: names.get(you === "buyer" ? row.sellerId : row.buyerId)?.displayName ?? "Somebody",
        listingTitle: listings.get(row.listingId)?.title ?? "A listing",
        part: row.part,
        priceMinor: row.priceMinor ?? offer?.priceMinor ?? null,
        currency: row.currency,
        termMonths: row.priceMinor === null ? (offer?.termMonths ?? null) : row.termMonths,
        group: isOver(deal) ? "over" : next.isYours ? "yours" : "theirs",
        title: next.title,
        by: next.by,
        updatedAt: row.updatedAt,
      };
    })
    .sort((a, b) => (a.by?.getTime() ?? Infinity) - (b.by?.getTime() ?? Infinity));
}

function isOver(deal: Pick<Deal, "negotiation" | "fulfilment">): boolean {
  return deal.negotiation === "TERMINATED" || isSettled(deal.fulfilment);
}

/** The title of the listing that one's own deal is about, for the page's title; null for everybody else. */
export async function findDealTitle(actor: Actor, dealId: string): Promise<string | null> {
  const deal = await db.deal.findUnique({
    where: { id: dealId },
    select: { buyerId: true, sellerId: true, listingId: true },
  });
  if (!deal || !partyOf(deal, actor.accountId)) return null;
  return (await listingNamesById([deal.listingId])).get(deal.listingId)?.title ?? null;
}

export type PaymentToConfirm = {
  reference: string;
  priceMinor: bigint;
  currency: string;
  dueAt: Date | null;
  confirmations: number;
  isConfirmedByYou: boolean;
};

/** Bank transfers that have not been confirmed, for administrators; null for everybody else. */
export async function listPaymentsToConfirm(actor: Actor): Promise<PaymentToConfirm[] | null> {
  if (!hasRole(actor, "administrator")) return null;
  const deals = await db.deal.findMany({
    where: { paymentProvider: "bank-transfer", negotiation: "FINALIZED", fulfilment: "UNFUNDED" },
    orderBy: { deadlineAt: "asc" },
    take: MAX_ROWS,
  });
  const receipts = await listConfirmers(deals.map((deal) => deal.paymentReference));
  return deals.map((deal) => {
    const own = receipts.filter((receipt) => receipt.reference === deal.paymentReference);
    return {
      reference: deal.paymentReference,
      priceMinor: deal.priceMinor ?? 0n,
      currency: deal.currency,
      dueAt: deal.deadlineAt,
      confirmations: own.length,
      isConfirmedByYou: own.some((receipt) => receipt.confirmedById === actor.accountId),
    };
  });
}
