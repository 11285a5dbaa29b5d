import "server-only";
import { randomBytes } from "node:crypto";
import type { Actor } from "@/lib/accounts/actor";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { choosePaymentProvider, paymentReference } from "@/lib/ledger/payment-provider";
import type { Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { readInstallation } from "@/lib/platform/installation";
import { refuseUnless } from "@/lib/shared/domain-error";
import type { ContractTerms } from "@/lib/terms/contract";
import { sealTerms } from "@/lib/terms/contract";
import type { Deal } from "../deal";
import { deadlineOn } from "../deadline";
import type { NegotiationState } from "../negotiation";
import { dealOfRow } from "../records";
import type { ContractSubject } from "./contract-subject";

const DAY_MS = 86_400_000;

/** Throws unless this account may buy this: a confirmed address, and not one's own listing. */
export async function requireBuyer(tx: Tx, actor: Actor, subject: ContractSubject): Promise<void> {
  await requireVerified(actor, tx);
  refuseUnless(
    subject.listing.sellerId !== actor.accountId,
    "own_listing",
    "This is your own listing: you cannot buy from yourself.",
  );
}

/** The provider of this installation. Throws `no_payment_provider` when there is none and a price. */
export async function providerFor(tx: Tx, priceMinor: bigint): Promise<string> {
  const { isDemo } = await readInstallation(tx);
  const provider = choosePaymentProvider({
    isDemo,
    bankTransferDetails: env().BANK_TRANSFER_DETAILS,
  });
  refuseUnless(
    priceMinor === 0n || provider !== "none",
    "no_payment_provider",
    "No payment provider is set up here: only free licences can be closed.",
  );
  return provider;
}

/** One buyer's deals are opened one after another: 100 in a day, 30 of them with one seller, who is mailed of each. */
export async function requireRoomForDeal(
  tx: Tx,
  { buyerId, sellerId }: { buyerId: string; sellerId: string },
  now: Date,
): Promise<void> {
  await lockRoom(tx, buyerId, "deals");
  const opened = { buyerId, createdAt: { gt: new Date(now.getTime() - DAY_MS) } };
  const { dealsInDay, dealsWithSellerInDay } = limits;
  const all = `You have opened ${dealsInDay} deals within a day. Open the next one tomorrow.`;
  requireRoom(await tx.deal.count({ where: opened }), dealsInDay, all);
  const one = `You have opened ${dealsWithSellerInDay} deals with this seller within a day. Open the next one tomorrow.`;
  requireRoom(await tx.deal.count({ where: { ...opened, sellerId } }), dealsWithSellerInDay, one);
}

export type NewDeal = {
  dealId: string;
  buyerId: string;
  subject: ContractSubject;
  negotiation: NegotiationState;
  standingOfferId: string | null;
  agreed: { priceMinor: bigint; termMonths: number | null } | null;
  paymentProvider: string;
  now: Date;
};

export async function insertDeal(tx: Tx, input: NewDeal): Promise<Deal> {
  const { dealId, buyerId, subject, negotiation, standingOfferId, agreed, paymentProvider, now } = input;
  const deadline = deadlineOn(negotiation, "UNFUNDED", now);
  const row = await tx.deal.create({
    data: {
      id: dealId,
      requestKey: `${buyerId}:${dealId}`,
      listingId: subject.listing.id,
      versionId: subject.version.id,
      part: subject.part,
      sellerId: subject.listing.sellerId,
      buyerId,
      standingOfferId,
      negotiation,
      priceMinor: agreed?.priceMinor ?? null,
      termMonths: agreed?.termMonths ?? null,
      currency: subject.currency,
      feeBasisPoints: env().FEE_BASIS_POINTS,
      paymentProvider,
      paymentReference: paymentReference(randomBytes(8)),
      deadlineKind: deadline?.kind ?? null,
      deadlineAt: deadline?.at ?? null,
      createdAt: now,
      updatedAt: now,
    },
  });
  return dealOfRow(row);
}

/** Writes the terms down once; a trigger refuses every later change. Returns their digest. */
export async function insertContract(
  tx: Tx,
  dealId: string,
  terms: ContractTerms,
  now: Date,
): Promise<string> {
  const sealed = sealTerms(terms);
  await tx.contract.create({ data: { dealId, ...sealed, createdAt: now } });
  return sealed.termsSha256;
}

/**
 * Serialises the requests of one buyer for one deal id, so that sending a form twice at once opens one deal.
 * Released at the end of the transaction.
 */
export async function lockRequest(tx: Tx, dealId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`deal request ${dealId}`}, 0))::text`;
}
