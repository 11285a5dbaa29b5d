import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { getName } from "@/lib/accounts/queries/names";
import { type GrantedLicence, findLicenceOfDeal } from "@/lib/access/queries";
import { getListingName } from "@/lib/catalogue/queries/listing-names";
import { findOfferedListing } from "@/lib/catalogue/queries/offered-parts";
import { runContractSchema } from "@/lib/inference/run-contract";
import { type DeliveredName, deliveredWith } from "@/lib/inference/snippets";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db, inSnapshot } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { pick } from "@/lib/shared/pick";
import type { StandingOffer } from "@/prisma/generated/client";
import { readInstallation } from "@/lib/platform/installation";
import type { LedgerPreview } from "@/lib/ledger/balance";
import { type ContractTerms, readContract } from "@/lib/terms/contract";
import { type Clause, clauseFactsOf, clausesOf } from "@/lib/terms/clauses";
import { type Deal, partyOf } from "../deal";
import type { DealEvent } from "../deal-event";
import { previewSettlement } from "../escrow";
import { type FulfilmentMove, fulfilmentMoves, mayFulfil } from "../fulfilment";
import { type NegotiationMove, type Party, mayNegotiate, negotiationMoves } from "../negotiation";
import { type NextAction, type Step, dealSteps, nextAction } from "../next-action";
import { type Change, type OpenOffer, changesBetween } from "../offer";
import { mayConfirmDeletion } from "../deletion";
import { type StepToSign, statementToSign } from "./contract-download";
import { type LogPlaces, actionFacts, findDealPlaces } from "./deal-facts";
import { type LiveDeal, liveDealOf } from "./live-deal";
import {
  dealEventOf,
  dealOfRow,
  deliveredFilesOf,
  findSplitProposal,
  listDeletionEvents,
  offerOfRow,
} from "../records";

export type StandingOfferView = Pick<StandingOffer, "part" | "priceMinor" | "currency" | "termMonths">;

/** The parts of a listing that a buyer can license at once: signed by the seller for the version and terms shown. */
export async function listStandingOffers(listingId: string): Promise<StandingOfferView[]> {
  const listing = await findOfferedListing(db, listingId);
  if (!listing?.isOpen) return [];
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
    .map((row) => pick(row, ["part", "priceMinor", "currency", "termMonths"]));
}

export type DealEventView = DealEvent & {
  id: string;
  at: Date;
  actorName: string | null;
  isYours: boolean;
};

export type OfferView = OpenOffer & { message: string; status: string; createdAt: Date; changes: Change[] };

export type SignatureView = {
  party: Party;
  method: "device_key" | "session";
  signedAt: Date;
  isStanding: boolean;
  envelopeSha256: string | null;
};

const plain = [
  ...([
    "id",
    "part",
    "negotiation",
    "fulfilment",
    "disputants",
    "priceMinor",
    "currency",
    "termMonths",
  ] as const),
  ...(["feeBasisPoints", "paymentProvider", "paymentReference"] as const),
];

export type DealView = Pick<Deal, (typeof plain)[number]> & {
  you: Party;
  otherName: string;
  otherHandle: string;
  listing: { slug: string; title: string };
  versionNumber: number;
  /** How the version is run and by what, beside its files: the contract's digest, and what is delivered of it. */
  run: { sha256: string; names: DeliveredName[] } | null;
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
  licence: GrantedLicence | null;
  /** Who gets what on release; null before there is a price. */
  releasePreview: LedgerPreview | null;
  splitProposal: { id: string; by: Party; buyerMinor: bigint; preview: LedgerPreview } | null;
  /** The proof by which it was released can be downloaded. */
  hasProof: boolean;
  /** The buyer of a refunded deal has not said yet that every copy is deleted. */
  mayConfirmDeletion: boolean;
  logPlaces: LogPlaces;
  events: DealEventView[];
  messages: { id: string; authorName: string; isYours: boolean; body: string; createdAt: Date }[];
};

/** One deal as one of its parties sees it, what its page watches, and what a key of theirs would sign. */
export type DealRoom = {
  deal: DealView;
  live: LiveDeal;
  /** About the contract, the acceptance or the deletion, whichever comes next; null where nothing is to be signed. */
  statementBase64: string | null;
  /** About opening a dispute. */
  disputeBase64: string | null;
  now: Date;
};

/**
 * A party's deal room, read as of one moment, so that state, contract and form always fit together; null for everybody
 * else. Only the places in the log are read afterwards: what was once published stays.
 */
