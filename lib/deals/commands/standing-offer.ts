import "server-only";
import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/accounts/actor";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { lockOwnListing } from "@/lib/catalogue/records";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type StandingTerms, sealTerms } from "@/lib/terms/contract";
import { standingTerms } from "@/lib/terms/draw-contract";
import type { SignStandingOfferInput, WithdrawStandingOfferInput } from "../schemas";
import { type ContractSubject, getContractSubject, personOf, requireOneOff } from "./contract-subject";
import { recordSignature } from "./record-signature";

const DAY_MS = 86_400_000;

/**
 * Signs the listed terms of one part once, for every buyer who takes them, in place of an earlier signature. The
 * digest must be that of the terms as they stand now. Signing the same terms again changes nothing.
 */
export async function signStandingOffer(
  actor: Actor,
  input: SignStandingOfferInput,
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    await lockOwnListing(tx, actor, input.listingId);
    await requireVerified(actor, tx);
    const subject = await getContractSubject(tx, input.listingId, input.part);
    const sealed = sealTerms(await draftStandingTerms(tx, actor, subject, input.salt));
    refuseUnless(
      sealed.termsSha256 === input.termsSha256,
      "terms_changed",
      "The listing changed while you were reading. Reload the page and read the terms again.",
    );
    const where = { listingId: input.listingId, part: input.part, withdrawnAt: null };
    const now = await currentTime(tx);
    if (await tx.standingOffer.findFirst({ where: { ...where, termsSha256: sealed.termsSha256 } })) return;
    const signed = await tx.standingOffer.count({
      where: {
        listingId: input.listingId,
        part: input.part,
        signedAt: { gt: new Date(now.getTime() - DAY_MS) },
      },
    });
    const most = limits.standingOffersOfPartInDay;
    requireRoom(
      signed,
      most,
      `You have signed ${most} standing offers for this part within a day. Sign the next one tomorrow.`,
    );
    await tx.standingOffer.updateMany({ where, data: { withdrawnAt: now } });
    const id = randomUUID();
    const facts = {
      record: "standing_offer" as const,
      // The salted digest names the offer, so that a device can sign before the row exists.
      subjectId: sealed.termsSha256,
      party: "seller" as const,
      termsSha256: sealed.termsSha256,
      modelDigest: subject.version.modelDigest,
      saltHex: input.salt,
    };
    const { method, envelopeSha256 } = await recordSignature(tx, actor, facts, input.envelope, now);
    await tx.standingOffer.create({
      data: {
        id,
        listingId: subject.listing.id,
        versionId: subject.version.id,
        part: subject.part,
        sellerId: actor.accountId,
        priceMinor: subject.listPriceMinor,
        currency: subject.currency,
        termMonths: subject.termMonths,
        ...sealed,
        method,
        envelopeSha256,
        signedAt: now,
      },
    });
  });
  return { message: "Signed. Buyers can license this part at its list price without waiting for you." };
}

/** The terms that `signStandingOffer` would sign, for the page that shows them before. */
export async function draftStandingTerms(
  tx: Tx,
  actor: Actor,
  subject: ContractSubject,
  saltHex: string,
): Promise<StandingTerms> {
  return standingTermsOf(subject, await personOf(tx, actor.accountId), saltHex);
}

/** The same for a seller whose name is known. Throws `priced_by_calls`. */
export function standingTermsOf(
  subject: ContractSubject,
  seller: StandingTerms["seller"],
  saltHex: string,
): StandingTerms {
  requireOneOff(subject);
  return standingTerms({ ...subject, saltHex, seller, priceMinor: subject.listPriceMinor });
}

/** Takes the standing offer of one part back; deals already made go on. */
export async function withdrawStandingOffer(
  actor: Actor,
  input: WithdrawStandingOfferInput,
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    await lockOwnListing(tx, actor, input.listingId);
    await tx.standingOffer.updateMany({
      where: { listingId: input.listingId, part: input.part, withdrawnAt: null },
      data: { withdrawnAt: await currentTime(tx) },
    });
  });
  return { message: "Withdrawn. Buyers can still make you offers." };
}
