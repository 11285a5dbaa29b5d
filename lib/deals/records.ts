import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { type Rights, rightsSchema } from "@/lib/catalogue/rights";
import { type Tx, type db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import type {
  Deal as DealRow,
  DealEvent as DealEventRow,
  Offer as OfferRow,
  Prisma,
} from "@/prisma/generated/client";
import type { ContractTerms, SealedTerms } from "@/lib/terms/contract";
import { contractFileSchema, readContract } from "@/lib/terms/contract";
import type { Deal, FrozenShare } from "./deal";
import { requireParty } from "./deal";
import { type DealEvent, type NewDealEvent, dealEventSchema } from "./deal-event";
import { deadlineOn } from "./deadline";
import { type DeadlineKind, deadlineKinds } from "@/lib/terms/clock-hours";
import type { FulfilmentFacts } from "./fulfilment";
import type { NegotiationState, Party } from "./negotiation";
import type { OpenOffer } from "./offer";

function asDeadlineKind(text: string | null): DeadlineKind | null {
  return deadlineKinds.find((kind) => kind === text) ?? null;
}

export function dealOfRow(row: DealRow): Deal {
  return {
    ...row,
    shares: row.shares as FrozenShare[],
    deadlineKind: asDeadlineKind(row.deadlineKind),
  };
}

export function rightsOf(value: Prisma.JsonValue): Rights {
  return rightsSchema.parse(value);
}

/** Locks one deal for the rest of the transaction. Throws `not_found`. */
export async function lockDeal(tx: Tx, dealId: string): Promise<Deal> {
  await tx.$queryRaw`SELECT id FROM "Deal" WHERE id = ${dealId} FOR UPDATE`;
  const row = await tx.deal.findUnique({ where: { id: dealId } });
  if (!row) throw notFoundError("deal");
  return dealOfRow(row);
}

/** Locks one deal for one of its parties. Throws `not_found` for a stranger as for a deal that does not exist. */
export async function lockOwnDeal(
  tx: Tx,
  actor: Actor,
  dealId: string,
): Promise<{ deal: Deal; party: Party }> {
  const deal = await lockDeal(tx, dealId);
  return { deal, party: requireParty(deal, actor.accountId) };
}

/** Does something to a deal that is locked for one of its parties, all of it or nothing. Throws as `lockOwnDeal`. */
export async function onOwnDeal<T>(
  actor: Actor,
  dealId: string,
  work: (tx: Tx, own: { deal: Deal; party: Party }) => Promise<T>,
): Promise<T> {
  return inTransaction(async (tx) => work(tx, await lockOwnDeal(tx, actor, dealId)));
}

/** Writes a new negotiation state and starts its clock. */
export async function saveNegotiation(
  tx: Tx,
  deal: Deal,
  negotiation: NegotiationState,
  now: Date,
  changes: Prisma.DealUpdateInput = {},
): Promise<Deal> {
  return saveState(tx, deal, { negotiation }, now, changes);
}

/** Writes a new fulfilment state and starts its clock, in full also where a withdrawn dispute leads back to it. */
export async function saveFulfilment(tx: Tx, deal: Deal, facts: FulfilmentFacts, now: Date): Promise<Deal> {
  const disputants = [...facts.disputants];
  return saveState(tx, deal, { ...facts, disputants }, now, {});
}

async function saveState(
  tx: Tx,
  deal: Deal,
  state: Partial<FulfilmentFacts> & { negotiation?: NegotiationState; disputants?: Party[] },
  now: Date,
  changes: Prisma.DealUpdateInput,
): Promise<Deal> {
  const next = { ...deal, ...state };
  const deadline = deadlineOn(next.negotiation, next.fulfilment, now);
  const row = await tx.deal.update({
    where: { id: deal.id },
    data: {
      ...changes,
      ...state,
      deadlineKind: deadline?.kind ?? null,
      deadlineAt: deadline?.at ?? null,
      remindedAt: null,
      updatedAt: now,
    },
  });
  return dealOfRow(row);
}

/** Appends what happened. `actor` null: the platform did it. */
export async function appendEvent(
  tx: Tx,
  deal: Pick<Deal, "id">,
  event: NewDealEvent & { actorId: string | null; at: Date },
): Promise<void> {
  await tx.dealEvent.create({ data: { dealId: deal.id, ...event } });
}

export type RecordedEvent = DealEvent & { id: string; at: Date; actorId: string | null };

/** What happened, read from its row. */
export function dealEventOf(row: DealEventRow): RecordedEvent {
  const { id, at, actorId } = row;
  return { id: String(id), at, actorId, ...dealEventSchema.parse(row) };
}

/** Mails one side of a deal, with its address; the same key is sent once. */
export async function mailParty(
  tx: Tx,
  deal: Pick<Deal, "id" | "buyerId" | "sellerId">,
  party: Party,
  mail: { key: string; subject: string; text: string; afterSeconds?: number },
): Promise<void> {
  const accountId = party === "buyer" ? deal.buyerId : deal.sellerId;
  const key = `deal:${deal.id}:${mail.key}:${party}`;
  const text = `${mail.text}\n\n${env().APP_ORIGIN}/deals/${deal.id}\n`;
  await mailAccount(tx, accountId, key, { subject: mail.subject, text }, mail.afterSeconds);
}

/** The offer that waits for an answer, or null. */
export async function findOpenOffer(tx: Tx, dealId: string): Promise<OpenOffer | null> {
  const row = await tx.offer.findFirst({ where: { dealId, status: "open" } });
  return row && offerOfRow(row);
}

export function offerOfRow(row: OfferRow): OpenOffer {
  return {
    number: row.number,
    by: row.by,
    priceMinor: row.priceMinor,
    termMonths: row.termMonths,
    rights: rightsOf(row.rights),
    expiresAt: row.expiresAt,
  };
}

export async function closeOffer(
  tx: Tx,
  dealId: string,
  number: number,
  status: "countered" | "accepted" | "declined" | "expired",
): Promise<void> {
  await tx.offer.update({ where: { dealId_number: { dealId, number } }, data: { status } });
}

/** The contract both sign, checked against its digest. Throws `not_found` before there is one. */
export async function getContract(tx: Tx, dealId: string): Promise<SealedTerms & { parsed: ContractTerms }> {
  const row = await tx.contract.findUnique({ where: { dealId } });
  if (!row) throw new DomainError("not_found", "There is no contract yet.");
  return { terms: row.terms, termsSha256: row.termsSha256, parsed: readContract(row) };
}

const deliveredFilesSchema = contractFileSchema.extend({ storedFileId: z.string() }).array();

/** The files of a delivery, with the stored file of each. */
export function deliveredFilesOf(value: Prisma.JsonValue) {
  return deliveredFilesSchema.parse(value);
}

export type SplitProposal = { id: string; by: Party; buyerMinor: bigint };

/** The last split proposed since the deal came into its present state, or null. */
export async function findSplitProposal(
  tx: Tx | typeof db,
  deal: Pick<Deal, "id">,
): Promise<SplitProposal | null> {
  const row = await tx.dealEvent.findFirst({
    where: { dealId: deal.id, kind: "split_proposed" },
    orderBy: { id: "desc" },
  });
  if (!row) return null;
  const moved = await tx.dealEvent.count({
    where: {
      dealId: deal.id,
      id: { gt: row.id },
      kind: { notIn: ["downloaded", "reminded", "delivery_extended", "inspection_extended", "clock_moved"] },
    },
  });
  if (moved > 0) return null;
  const event = dealEventOf(row);
  if (event.kind !== "split_proposed") return null;
  const { by, buyerMinor } = event.details;
  return { id: event.id, by, buyerMinor: BigInt(buyerMinor) };
}

/** The events that decide whether a deletion is still to be confirmed, however many came since. */
export function listDeletionEvents(tx: Tx, dealId: string): Promise<{ kind: string }[]> {
  return tx.dealEvent.findMany({
    where: { dealId, kind: { in: ["deleted", "delivered"] } },
    select: { kind: true },
  });
}
