import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import type { PartName } from "@/lib/catalogue/part";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import type { Deal } from "../deal";
import { partyOf } from "../deal";
import { isSettled } from "../fulfilment";
import type { Party } from "../negotiation";
import { type ReleaseWait, nextAction } from "../next-action";
import { dealOfRow } from "../records";
import { findReleaseWait } from "./deal-facts";

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
  const [names, titles, withFiles, waits] = await Promise.all([
    namesOf(rows.flatMap((row) => [row.buyerId, row.sellerId])),
    titlesOf(rows.map((row) => row.listingId)),
    versionsWithFiles(rows),
    releaseWaits(rows, now),
  ]);
  return rows
    .map((row): DealRowView => {
      const deal = dealOfRow(row);
      const you = partyOf(deal, accountId) ?? "buyer";
      const signed = (party: Party) => row.signatures.some((signature) => signature.party === party);
      const facts = {
        signed: { buyer: signed("buyer"), seller: signed("seller") },
        hasFiles: withFiles.has(`${row.versionId}:${row.part}`),
        release: waits.get(row.id) ?? null,
      };
      const next = nextAction({ ...deal, ...facts }, you);
      const offer = row.offers[0];
      return {
        id: row.id,
        you,
        otherName: names.get(you === "buyer" ? row.sellerId : row.buyerId) ?? "Somebody",
        listingTitle: titles.get(row.listingId) ?? "A listing",
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
  return (await titlesOf([deal.listingId])).get(deal.listingId) ?? null;
}

async function namesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.account.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, displayName: true },
  });
  return new Map(rows.map((row) => [row.id, row.displayName]));
}

async function titlesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.listing.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, title: true },
  });
  return new Map(rows.map((row) => [row.id, row.title]));
}

async function versionsWithFiles(rows: readonly { versionId: string }[]): Promise<Set<string>> {
  const files = await db.versionFile.findMany({
    where: { versionId: { in: rows.map((row) => row.versionId) } },
    select: { versionId: true, part: true },
    distinct: ["versionId", "part"],
  });
  return new Set(files.map((file) => `${file.versionId}:${file.part}`));
}

async function releaseWaits(
  rows: readonly Parameters<typeof dealOfRow>[0][],
  now: Date,
): Promise<Map<string, ReleaseWait | null>> {
  const waits = rows.map(async (row) => [row.id, await findReleaseWait(dealOfRow(row), now)] as const);
  return new Map(await Promise.all(waits));
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
  const receipts = await db.paymentReceipt.findMany({
    where: { reference: { in: deals.map((deal) => deal.paymentReference) } },
  });
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
