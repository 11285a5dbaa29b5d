import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { PartName } from "@/lib/catalogue/part";
import { db } from "@/lib/platform/db";
import { getInstallation } from "@/lib/platform/installation";
import { env } from "@/lib/platform/env";
import type { LedgerPreview } from "@/lib/ledger/balance";
import type { Deal as DealRow } from "@/prisma/generated/client";
import { type Clause, type ContractTerms, clauseFactsOf, clausesOf, readContract } from "./contract";
import { type Deal, partyOf } from "./deal";
import { previewSettlement } from "./escrow";
import { type FulfilmentMove, fulfilmentMoves, mayFulfil } from "./fulfilment";
import { type NegotiationMove, type Party, mayNegotiate, negotiationMoves } from "./negotiation";
import { type NextAction, type Step, dealSteps, nextAction } from "./next-action";
import { type Change, type OpenOffer, changesBetween } from "./offer";
import { dealOfRow, deliveredFilesOf, findSplitProposal, offerOfRow } from "./records";

export type StandingOfferView = {
  part: PartName;
  priceMinor: bigint;
  currency: string;
  termMonths: number | null;
};

/** The parts of a listing that a buyer can license at once: signed by the seller for the version and terms shown. */
export async function listStandingOffers(listingId: string): Promise<StandingOfferView[]> {
  const listing = await db.listing.findUnique({
    where: { id: listingId },
    include: { parts: { where: { isOffered: true } } },
  });
  if (!listing || listing.status !== "open" || listing.frozenAt || listing.takenDownAt) return [];
  const rows = await db.standingOffer.findMany({
    where: { listingId, versionId: listing.versionId, withdrawnAt: null },
    orderBy: { part: "asc" },
  });
  return rows
    .filter((row) =>
      listing.parts.some(
        (part) =>
          part.part === row.part &&
          part.pricing !== "per_1000_calls" &&
          (part.pricing === "free" ? 0n : part.priceMinor) === row.priceMinor &&
          part.termMonths === row.termMonths,
      ),
    )
    .map(({ part, priceMinor, currency, termMonths }) => ({ part, priceMinor, currency, termMonths }));
}

export type DealEventView = {
  id: string;
  at: Date;
  kind: string;
  actorName: string | null;
  isYours: boolean;
  details: Record<string, string | number | boolean>;
};

export type OfferView = OpenOffer & { message: string; status: string; createdAt: Date; changes: Change[] };

export type SignatureView = {
  party: Party;
  method: "device_key" | "session";
  signedAt: Date;
  isStanding: boolean;
  envelopeSha256: string | null;
};

export type DealView = {
  id: string;
  you: Party;
  otherName: string;
  otherHandle: string;
  listing: { slug: string; title: string };
  versionNumber: number;
  part: PartName;
  negotiation: Deal["negotiation"];
  fulfilment: Deal["fulfilment"];
  priceMinor: bigint | null;
  currency: string;
  termMonths: number | null;
  feeBasisPoints: number;
  paymentProvider: string;
  paymentReference: string;
  bankDetails: string | null;
  isDemo: boolean;
  steps: Step[];
  next: NextAction;
  moves: { negotiation: NegotiationMove[]; fulfilment: FulfilmentMove[] };
  offers: OfferView[];
  openOffer: OpenOffer | null;
  contract: { terms: ContractTerms; termsSha256: string; clauses: Clause[] } | null;
  signatures: SignatureView[];
  delivery: { deliveredAt: Date; note: string; files: ReturnType<typeof deliveredFilesOf> } | null;
  licence: { id: string; status: "active" | "revoked"; startsAt: Date; endsAt: Date | null } | null;
  /** Who gets what on release; null before there is a price. */
  releasePreview: LedgerPreview | null;
  splitProposal: { id: string; by: Party; buyerMinor: bigint; preview: LedgerPreview } | null;
  events: DealEventView[];
  messages: { id: string; authorName: string; isYours: boolean; body: string; createdAt: Date }[];
};

