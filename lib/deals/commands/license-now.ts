import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import {
  type ContractTerms,
  type StandingTerms,
  readStandingTerms,
  requireRepeatsStandingTerms,
  sealTerms,
} from "@/lib/terms/contract";
import { contractTerms } from "@/lib/terms/draw-contract";
import { appendEvent, lockOwnDeal, mailParty } from "../records";
import { requireSameRequest } from "../same-request";
import { type LicenseNowInput } from "../schemas";
import { type ContractSubject, getContractSubject, personOf, requireOneOff } from "./contract-subject";
import {
  insertContract,
  insertDeal,
  lockRequest,
  providerFor,
  requireBuyer,
  requireRoomForDeal,
} from "./open-deal";
import { placeSignature } from "./sign-contract";

/**
 * Takes the seller's standing offer: draws the contract, puts the seller's standing signature and the buyer's under
 * it, and leaves the deal waiting for its payment (a free one for its delivery). The digest in the form must be that
 * of the terms as they stand now. The same deal id sent twice opens one deal.
 */
export async function licenseNow(actor: Actor, input: LicenseNowInput): Promise<{ redirectTo: string }> {
  await inTransaction(async (tx) => {
    await lockRequest(tx, input.dealId);
    const earlier = await tx.deal.findUnique({ where: { id: input.dealId }, include: { contract: true } });
    if (earlier) return requireSameLicense(earlier, actor, input);
    const now = await currentTime(tx);
    const subject = await getContractSubject(tx, input.listingId, input.part);
    await requireBuyer(tx, actor, subject);
    await requireRoomForDeal(tx, { buyerId: actor.accountId, sellerId: subject.listing.sellerId }, now);
    const draft = await draftLicense(tx, actor, subject, input);
    refuseUnless(
      sealTerms(draft.terms).termsSha256 === input.termsSha256,
      "terms_changed",
      "The terms changed while you were reading. Reload the page and read them again.",
    );
    const deal = await insertDeal(tx, {
      dealId: input.dealId,
      buyerId: actor.accountId,
      subject,
      negotiation: "AGREED",
      standingOfferId: draft.standingOfferId,
      agreed: { priceMinor: subject.listPriceMinor, termMonths: subject.termMonths },
      paymentProvider: await providerFor(tx, subject.listPriceMinor),
      now,
    });
    await insertContract(tx, deal.id, draft.terms, now);
    await placeStandingSignature(tx, deal.id, draft.standingOfferId);
    await appendEvent(tx, deal, {
      kind: "agreed",
      actorId: actor.accountId,
      at: now,
      details: { standing: true },
    });
    const locked = await lockOwnDeal(tx, actor, deal.id);
    await placeSignature(tx, actor, { ...locked, now, envelope: input.envelope });
    await mailParty(tx, deal, "seller", {
      key: "licensed",
      subject: `${subject.listing.title} was licensed at list price`,
      text: "A buyer has taken your standing offer and signed. You need not do anything.",
    });
  });
  return { redirectTo: `/deals/${input.dealId}` };
}

export type LicenseDraft = { terms: ContractTerms; standingOfferId: string };

/**
 * The contract that `licenseNow` would write, for the page that shows it before. Throws `no_standing_offer` when the
 * seller has signed none and `standing_offer_differs` when the listing has changed since.
 */
export async function draftLicense(
  tx: Tx,
  actor: Actor,
  subject: ContractSubject,
  { dealId, salt }: { dealId: string; salt: string },
): Promise<LicenseDraft> {
  requireOneOff(subject);
  const standing = await tx.standingOffer.findFirst({
    where: { listingId: subject.listing.id, part: subject.part, withdrawnAt: null },
  });
  refuseUnless(
    standing && standing.versionId === subject.version.id,
    "no_standing_offer",
    "The seller has not signed a standing offer for this part. Make an offer instead.",
  );
  const signed: StandingTerms = readStandingTerms(standing);
  const terms = contractTerms({
    dealId,
    saltHex: salt,
    seller: signed.seller,
    buyer: await personOf(tx, actor.accountId),
    listing: subject.listing,
    version: subject.version,
    part: subject.part,
    files: subject.files,
    priceMinor: subject.listPriceMinor,
    currency: subject.currency,
    termMonths: subject.termMonths,
    rights: subject.rights,
    feeBasisPoints: env().FEE_BASIS_POINTS,
    basis: { standingTermsSha256: standing.termsSha256 },
  });
  requireRepeatsStandingTerms(terms, signed);
  return { terms, standingOfferId: standing.id };
}

type EarlierDeal = {
  buyerId: string;
  listingId: string;
  part: string;
  contract: { termsSha256: string } | null;
};

function requireSameLicense(earlier: EarlierDeal, actor: Actor, input: LicenseNowInput): void {
  if (earlier.buyerId !== actor.accountId) throw new DomainError("not_found", "This deal does not exist.");
  const { listingId, part, contract } = earlier;
  requireSameRequest(contract && { listingId, part, termsSha256: contract.termsSha256 }, {
    listingId: input.listingId,
    part: input.part,
    termsSha256: input.termsSha256,
  });
}

/** The seller signed once for every buyer; under this contract stands that signature, about the standing terms. */
async function placeStandingSignature(tx: Tx, dealId: string, standingOfferId: string): Promise<void> {
  const { sellerId, termsSha256, method, envelopeSha256, signedAt } =
    await tx.standingOffer.findUniqueOrThrow({
      where: { id: standingOfferId },
    });
  await tx.dealSignature.create({
    data: { dealId, party: "seller", accountId: sellerId, termsSha256, method, envelopeSha256, signedAt },
  });
}