export async function findDealRoom(actor: Actor, dealId: string): Promise<DealRoom | null> {
  const read = await inSnapshot((tx) => readDealRoom(tx, actor, dealId));
  if (!read) return null;
  const { row, deal, you, now } = read;
  const next = nextAction({ ...deal, ...read.facts }, you, now);
  const view = dealView(actor, read, next, await findDealPlaces(row.signatures, read.events));
  const record = stepToSign(view);
  return {
    deal: view,
    live: liveDealOf(deal, row._count, next),
    statementBase64: record && statementToSign(actor, row, you, record, now),
    disputeBase64: view.moves.fulfilment.includes("openDispute")
      ? statementToSign(actor, row, you, "dispute", now)
      : null,
    now,
  };
}

/** One deal as one of its parties sees it; null for everybody else. */
export async function findDeal(actor: Actor, dealId: string): Promise<DealView | null> {
  return (await findDealRoom(actor, dealId))?.deal ?? null;
}

/** What the buyer or seller may put their name under now. */
function stepToSign({ next, moves, mayConfirmDeletion: mayConfirm }: DealView): StepToSign | null {
  if (next.kind === "sign") return "contract";
  if (moves.fulfilment.includes("acceptDelivery")) return "acceptance";
  return mayConfirm ? "deletion" : null;
}

type DealRead = NonNullable<Awaited<ReturnType<typeof readDealRoom>>>;

async function readDealRoom(tx: Tx, actor: Actor, dealId: string) {
  const row = await tx.deal.findUnique({
    where: { id: dealId },
    include: {
      offers: { orderBy: { number: "asc" } },
      contract: true,
      signatures: { orderBy: { signedAt: "asc" } },
      deliveries: { orderBy: { deliveredAt: "desc" }, take: 1 },
      events: { orderBy: { id: "desc" }, take: 200 },
      messages: { orderBy: { createdAt: "asc" }, take: 500 },
      proof: { select: { leafHash: true } },
      _count: { select: { events: true, messages: true } },
    },
  });
  const you = row && partyOf(row, actor.accountId);
  if (!row || !you) return null;
  const deal = dealOfRow(row);
  const facts = await actionFacts(tx, row);
  const events = row.events.map(dealEventOf);
  const surroundings = await dealSurroundings(tx, deal, you);
  return { row, deal, events, you, facts, ...surroundings, now: await currentTime(tx) };
}

function dealView(actor: Actor, read: DealRead, next: NextAction, logPlaces: LogPlaces): DealView {
  const { row, deal, events, you, other, listing, version, licence, isDemo, proposal, now } = read;
  const terms = row.contract && readContract(row.contract);
  const nameOf = (id: string | null) =>
    id === null ? null : id === actor.accountId ? "You" : other.displayName;
  return {
    ...pick(deal, plain),
    you,
    otherName: other.displayName,
    otherHandle: other.handle,
    listing,
    versionNumber: version.number,
    run: runOf(version.runContract, version.runContractSha256),
    bankDetails: deal.paymentProvider === "bank-transfer" ? (env().BANK_TRANSFER_DETAILS ?? null) : null,
    isDemo,
    steps: dealSteps(deal),
    next,
    moves: movesOf(deal, you, now),
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
    hasProof: row.proof !== null,
    mayConfirmDeletion: mayConfirmDeletion(deal, you, read.deletionEvents),
    logPlaces,
    splitProposal: proposal && { ...proposal, preview: previewSettlement(deal, proposal.buyerMinor) },
    events: events.map((event) => ({
      ...event,
      actorName: nameOf(event.actorId),
      isYours: event.actorId === actor.accountId,
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

/** One after the other: a transaction has one connection. */
async function dealSurroundings(tx: Tx, deal: Deal, you: Party) {
  const otherId = you === "buyer" ? deal.sellerId : deal.buyerId;
  return {
    other: await getName(otherId, tx),
    listing: await getListingName(deal.listingId, tx),
    version: await getVersion(deal.versionId, tx),
    licence: await findLicenceOfDeal(tx, deal.id),
    isDemo: (await readInstallation(tx)).isDemo,
    proposal: await findSplitProposal(tx, deal),
    deletionEvents: await listDeletionEvents(tx, deal.id),
  };
}

function runOf(stored: unknown, sha256: string | null): DealView["run"] {
  const contract = runContractSchema.safeParse(stored).data;
  return contract && sha256 !== null ? { sha256, names: deliveredWith(contract) } : null;
}

function movesOf(deal: Deal, you: Party, now: Date): DealView["moves"] {
  const isSigned = deal.negotiation === "FINALIZED";
  return {
    negotiation: negotiationMoves.filter((move) => mayNegotiate(deal, move, you, now)),
    fulfilment: isSigned ? fulfilmentMoves.filter((move) => mayFulfil(deal, move, you, now)) : [],
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