/** One deal as one of its parties sees it; null for everybody else. */
export async function findDeal(actor: Actor, dealId: string): Promise<DealView | null> {
  const row = await db.deal.findUnique({
    where: { id: dealId },
    include: {
      offers: { orderBy: { number: "asc" } },
      contract: true,
      signatures: { orderBy: { signedAt: "asc" } },
      deliveries: { orderBy: { deliveredAt: "desc" }, take: 1 },
      events: { orderBy: { id: "desc" }, take: 200 },
      messages: { orderBy: { createdAt: "asc" }, take: 500 },
    },
  });
  const you = row && partyOf(row, actor.accountId);
  if (!row || !you) return null;
  const deal = dealOfRow(row);
  const [facts, surroundings] = await Promise.all([actionFacts(row), dealSurroundings(deal, you)]);
  const { other, listing, version, licence, installation, proposal } = surroundings;
  const terms = row.contract && readContract(row.contract);
  const nameOf = (id: string | null) =>
    id === null ? null : id === actor.accountId ? "You" : other.displayName;
  return {
    ...pickPlain(deal),
    you,
    otherName: other.displayName,
    otherHandle: other.handle,
    listing,
    versionNumber: version.number,
    bankDetails: deal.paymentProvider === "bank-transfer" ? (env().BANK_TRANSFER_DETAILS ?? null) : null,
    isDemo: installation.isDemo,
    steps: dealSteps(deal),
    next: nextAction({ ...deal, ...facts }, you),
    moves: movesOf(deal, you),
    offers: offerViews(row.offers, deal.currency),
    openOffer: row.offers.filter((offer) => offer.status === "open").map(offerOfRow)[0] ?? null,
    contract: row.contract &&
      terms && {
        terms,
        termsSha256: row.contract.termsSha256,
        clauses: clausesOf(clauseFactsOf(terms, deal.feeBasisPoints)),
      },
    signatures: row.signatures.map((signature) => ({
      ...signature,
      isStanding: row.contract !== null && signature.termsSha256 !== row.contract.termsSha256,
    })),
    delivery: row.deliveries[0]
      ? { ...row.deliveries[0], files: deliveredFilesOf(row.deliveries[0].files) }
      : null,
    licence,
    releasePreview: deal.priceMinor === null ? null : previewSettlement(deal, 0n),
    splitProposal: proposal && { ...proposal, preview: previewSettlement(deal, proposal.buyerMinor) },
    events: row.events.map((event) => ({
      id: String(event.id),
      at: event.at,
      kind: event.kind,
      actorName: nameOf(event.actorId),
      isYours: event.actorId === actor.accountId,
      details: event.details as DealEventView["details"],
    })),
    messages: row.messages.map(({ id, authorId, body, createdAt }) => ({
      id,
      body,
      createdAt,
      isYours: authorId === actor.accountId,
      authorName: nameOf(authorId) ?? "",
    })),
  };
}

function pickPlain(deal: Deal) {
  const { id, part, negotiation, fulfilment, priceMinor, currency, termMonths } = deal;
  const { feeBasisPoints, paymentProvider, paymentReference } = deal;
  return {
    ...{ id, part, negotiation, fulfilment, priceMinor, currency, termMonths },
    ...{ feeBasisPoints, paymentProvider, paymentReference },
  };
}

async function dealSurroundings(deal: Deal, you: Party) {
  const otherId = you === "buyer" ? deal.sellerId : deal.buyerId;
  const [other, listing, version, licence, installation, proposal] = await Promise.all([
    db.account.findUniqueOrThrow({ where: { id: otherId }, select: { displayName: true, handle: true } }),
    db.listing.findUniqueOrThrow({ where: { id: deal.listingId }, select: { slug: true, title: true } }),
    db.modelVersion.findUniqueOrThrow({ where: { id: deal.versionId }, select: { number: true } }),
    db.licence.findUnique({
      where: { dealId: deal.id },
      select: { id: true, status: true, startsAt: true, endsAt: true },
    }),
    getInstallation(),
    findSplitProposal(db, deal),
  ]);
  return { other, listing, version, licence, installation, proposal };
}

/** What `nextAction` needs beside the row. */
async function actionFacts(row: DealRow & { signatures: { party: Party }[] }) {
  const files = await db.versionFile.count({ where: { versionId: row.versionId, part: row.part } });
  const signed = (party: Party) => row.signatures.some((signature) => signature.party === party);
  return { signed: { buyer: signed("buyer"), seller: signed("seller") }, hasFiles: files > 0 };
}

function movesOf(deal: Deal, you: Party): DealView["moves"] {
  return {
    negotiation: negotiationMoves.filter((move) => mayNegotiate(deal.negotiation, move, you)),
    fulfilment:
      deal.negotiation === "FINALIZED" ? fulfilmentMoves.filter((move) => mayFulfil(deal, move, you)) : [],
  };
}

type OfferRow = Parameters<typeof offerOfRow>[0];

function offerViews(rows: readonly OfferRow[], currency: string): OfferView[] {
  const offers = rows.map((row) => ({ row, offer: offerOfRow(row) }));
  return offers.map(({ row, offer }, index) => {
    const before = offers[index - 1]?.offer;
    return {
      ...offer,
      message: row.message,
      status: row.status,
      createdAt: row.createdAt,
      changes: before ? changesBetween(before, offer, currency) : [],
    };
  });
}

export type LiveDeal = { version: string; isYourTurn: boolean; title: string };

/** The little that a waiting page polls; null for everybody but the parties. `version` changes with every event. */
export async function findLiveDeal(actor: Actor, dealId: string): Promise<LiveDeal | null> {
  const row = await db.deal.findUnique({
    where: { id: dealId },
    include: { signatures: { select: { party: true } } },
  });
  const you = row && partyOf(row, actor.accountId);
  if (!row || !you) return null;
  const [facts, events, messages] = await Promise.all([
    actionFacts(row),
    db.dealEvent.count({ where: { dealId } }),
    db.dealMessage.count({ where: { dealId } }),
  ]);
  const next = nextAction({ ...dealOfRow(row), ...facts }, you);
  return {
    version: [row.negotiation, row.fulfilment, row.deadlineAt?.getTime() ?? 0, events, messages].join("."),
    isYourTurn: next.isYours,
    title: next.title,
  };
}
